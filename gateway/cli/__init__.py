"""The `schoolgate` command: thin calls to the same services that the web pages use."""


def main() -> None: ...
