"""推广占比 (R07, M9): counted over seven days, asked about at 30 %, and a promo in disguise is put where it belongs."""

from datetime import timedelta

import pytest

from db import audit, living_room, mixes, posts, revisions
from db.notices import Notice
from db.posts import Post
from tests import make
from tests.make import refused


def week(cast, now, promos, talks, at=None):
    for number in range(promos):
        make.post(cast.li, at or now, kind="promo", title=f"橙子 {number}")
    for number in range(talks):
        make.post(cast.zhao, at or now, f"第 {number} 天的花")
    return mixes.of_week(cast.cuihu, now)


@pytest.mark.parametrize(
    ("promos", "talks", "percent", "level"),
    [
        (0, 4, 0, "fine"),
        (2, 5, 29, "fine"),
        (3, 7, 30, "much"),
        (3, 5, 38, "much"),
        (2, 2, 50, "too much"),
        (1, 0, 100, "too much"),
    ],
)
def test_the_ratio_and_what_it_means(cast, now, promos, talks, percent, level):
    mix = week(cast, now, promos, talks)
    assert (mix.percent, mix.level) == (percent, level)


def test_nothing_published_is_no_ratio(cast, now):
    assert mixes.of_week(cast.cuihu, now) is None
    week(cast, now, 1, 1, at=now - timedelta(days=8))
    make.post(cast.wang, now, "还在等着看")
    gone = make.post(cast.zhao, now, "收回了")
    posts.withdraw(gone, cast.zhao, now)
    assert mixes.of_week(cast.cuihu, now) is None and mixes.of_week(cast.yangguangli, now) is None


def publish(cast, now, op_id="one more form", member=None, **values):
    return mixes.publish(member or cast.li, now, op_id=op_id, kind="promo", title="再来一样", body="自己吃了三年", **values)


def test_one_more_promo_is_asked_about_with_the_figure(cast, now):
    week(cast, now, 3, 5)
    with refused("many-promos", 422) as met:
        publish(cast, now)
    assert met.value.field == "promo_ok" and "38%（3 ÷ 8）" in met.value.sentence
    post = publish(cast, now, promo_ok=True)
    assert post.is_promo and publish(cast, now).id == post.id  # the same form again is not asked again


def test_below_thirty_percent_nobody_is_asked(cast, now):
    week(cast, now, 2, 5)
    assert publish(cast, now).published
    with refused("host-only", 422):
        publish(cast, now, member=cast.zhao)


def test_a_promo_in_disguise_goes_where_it_belongs(cast, now):
    post = make.post(cast.zhao, now, "五斤装的橙子，私信我", kind="howto", title="怎么挑橙子")
    mixes.retag(posts.find(cast.cuihu, post.id), cast.li, now, "promo", "里面在卖东西")
    post = Post.get_by_id(post.id)
    assert (post.kind, post.is_promo) == ("promo", True)
    assert [each.id for each in living_room.feed(cast.cuihu, None, "promo").listed] == [post.id]
    assert "「团购」：里面在卖东西" in Notice.get(Notice.user == cast.zhao.user_id).sentence
    line = audit.latest(cast.cuihu)[0]
    assert (line.action, line.subject_id, line.reason) == ("retag", cast.zhao.user_id, "里面在卖东西") and "howto" in line.before
    revisions.edit(
        posts.find(cast.cuihu, post.id), cast.zhao, now, title="怎么挑橙子", body="去掉了卖货的话"
    )  # she may still mend it
    mixes.retag(posts.find(cast.cuihu, post.id), cast.li, now, "chat", "改好了，放回来")
    assert not Post.get_by_id(post.id).is_promo


@pytest.mark.parametrize(
    ("kind", "reason", "code"),
    [
        ("x", "里面在卖东西", "bad-kind"),
        ("howto", "像是干货", "bad-kind"),
        ("chat", "里面在卖东西", "same-kind"),
        ("promo", "卖", "reason-needed"),
    ],
)
def test_a_bad_kind_or_no_reason_changes_nothing(cast, now, kind, reason, code):
    post = make.post(cast.zhao, now)
    with refused(code, 422):
        mixes.retag(posts.find(cast.cuihu, post.id), cast.li, now, kind, reason)
    assert Post.get_by_id(post.id).kind == "chat"


def test_two_hosts_at_once_move_it_once(cast, now):
    post = posts.find(cast.cuihu, make.post(cast.zhao, now).id)
    answers = make.at_once(6, lambda n: mixes.retag(post, cast.li, now, "help" if n % 2 else "promo", "放到对的地方"))
    assert answers.count(None) == 1 and Notice.select().count() == 1
