"""Makes passwords that a child can read, say and type: three short words and two digits, 30 bits.

They are drawn by the system's generator, kept as argon2id, and guesses are limited: NIST SP 800-63B asks six random
digits of such passwords (20 bits).
"""

from __future__ import annotations

import secrets
from typing import Final

# 256 words of three to seven letters, none that hurts.
_TEXT: Final = """
    acorn actor alarm album angle apple april apron arrow atlas bacon badge bagel baker balm banjo barn basil beach
    beam bean bear bell bench berry bike bird blue boat book boot bowl box brave bread brick brook brush bunny cabin
    cactus cake calm camel camp candy canoe cape card cargo carol cart cedar chair chalk cherry chess chief chin city
    clam clay clock cloud clown coach coast cocoa comet comic coral corn couch crane cream crisp crow cube cup curl
    daisy dance dawn deer delta desk dingo dish dock dodo dolphin door dove dragon dream drum duck eagle earth easel
    echo elbow elf elk ember fable fair farm fawn fern ferry field film finch flag flame flute foam forest fork fox
    frog frost fruit garden gecko giant ginger globe glove goat gold goose grape grass green guitar gull hammer
    harbor harp hat hazel helmet hero hill hippo honey horn horse house igloo ink iris island ivory jacket jaguar
    jam jelly jewel judge juice jungle kayak kettle key king kite kitten kiwi koala ladder lake lamp lark lava leaf
    lemon light lily lime lion lizard llama lobster lotus lucky lunch magic mango maple march marble meadow melon
    milk mint moon moose mouse music nest night noble north nut oak oasis ocean olive onion opal orange orbit otter
    owl paint panda paper parrot peach pearl pencil piano pilot pine planet plum polar pond pony poppy prince
    puffin puzzle queen quilt rabbit radio rain raven reef river robin rocket rose ruby sail salt sand scarf
    seal seed shell ship
"""
WORDS: Final = tuple(_TEXT.split())
_DIGITS: Final = "23456789"


def new_password() -> str:
    """Return a new password, for example `otter-lemon-kite-47`."""
    words = "-".join(secrets.choice(WORDS) for _ in range(3))
    return f"{words}-{secrets.choice(_DIGITS)}{secrets.choice(_DIGITS)}"
