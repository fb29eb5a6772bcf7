"""精选: the mark, and who is told and asked."""

import pytest

from db import picks, posts, reviews, stories, works
from db.audit import AuditLog
from db.notices import Notice
from db.picks import Pick
from tests import make


def picked(cast, now, reason="拍得真好看", **values):
    post = make.post(cast.zhao, now, **values)
    return picks.pick("post", posts.find(cast.cuihu, post.id), cast.li, now, reason)


def told(member):
    return [line.sentence for line in Notice.select().where(Notice.user == member.user_id).order_by(Notice.id)]


def row(pick):
    return posts.find(pick.neighborhood, pick.object_id)


def test_the_author_is_told_why_and_asked_once(cast, now):
    pick = picked(cast, now)
    picks.pick("post", row(pick), cast.li, now, "再夸一次吧")
    assert (pick.release, pick.reason, pick.author_id) == ("asked", "拍得真好看", cast.zhao.id) and Pick.select().count() == 1
    (sentence,) = told(cast.zhao)
    assert "拍得真好看" in sentence and "外面" in sentence and row(pick).featured_at == now
    (line,) = AuditLog.select().where(AuditLog.action == "feature")
    assert (line.reason, line.actor_id, line.subject_id) == ("拍得真好看", cast.li.user_id, cast.zhao.user_id)


def test_picked_anew_she_is_told_and_not_asked_again(cast, now):
    pick = picked(cast, now)
    Pick.update(release="refused").where(Pick.id == pick.id).execute()
    picks.unpick("post", row(pick), cast.li, now)
    assert row(pick).featured_at is None and not picks.is_picked(pick)
    picks.pick("post", row(pick), cast.li, now, "夏天再看一遍")
    assert (Pick.get().release, Pick.get().reason) == ("refused", "夏天再看一遍") and "又把您的作品" in told(cast.zhao)[-1]


@pytest.mark.parametrize("reason", ["", "好看", "   ", "长" * 201])
def test_without_a_reason_nothing_is_picked(cast, now, reason):
    with make.refused("too-long" if len(reason) > 200 else "reason-needed", 422):
        picked(cast, now, reason)
    assert Pick.select().count() == 0 and posts.Post.get().featured_at is None


def test_what_is_gone_is_not_picked_and_nobody_is_asked(cast, now):
    post = posts.find(cast.cuihu, make.post(cast.zhao, now).id)
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    with make.refused("not-published"):
        picks.pick("post", post, cast.li, now, "拍得真好看")
    assert Pick.select().count() == 0 and told(cast.zhao) == []


def test_what_is_for_the_neighbours_alone_is_marked_and_never_goes_out(cast, now):
    assert picked(cast, now, visibility="neighborhood") is None
    assert posts.Post.get().featured_at == now and Pick.select().count() == 0


def test_of_a_story_the_neighbour_it_tells_about_is_asked(cast, now):
    for subject in (cast.wang, None):
        story = make.story(cast.li, now, subject=subject)
        stories.ask(story, cast.li, now) if subject else stories.link_for(story, now)
        stories.decide(stories.find(cast.cuihu, story.id), "given", now, seen=stories.print_of(story.post))
        picks.pick("post", posts.find(cast.cuihu, story.post_id), cast.li, now, "大家都该读读")
    assert [pick.author_id for pick in Pick.select()] == [cast.wang.id]


def test_photos_without_consent_are_not_offered(cast, now):
    codes = [make.photo(cast.zhao, now).code for _ in range(3)]
    pick = picked(cast, now, photo_codes=codes, consent=True)
    posts.Photo.update(consent=False).where(posts.Photo.code == codes[0]).execute()
    posts.Photo.update(audience="owner").where(posts.Photo.code == codes[1]).execute()
    assert [photo.code for photo in works.told([pick])[pick.id].photos] == codes[2:]


@pytest.mark.parametrize(
    ("body", "title"),
    [
        ("月季开了", "月季开了"),
        ("今早去菜场，荠菜终于上市了，嫩得掐出水来。回来洗了三遍", "今早去菜场，荠菜终于上市了，嫩得掐出水来"),
        ("长" * 30, "长" * 24 + "…"), ("好，" + "长" * 30, "好，" + "长" * 22 + "…"),
    ],
)  # fmt: skip
def test_what_has_no_title_is_called_by_its_first_words(cast, now, body, title):
    pick = picked(cast, now, body=body)
    assert works.told([pick])[pick.id][:2] == (title, False)


def test_many_hosts_at_once_make_one_pick(cast, now):
    post = make.post(cast.zhao, now)
    make.at_once(6, lambda _: picks.pick("post", posts.find(cast.cuihu, post.id), cast.li, now, "拍得真好看"))
    assert (Pick.select().count(), Notice.select().where(Notice.user == cast.zhao.user_id).count()) == (1, 1)
    assert AuditLog.select().where(AuditLog.action == "feature").count() == 1
    assert reviews.called(post) and posts.Post.get().version == 2
