"""Whatever a person types stays words: nothing of it runs, loads or asks in anybody's browser."""

import secrets

import pytest
from peewee import CharField, TextField, Value
from playwright.sync_api import expect

from db import people, posts
from db.belongings import BOOK
from tests import make
from tests.browser import pages

EVIL = (
    "<script>hacked=1</script><img src=/hacked onerror='hacked=2'>"
    '<b hx-get="/hacked" hx-trigger="load">粗</b>"\'><svg onload=hacked=3>'
)
SHORT = "<b hx-get=/h"
LINK = 'javascript:hacked=4 https://e.org/"onmouseover=hacked=5 data:text/html,<script>hacked=6</script>'


# Columns of letters that nobody types, or that would not lead to a page any more.
OURS = {
    "face", "code", "digest", "sha256", "colour", "file", "sealed", "key", "url", "answered_url", "collapsed_key", "twin_key",
    "phone", "token_hash", "code_hash", "op_id", "household", "path", "posts", "topics", "audience", "consent", "season", "state",
    "reason", "ways",
}  # fmt: skip
MACHINES = {
    "Digest", "Mailbox", "Limit", "OutboxMessage", "WecomHook",
    "SignInCode", "Export", "JobRun", "Heartbeat", "User", "Neighborhood", "Stamp",
}  # fmt: skip


def _letters(field, plain):
    return type(field) in {CharField, TextField} and not field.unique and field.name not in OURS | plain


def typed():
    """(table, {column: what somebody who means harm writes there}) for every column of words there is (db/belongings.py)."""
    for line in BOOK:
        fields = [field for field in line.table._meta.sorted_fields if _letters(field, set(line.plain.split()))]
        if fields and line.table.__name__ not in MACHINES:
            yield line.table, {field.name: _evil(line.table, field) for field in fields}


def _evil(table, field):
    """As much as the column takes; with the row's number where no two may say the same."""
    most, words = getattr(field, "max_length", None), EVIL + LINK
    alone = any(each[1] and field.name in each[0] for each in table._meta.indexes if isinstance(each, tuple))
    return Value(words[: most - 6]).concat(table.id.cast("TEXT")) if alone else words[:most]


@pytest.fixture
def hostile(lively, cast, now):
    """What is shown anywhere, written by somebody who means harm; past the rules, straight into the rows."""
    people.User.update(name=SHORT).execute()
    standing = posts.Post.state.not_in(("withdrawn", "purged"))
    for table, words in typed():
        said = table.update(**words)
        (said.where(standing) if table is posts.Post else said).execute()
    return lively


def test_every_table_of_words_is_tried():
    tried = {table.__name__ for table, _ in typed()}
    assert tried >= {"Post", "Comment", "Need", "Service", "Report", "Notice", "AidOffer", "HowtoStep", "Story", "Handover"}


@pytest.mark.parametrize("role", ["guest", "resident", "host", "hq"])
def test_nothing_of_what_people_typed_runs(phone, watch, cast, hostile, role):
    watch.allow(404, 403, 409, 410, 422)
    page = phone(make.again(pages.person(cast, role)) if role in ("resident", "host") else pages.person(cast, role))
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    for name, address, act in pages.ROLES[role](hostile):
        pages.go(page, address, act)
        assert page.evaluate("typeof hacked") == "undefined", name
        assert page.locator("[onerror], [onload], [onmouseover], a[href^=javascript], a[href^=data]").count() == 0, name
        assert page.locator("b[hx-get], main script, main svg:not(.icon):not([class])").count() == 0, name
    assert not [url for url in asked if url.endswith(("/hacked", "/h"))]


def test_it_is_shown_as_the_words_it_is(phone, cast, hostile):
    page = phone(make.again(cast.wang))
    page.goto(f"/n/cuihu/posts/{hostile.one.id}")
    expect(page.locator("article.whole .said")).to_contain_text("<script>hacked=1</script>")
    expect(page.locator(".comments .said").first).to_contain_text("onerror=")
    expect(page.locator("article.whole .by b")).to_have_text(SHORT)
    expect(page.locator("article.whole .said a").first).to_have_attribute("href", "https://e.org/")


def test_typed_by_hand_it_is_words_too(phone, cast):
    page = phone(cast.zhao)
    page.goto("/n/cuihu/posts/new?kind=meetup")
    page.locator("#title").fill(EVIL[:60])
    page.locator("#body").fill(EVIL)
    page.get_by_role("button", name="发出去").tap()
    expect(page.locator("article.whole .said")).to_contain_text("<script>hacked=1</script>")
    page.get_by_role("textbox", name="评论").fill(f"{secrets.token_hex(2)}{EVIL}")
    page.get_by_role("button", name="发送").tap()
    expect(page.locator(".comments .said")).to_contain_text("hx-trigger")
    assert page.evaluate("typeof hacked") == "undefined"
