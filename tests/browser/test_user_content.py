"""Whatever a person types stays words: nothing of it runs, loads or asks in anybody's browser."""

import secrets

import pytest
from playwright.sync_api import expect

from db import comments, hosts, members, people, posts, topics
from tests import make
from tests.browser import pages

EVIL = (
    "<script>hacked=1</script><img src=/hacked onerror='hacked=2'>"
    '<b hx-get="/hacked" hx-trigger="load">粗</b>"\'><svg onload=hacked=3>'
)
SHORT = "<b hx-get=/h"
LINK = 'javascript:hacked=4 https://e.org/"onmouseover=hacked=5 data:text/html,<script>hacked=6</script>'


@pytest.fixture
def hostile(lively, cast, now):
    """What is shown anywhere, written by somebody who means harm; past the rules, straight into the rows."""
    people.User.update(name=SHORT).execute()
    members.Membership.update(building=SHORT).execute()
    posts.Post.update(title=EVIL[:60], body=EVIL + LINK).where(posts.Post.state != "withdrawn").execute()
    posts.PostRevision.update(title=EVIL[:60], body=EVIL).execute()
    comments.Comment.update(body=EVIL + LINK).where(comments.Comment.state == "published").execute()
    topics.Topic.update(prompt=EVIL[:40], blurb=EVIL[:200]).execute()
    hosts.HostProfile.update(
        title=EVIL[:16], mission=EVIL[:80], greeting=EVIL[:120], story=EVIL + LINK, skills=EVIL[:60], hours=EVIL[:40]
    ).execute()
    hosts.SignedMission.update(text=EVIL[:80]).execute()
    return lively


@pytest.mark.parametrize("role", ["guest", "resident", "host", "hq"])
def test_nothing_of_what_people_typed_runs(phone, watch, cast, hostile, role):
    watch.allow(404, 403, 410, 422)
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
