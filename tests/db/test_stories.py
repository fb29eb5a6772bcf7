"""邻居故事: nothing is seen unless the person told about has agreed to these very words (R27)."""

from datetime import timedelta
from itertools import product

import pytest

from db import (
    albums,
    audit,
    consents,
    farewells,
    hiding,
    living_room,
    merging,
    photos,
    posts,
    privacy,
    reviews,
    revisions,
    stories,
)
from db.notices import Notice
from db.photos import Photo
from db.posts import Post, PostRevision
from db.stories import CONSENTS, TRANSITIONS, Story
from tests import make
from tests.make import at_once, refused


@pytest.fixture
def story(cast, now):
    """About 王阿姨, not asked yet."""
    return make.story(cast.li, now, subject=cast.wang)


def again(story):
    return stories.find(story.post.neighborhood, story.id)


def decide(story, answer, now):
    story = again(story)
    stories.decide(story, answer, now, seen=stories.print_of(story.post), by=story.subject_member and story.subject_member.user)


def bring_to(story, consent, cast, now):
    """Along the drawn arrows."""
    ways = {"draft": (), "asked": ("ask",), "refused": ("ask", "refused"), "given": ("ask", "given")}
    for step in ways.get(consent, ("ask", "given", "withdrawn")):
        stories.ask(again(story), cast.li, now) if step == "ask" else decide(story, step, now)
    assert again(story).consent == consent


def seen(cast):
    return [each.id for each in living_room.feed(cast.cuihu, None, "story").listed]


def test_it_is_a_draft_that_only_hosts_can_open(cast, now, story):
    post = story.post
    assert (post.state, post.kind, story.consent) == ("draft", "story", "draft") and seen(cast) == []
    assert [post.readable_by(each) for each in (None, cast.wang, cast.zhao, cast.li)] == [False, False, False, True]
    assert stories.about(cast.wang.user) == [] and Notice.select().count() == 0


def test_she_is_asked_agrees_and_it_is_published(cast, now, story):
    stories.ask(story, cast.li, now)
    assert [each.id for each in stories.about(cast.wang.user)] == [story.id] and seen(cast) == []
    assert "请您看一看" in Notice.get(Notice.user == cast.wang.user_id).sentence
    later = now + timedelta(hours=1)
    decide(story, "given", later)
    post = again(story).post
    assert (post.state, post.published_at, post.aside) == ("published", later, "王阿姨口述") and seen(cast) == [post.id]
    assert "王阿姨同意发布" in Notice.get(Notice.user == cast.li.user_id).sentence
    assert [line.action for line in audit.about(cast.wang.user)] == ["story given"]


def test_the_host_sees_how_many_were_told_lately(cast, now):
    told, asked = (make.story(cast.li, now, subject=cast.wang) for _ in range(2))
    for story in (told, asked):
        stories.ask(again(story), cast.li, now)
    decide(told, "given", now)
    assert stories.count_lately(cast.cuihu, now) == 1 and stories.count_lately(cast.yangguangli, now) == 0
    assert stories.count_lately(cast.cuihu, now + timedelta(days=31)) == 0
    decide(told, "withdrawn", now)
    assert stories.count_lately(cast.cuihu, now) == 0


@pytest.mark.parametrize(("source", "target"), list(product(CONSENTS, ("asked", "given", "refused", "withdrawn"))))
def test_every_drawn_arrow_works_and_every_other_is_refused(cast, now, story, source, target):
    bring_to(story, source, cast, now)

    def go():
        if target == "asked" and source == "given":
            stories.edit(again(story), cast.li, now, title="改了标题", body="改了正文")
        elif target == "asked":
            stories.ask(again(story), cast.li, now)
        else:
            decide(story, target, now)

    if (source, target) in TRANSITIONS:
        go()
        assert again(story).consent == target
    else:
        with refused("moved-on"):
            go()
        assert again(story).consent == source
    assert (again(story).post.state == "published") == (again(story).consent == "given") == bool(seen(cast))


def test_nobody_else_publishes_it(cast, now, story):
    """The host's other doors: approve, mend, restore, the plain form, editing past her."""
    for consent in ("draft", "asked"):
        if consent == "asked":
            stories.ask(again(story), cast.li, now)
        post = posts.find(cast.cuihu, story.post_id)
        for act in (
            lambda post=post: reviews.approve(post, cast.li, now),
            lambda post=post: reviews.mend(post, cast.li, now, title="别的", body="别的"),
            lambda post=post: hiding.restore(post, cast.li.user, now),
        ):
            with refused("moved-on"):
                act()
    with refused("bad-kind", 422):
        make.post(cast.li, now, kind="story", title="抢先发布")
    decide(story, "given", now)
    with refused("not-editable"):
        revisions.edit(posts.find(cast.cuihu, story.post_id), cast.li, now, title="偷偷改", body="偷偷改")
    assert Post.get_by_id(story.post_id).body == "那年我二十岁"


def test_withdrawn_it_is_hidden_at_once_pictures_too(cast, now):
    photo = make.photo(cast.li, now)
    story = make.story(cast.li, now, subject=cast.wang, photo_codes=[photo.code], consent=True)
    bring_to(story, "given", cast, now)
    reviews.pin(posts.find(cast.cuihu, story.post_id), cast.li, now, "大家都来看看")
    assert photos.visible_to(Photo.get_by_id(photo.id), None)
    version = cast.cuihu.version
    decide(story, "withdrawn", now)
    post = again(story).post
    assert (post.state, post.pinned_until) == ("draft", None) and seen(cast) == []
    assert not photos.visible_to(Photo.get_by_id(photo.id), None)
    assert not photos.visible_to(Photo.get_by_id(photo.id), cast.zhao)
    assert type(cast.cuihu).get_by_id(cast.cuihu.id).version > version


def test_consent_taken_back_while_hidden_cannot_be_restored_past_her(cast, now, story):
    bring_to(story, "given", cast, now)
    hiding.hide(posts.find(cast.cuihu, story.post_id), cast.li.user, now, "先放一放看看")
    decide(story, "withdrawn", now)
    with refused("moved-on"):
        hiding.restore(posts.find(cast.cuihu, story.post_id), cast.li.user, now)


def test_an_edit_after_yes_hides_it_until_she_agrees_again(cast, now, story):
    bring_to(story, "given", cast, now)
    first = again(story).post.published_at
    assert stories.edit(again(story), cast.li, now, title=story.post.title, body="那年我二十一岁")
    assert again(story).consent == "asked" and seen(cast) == []
    assert "请您再看一看" in Notice.get(Notice.user == cast.wang.user_id).sentence
    decide(story, "given", now + timedelta(days=1))
    assert again(story).post.published_at == first and seen(cast) == [story.post_id]
    assert PostRevision.select().count() == 0  # what she did not agree to is nobody's to read
    assert not stories.edit(again(story), cast.li, now, title=story.post.title, body="那年我二十一岁")
    assert again(story).consent == "given"


def test_changed_photos_are_an_edit_too(cast, now, story):
    bring_to(story, "given", cast, now)
    photo = make.photo(cast.li, now)
    how = {"title": story.post.title, "body": story.post.body, "photo_codes": [photo.code]}
    with refused("consent-needed", 422):
        stories.edit(again(story), cast.li, now, **how)
    stories.edit(again(story), cast.li, now, **how, consent=True)
    assert again(story).consent == "asked" and Photo.get_by_id(photo.id).audience == "owner"
    decide(story, "given", now)
    assert Photo.get_by_id(photo.id).audience == "public" and albums.codes_of(story.post) == [photo.code]


def test_yes_is_to_what_she_has_read(cast, now, story):
    stories.ask(story, cast.li, now)
    read = stories.print_of(story.post)
    stories.edit(again(story), cast.li, now, title=story.post.title, body="完全不一样的话")
    with refused("changed"):
        stories.decide(again(story), "given", now, seen=read, by=cast.wang.user)
    assert seen(cast) == []


def test_a_no_is_a_no(cast, now, story):
    bring_to(story, "refused", cast, now)
    with refused("closed"):
        stories.edit(again(story), cast.li, now, title="再试试", body="再试试")


def test_she_asks_for_another_wording(cast, now, story):
    with refused("moved-on"):
        stories.wish(story, "别写年份", now)
    stories.ask(story, cast.li, now)
    for odd in ("", " ", "长" * 501, "a\0b"):
        with refused("empty" if not odd.strip() else "too-long" if len(odd) > 99 else "bad-letters", 422):
            stories.wish(again(story), odd, now)
    stories.wish(again(story), "别写年份", now)
    assert again(story).wish == "别写年份" and "想请您改一改" in Notice.get(Notice.user == cast.li.user_id).sentence
    stories.edit(again(story), cast.li, now, title=story.post.title, body="有一年")
    assert (again(story).wish, again(story).consent) == ("", "asked")


def test_somebody_without_an_account_answers_by_a_link_to_this_story_alone(cast, now):
    story, other = (make.story(cast.li, now) for _ in range(2))
    with refused("no-account"):
        stories.ask(story, cast.li, now)
    first, second = stories.link_for(story, now), stories.link_for(again(story), now)
    assert again(story).consent == "asked" and again(other).consent == "draft"
    assert {stories.by_token(token.lower()).id for token in (first, second)} == {story.id}
    assert stories.by_token("A" * 24) is None and stories.by_token("") is None
    stories.decide(stories.by_token(first), "given", now, seen=stories.print_of(story.post))
    assert seen(cast) == [story.post_id]
    stories.decide(stories.by_token(second), "withdrawn", now)
    assert seen(cast) == [] and stories.by_token(first).consent == "withdrawn"


def test_a_neighbour_answers_for_herself(cast, now, story):
    with refused("has-account"):
        stories.link_for(story, now)
    stories.ask(story, cast.li, now)
    assert stories.find_about(cast.wang.user, story.id) and not stories.find_about(cast.zhao.user, story.id)


@pytest.mark.parametrize(
    ("values", "code", "field"),
    [
        ({"subject_name": " "}, "name-needed", "subject_name"),
        ({"subject_name": "名" * 13}, "too-long", "subject_name"),
        ({"title": ""}, "title-needed", "title"),
        ({"body": ""}, "empty", "body"),
        ({"body": "长" * 5001}, "too-long", "body"),
    ],
)
def test_what_is_no_story(cast, now, values, code, field):
    told = {"op_id": "storystory", "title": "标题", "body": "正文", "subject_name": "林师傅"}
    with refused(code, 422) as met:
        stories.write(cast.li, now, **(told | values))
    assert met.value.field == field and Story.select().count() == Post.select().count() == 0


def test_not_about_oneself_not_by_residents_and_once(cast, now):
    with refused("oneself", 422):
        make.story(cast.li, now, subject=make.again(cast.li))
    with refused("host-only", 422):
        make.story(cast.zhao, now, subject=cast.wang)
    told = at_once(6, lambda _: stories.write(cast.li, now, op_id="oneoneone", title="标", body="文", subject_name="林师傅").id)
    assert len(set(told)) == 1 and Story.select().count() == 1


def test_the_host_deletes_it_and_no_answer_brings_it_back(cast, now, story):
    stories.ask(story, cast.li, now)
    posts.withdraw(posts.find(cast.cuihu, story.post_id), cast.li, now)
    with refused("moved-on"):
        decide(story, "given", now)
    assert seen(cast) == [] and stories.listed(cast.cuihu) == []
    later = now + timedelta(days=31)
    posts.purge_due(later)
    assert stories.purge_due(later) == 1 and Story.select().count() == 0


def test_it_stays_about_her_when_two_accounts_become_one(cast, now):
    twin = make.neighbor(cast.cuihu, "王阿姨", now + timedelta(days=1))
    story = make.story(cast.li, now, subject=twin)
    stories.ask(story, cast.li, now)
    merging.merge(twin.user, cast.wang.user, cast.li.user, now, "同一个人，当面确认过")
    assert stories.find_about(cast.wang.user, story.id).id == story.id


def test_yes_and_an_edit_at_once_never_publish_what_she_has_not_read(cast, now, story):
    stories.ask(story, cast.li, now)
    read = stories.print_of(story.post)

    def act(number):
        if number % 2:
            return stories.decide(again(story), "given", now, seen=read, by=cast.wang.user)
        return stories.edit(again(story), cast.li, now, title="改", body=f"改了{number}")

    at_once(6, act)
    post = again(story).post
    assert post.state == "draft" or post.body == "那年我二十岁"


def test_what_she_agreed_to_stands_in_her_consent_log_until_it_is_changed(cast, now, story):
    def log():
        return [(each.what, each.withdrawn_at) for each in consents.of([cast.wang.user_id]) if each.what == "story"]

    bring_to(story, "given", cast, now)
    assert log() == [("story", None)]
    stories.edit(again(story), cast.li, now, title="改了", body="改了")
    assert log() == [("story", now)]
    decide(story, "given", now)
    decide(story, "withdrawn", now)
    assert log() == [("story", now)] * 2


def test_with_her_goes_what_was_written_down_about_her(cast, now):
    photo = make.photo(cast.li, now)
    story = make.story(cast.li, now, subject=cast.wang, title="王阿姨的早点摊", photo_codes=[photo.code], consent=True)
    bring_to(story, "given", cast, now)
    farewells.ask(cast.wang.user, now, traces="keep", confirm="王阿姨", op_id="farewell1")
    privacy.erase_due(now + farewells.SECOND_THOUGHT)
    post = Post.get_by_id(story.post_id)
    assert (post.state, post.title, post.body, post.aside) == ("purged", "", "", "") and seen(cast) == []
    assert Story.select().count() == 0 and not Photo.select().where(Photo.code == photo.code).exists()
