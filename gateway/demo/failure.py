"""The one way in which a demo can't go on."""


class DemoFailed(Exception):
    """The demo can't start or go on; the text is one or two sentences that say what to do."""
