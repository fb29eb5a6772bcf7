"""传播记录: where a work went, under which name, and how it comes down again."""

import pytest

from db import farewells, hiding, members, merging, photos, picks, posts, privacy, releases, spreads
from db.audit import AuditLog
from db.base import Refused
from db.notices import Notice
from db.spreads import STATES, TRANSITIONS, Spread
from tests import make


@pytest.fixture
def pick(cast, now):
    return make.picked(cast.li, make.post(cast.zhao, now), now, "article", "poster", "showcase", credit="敏敏")


def again(pick):
    return picks.find(pick.neighborhood, pick.id)


def stage(spread):
    found = spreads.find(spread.pick.neighborhood, spread.id)
    return found.state, found.stage


def tasks(cast):
    return [spread.id for spread in spreads.to_take_down(cast.cuihu)]


def told(member, kind="review"):
    lines = Notice.select().where((Notice.user == member.user_id) & (Notice.kind == kind))
    return [line.sentence for line in lines.order_by(Notice.id)]


def test_a_record_says_where_and_under_which_name_and_its_author_hears_of_it(cast, pick, now):
    photo = make.photo(cast.li, now)
    spread = make.spread(cast.li, pick, now, photo_code=photo.code, credit="摄影：敏敏")
    assert (spread.channel_name, spread.went_on, spread.credit) == ("公众号", "2026-03-20", "摄影：敏敏")
    assert stage(spread) == ("out", "out")
    assert spread.screenshot_id == photo.id and photos.find(cast.cuihu, photo.code).audience == "owner"
    assert "公众号" in told(cast.zhao)[-1] and "摄影：敏敏" in told(cast.zhao)[-1]
    assert AuditLog.select().where(AuditLog.action == "note spread").get().subject_id == cast.zhao.user_id


@pytest.mark.parametrize("how", ["asked", "refused", "withdrawn", "other way", "hidden"])
def test_without_consent_nothing_is_recorded(cast, now, how):
    ways = ["poster"] if how in {"withdrawn", "other way", "hidden"} else []
    pick = make.picked(cast.li, make.post(cast.zhao, now), now, *ways)
    if how in {"refused", "withdrawn"}:
        releases.answer(pick, how, now)
    if how == "hidden":
        hiding.hide(posts.find(cast.cuihu, pick.object_id), cast.li.user, now, "先收起来看看")
    with make.refused("no-release"):
        make.spread(cast.li, again(pick), now, channel="poster" if how == "hidden" else "article", credit="赵敏")
    with make.refused("no-release"):  # the form was opened while she still agreed
        make.spread(cast.li, pick, now, channel="poster" if how == "hidden" else "article", credit="赵敏")
    assert Spread.select().count() == 0


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"channel": "showcase"}, "channel"), ({"channel": ""}, "channel"), ({"url": ""}, "url"),
        ({"url": "javascript:x"}, "url"), ({"url": "mp.weixin.qq.com/s/a"}, "url"), ({"url": "http://"}, "url"),
        ({"url": "http://["}, "url"), ({"url": "https://a.example/" + "x" * 300}, "url"), ({"went_on": ""}, "went_on"),
        ({"went_on": "2026-03-21"}, "went_on"), ({"went_on": "2026-03-19"}, "went_on"), ({"went_on": "0001-01-01"}, "went_on"),
        ({"credit": ""}, "credit"), ({"credit": "某邻居"}, "credit"), ({"credit": "敏敏" + "长" * 40}, "credit"),
    ],
)  # fmt: skip
def test_a_bad_record_is_refused_beside_its_field(cast, pick, now, change, field):
    with pytest.raises(Refused) as met:
        make.spread(cast.li, pick, now, **change)
    assert (met.value.status, met.value.field, Spread.select().count()) == (422, field, 0)


def test_a_poster_needs_no_address_and_the_same_form_is_one_record(cast, pick, now):
    told = {"channel": "poster", "went_on": "2026-03-20", "credit": "敏敏"}
    made = make.at_once(6, lambda _: spreads.note(pick, cast.li, now, op_id="spread000001", **told).id)
    assert len(set(made)) == 1 == Spread.select().count()


def test_the_database_knows_no_record_without_a_name(cast, pick, now):
    spread = make.spread(cast.li, pick, now)
    with pytest.raises(spreads.IntegrityError), spreads.writing():
        Spread.update(credit="").where(Spread.id == spread.id).execute()


def test_her_consent_taken_back_is_a_task_until_the_host_has_done_it(cast, pick, now):
    photo = make.photo(cast.li, now)
    article, poster = make.spread(cast.li, pick, now, photo_code=photo.code), make.spread(cast.li, pick, now, channel="poster")
    releases.answer(again(pick), "given", now, ways=["poster"], credit="敏敏")  # no longer the article
    assert stage(article) == ("asked", "asked") and stage(poster) == ("out", "out") and tasks(cast) == [article.id]
    releases.answer(again(pick), "withdrawn", now)
    assert tasks(cast) == [article.id, poster.id] and spreads.count_to_take_down(cast.cuihu) == 2
    assert any("撤下来" in sentence for sentence in told(cast.li, "desk"))
    releases.answer(again(pick), "given", now, ways=["poster"], credit="敏敏")  # after all
    assert stage(poster) == ("out", "out") and tasks(cast) == [article.id]
    spreads.take_down(spreads.find(cast.cuihu, article.id), cast.li, now)
    assert stage(article) == ("down", "down") and tasks(cast) == [] and Spread.get_by_id(article.id).down_at == now
    assert photos.find(cast.cuihu, photo.code) is None and "撤下来了" in told(cast.zhao)[-1]
    releases.answer(again(pick), "given", now, ways=["article"], credit="敏敏")
    assert stage(article)[0] == "down"


@pytest.mark.parametrize("how", ["hidden", "withdrawn"])
def test_a_work_that_is_gone_has_to_come_down_at_once_and_the_clock_tells_the_host(cast, pick, now, how):
    spread, post = make.spread(cast.li, pick, now), posts.find(cast.cuihu, pick.object_id)
    if how == "hidden":
        hiding.hide(post, cast.li.user, now, "先收起来看看")
    else:
        posts.withdraw(post, cast.zhao, now)
    assert stage(spread) == ("out", "asked") and tasks(cast) == [spread.id]
    assert (spreads.settle_due(now), spreads.settle_due(now)) == (1, 0)
    assert stage(spread) == ("asked", "asked") and [line for line in told(cast.li, "desk") if "撤下来" in line]
    if how == "hidden":
        hiding.restore(posts.find(cast.cuihu, post.id), cast.li.user, now)
        assert spreads.settle_due(now) == 1 and stage(spread) == ("out", "out") and tasks(cast) == []


def test_whoever_is_no_neighbour_any_more_could_not_take_it_back_so_it_comes_down(cast, pick, now):
    spread = make.spread(cast.li, pick, now)
    members.remove(make.again(cast.zhao), cast.li, now, "说过好几次了")
    assert picks.shown(cast.cuihu, pick.id, "showcase") is None and stage(spread)[1] == "asked" and tasks(cast) == [spread.id]
    members.readmit(members.find_sent_out(cast.cuihu, cast.zhao.id), cast.li, now)
    assert picks.shown(cast.cuihu, pick.id, "showcase") and stage(spread)[1] == "out"


def test_every_arrow_of_a_record_is_walked_and_no_other(cast, pick, now):
    spread = make.spread(cast.li, pick, now)
    for source in STATES:
        for target in STATES:
            Spread.update(state=source).where(Spread.id == spread.id).execute()
            picks.Pick.update(release="withdrawn" if target == "asked" else "given").where(picks.Pick.id == pick.id).execute()
            if target != "down":
                spreads.settle_due(now)
            elif (source, target) in TRANSITIONS:
                spreads.take_down(spreads.find(cast.cuihu, spread.id), cast.li, now)
            else:
                with make.refused("moved-on"):
                    spreads.take_down(spreads.find(cast.cuihu, spread.id), cast.li, now)
            assert (stage(spread)[0] == target) is (source == target or (source, target) in TRANSITIONS)


def test_two_clocks_and_a_host_do_it_once(cast, pick, now):
    spread = make.spread(cast.li, pick, now)
    posts.withdraw(posts.find(cast.cuihu, pick.object_id), cast.zhao, now)
    row = spreads.find(cast.cuihu, spread.id)
    make.at_once(4, lambda number: spreads.settle_due(now) if number % 2 else spreads.take_down(row, cast.li, now))
    assert Spread.get().state == "down" and AuditLog.select().where(AuditLog.action == "take down spread").count() == 1


def test_the_figures_are_counted_from_the_rows(cast, pick, now):
    make.spread(cast.li, pick, now)
    make.picked(cast.li, make.post(cast.zhao, now), now)
    off = make.picked(cast.li, make.post(cast.zhao, now), now)
    picks.unpick("post", posts.find(cast.cuihu, off.object_id), cast.li, now)
    assert spreads.figures(cast.cuihu, now) == (2, 1, 1, 1)
    assert spreads.figures(cast.yangguangli, now) == spreads.figures(cast.cuihu, now.replace(month=5)) == (0, 0, 0, 0)


@pytest.mark.parametrize("words", ["keep", "delete"])
def test_when_she_is_forgotten_her_works_come_down_and_her_name_is_nowhere(cast, pick, now, words):
    photo = make.photo(cast.li, now)
    spread = make.spread(cast.li, pick, now, photo_code=photo.code)
    farewells.ask(cast.zhao.user, now, traces=words, confirm="赵敏", op_id="farewell01")
    privacy.erase_due(now.replace(day=28))
    gone, row = again(pick), spreads.find(cast.cuihu, spread.id)
    assert (gone.release, gone.ways, gone.credit, gone.reason) == ("withdrawn", "", "", "")
    assert (row.state, row.screenshot_id) == ("asked", None) and row.url and "敏敏" not in row.credit
    assert tasks(cast) == [spread.id] and photos.find(cast.cuihu, photo.code) is None
    assert picks.shown(cast.cuihu, pick.id, "showcase") is None


def test_two_memberships_become_one_and_keep_it_all(cast, pick, now):
    was_host = make.neighbor(cast.cuihu, "做过主理人的", now)
    members.appoint(was_host, "host", None, now, "测试任命主理人")
    spread = make.spread(make.again(was_host), pick, now)
    members.appoint(make.again(was_host), "resident", None, now, "测试交接出去")
    for source in (cast.zhao, was_host):
        merging.merge(source.user, cast.wang.user, cast.lin, now, "同一个人，当面确认")
    assert again(pick).author_id == cast.wang.id == Spread.get_by_id(spread.id).noted_by_id
    assert picks.find_mine(cast.wang, pick.id) and picks.find_mine(cast.chen, pick.id) is None
