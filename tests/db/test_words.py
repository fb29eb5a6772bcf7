"""What people type is kept as they meant it, and nothing invisible slips in."""

import pytest

from db.words import clean_line, clean_text
from tests.make import refused


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  早上好  ", "早上好"),
        ("第一行\r\n第二行\r第三行", "第一行\n第二行\n第三行"),
        ("cafe\u0301", "café"),
        ("樱花🌸开了\t真的", "樱花🌸开了\t真的"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),  # text stays text; the template escapes it
        (None, ""),
    ],
)
def test_text_is_kept_in_one_form(typed, kept):
    assert clean_text(typed, 100, "body", "内容") == kept


def test_a_line_has_single_spaces():
    assert clean_line("  拿手菜 \n\u3000大家  晒 ", 20, "title", "标题") == "拿手菜 大家 晒"


@pytest.mark.parametrize("letter", ["\0", "\x07", "\x1b[31m", "\ud800"])
def test_control_letters_are_refused(letter):
    with refused("bad-letters", 422) as met:
        clean_text(f"你好{letter}", 100, "body", "内容")
    assert met.value.field == "body"


def test_the_longest_is_allowed_and_one_more_is_not():
    assert len(clean_text("好" * 40, 40, "body", "内容")) == 40
    with refused("too-long", 422) as met:
        clean_text("好" * 41, 40, "body", "内容")
    assert "40" in met.value.sentence
    assert "41" in met.value.sentence
