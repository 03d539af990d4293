"""Guides as pages: values are text, and what is to be copied has its button."""

from __future__ import annotations

from gateway.web.guides import draw


def test_a_value_alone_in_code_gets_a_button() -> None:
    assert draw("`{{x}}` and `else`", {"x": "https://a"}) == (
        '<p><span class="value"><code>https://a</code><button type="button" class="copy" hidden>Copy</button></span>'
        " and <code>else</code></p>\n"
    )


def test_a_block_keeps_its_lines_and_gets_a_button_if_it_is_filled() -> None:
    drawn = draw("1. x\n\n   ```\n   {{x}}\n   ```\n\n```\nplain\n```\n", {"x": "a\n<b>"})
    assert "<code>a\n&lt;b&gt;</code></pre><button" in drawn
    assert "<code>plain</code></pre></div>" in drawn


def test_a_value_is_text_whatever_it_holds() -> None:
    drawn = draw("Hello {{name}}, [link](https://a)", {"name": "**<script>** [x](y) `z`"})
    assert "Hello **&lt;script&gt;** [x](y) `z`, <a" in drawn


def test_html_in_a_guide_is_shown_not_run() -> None:
    assert "<script>" not in draw("<script>alert(1)</script>", {})


def test_tables_are_drawn() -> None:
    assert "<td>" in draw("| a |\n|---|\n| {{x}} |\n", {"x": "1"})
