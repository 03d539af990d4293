"""Guides are filled in whole or not at all."""

from __future__ import annotations

import pytest

from providers.contract import Misconfigured
from providers.kit.guide import fill_in, placeholders, read_steps


def test_placeholders_are_found_with_and_without_spaces() -> None:
    assert placeholders("{{login_url}} and {{ domain }} but not {this}") == {"login_url", "domain"}


def test_values_are_put_in() -> None:
    assert fill_in("a {{x}} b {{ x }}", {"x": "1"}) == "a 1 b 1"


def test_hole_is_refused() -> None:
    with pytest.raises(Misconfigured, match="asks for y"):
        fill_in("{{x}} {{y}}", {"x": "1"})


GUIDE = """# Connect Plum

Be its administrator.

## With one address

### 1. Copy

`{{registration_url}}`

```
# no heading
## nor this
```

### 2. Paste

There.

## By hand

### 1. Type

All.

## Try it

Open it.
"""


def test_guide_is_taken_apart_at_its_headings() -> None:
    guide = read_steps(GUIDE)
    assert (guide.title, guide.intro, guide.try_it) == ("Connect Plum", "Be its administrator.", "Open it.")
    assert [step.title for step in guide.ways["dynamic"]] == ["1. Copy", "2. Paste"]
    assert [step.title for step in guide.ways["manual"]] == ["1. Type"]


def test_a_fence_hides_headings() -> None:
    assert "# no heading\n## nor this" in read_steps(GUIDE).ways["dynamic"][0].text


def test_headings_that_mean_nothing_are_named() -> None:
    assert read_steps("# A\n\n## What else\n\n# B\n").others == ("B", "What else")


def test_a_text_without_headings_is_all_introduction() -> None:
    assert read_steps("words").intro == "words"


def test_a_value_of_several_lines_keeps_the_indentation() -> None:
    assert fill_in("1. x\n\n   {{x}}\n", {"x": "a\nb"}) == "1. x\n\n   a\n   b\n"
