"""What the operator does from a terminal."""

import pytest

from db import audit, ballots, handovers, members, neighborhoods, people, phases, search, tallies
from db.people import User
from tests import make

PASSWORD = "a long enough password"


@pytest.fixture
def run(app, cast):
    """`run("open", "lanting", "兰亭")` gives (exit code, what was said)."""

    def command(*words):
        said = app.test_cli_runner().invoke(args=["linli", *words])
        return said.exit_code, said.output

    return command


def test_a_neighborhood_opens_with_a_door(run, web):
    code, said = run("open", "lanting", "兰亭")
    assert code == 0 and "/n/lanting/" in said and "/q/" in said
    assert web.guest().get("/n/lanting/").status_code == 200
    code, said = run("open", "lanting", "兰亭")
    assert code == 1 and "已经有小区在用" in said


def test_a_host_is_appointed_and_signs_in(run, cast, web):
    code, said = run("appoint", "yangguangli", "小顾", "13912345678", "--password", PASSWORD)
    assert code == 0, said
    user = people.check_password("13912345678", PASSWORD)
    assert members.of(user, cast.yangguangli).is_host
    assert web.as_(user).get("/n/yangguangli/desk/").status_code == 200


@pytest.mark.parametrize(("role", "page"), [("hq", "/hq/"), ("district", "/district/")])
def test_an_office_is_given_to_somebody_new_or_known(run, cast, web, role, page):
    people.bind_phone(cast.zhao.user, "13800000001")
    for name, phone in (("新人", "13800000002"), ("赵敏", "13800000001")):
        assert run("appoint", "cuihu", name, phone, "--role", role, "--password", PASSWORD)[0] == 0
        answer = web.as_(people.by_phone(phone)).get(page)
        assert answer.status_code == 200 and "翠湖花园" in answer.get_data(as_text=True)
    assert User.get_by_id(cast.zhao.user_id).staff == role
    assert "命令行任命" in audit.latest()[0].reason


def test_an_open_place_has_somebody_from_its_first_moment(run, cast):
    assert run("open", "lanting", "兰亭")[0] == 0
    lanting = neighborhoods.by_slug("lanting")
    assert members.of(cast.lin, lanting).role == "acting_host"
    assert run("appoint", "lanting", "小顾", "13912345678", "--password", PASSWORD)[0] == 0
    assert members.of(cast.lin, lanting) is None and not handovers.vacant()[1:]  # 阳光里 waits for the clock
    assert run("appoint", "cuihu", "孙片区", "13800000003", "--role", "district", "--password", PASSWORD)[0] == 0
    assert not handovers.vacant()


def test_a_bad_password_or_an_unknown_place_is_said(run):
    assert run("appoint", "cuihu", "小顾", "13912345678", "--password", "short")[0] == 1
    assert run("appoint", "nowhere", "小顾", "13912345678", "--password", PASSWORD)[0] == 1


def test_a_neighborhood_is_closed_with_a_reason_everybody_reads(run, cast, web):
    assert run("status", "cuihu", "readonly")[0] == 1
    assert run("status", "cuihu", "readonly", "--reason", "小区改造，暂停一周")[0] == 0
    page = web.as_(cast.wang).get("/n/cuihu/").get_data(as_text=True)
    assert "小区改造，暂停一周" in page
    assert web.as_(cast.wang).post("/n/cuihu/posts", {"body": "还能说话吗"}).status_code == 409
    assert audit.latest(cast.cuihu)[0].action == "set status"
    assert run("status", "cuihu", "open")[0] == 0
    assert neighborhoods.by_slug("cuihu").open


def test_migrating_twice_changes_nothing(run):
    assert run("migrate") == (0, "  database is up to date\n")


def test_the_search_index_is_made_again_from_what_is_there(app, cast, now):
    post = make.post(cast.zhao, now, "找得到的樱花")
    search.drop("post", post.id)
    said = app.test_cli_runner().invoke(args=["search", "reindex"])
    assert said.exit_code == 0 and "100 %" in said.output
    assert len(search.find(cast.cuihu, None, "樱花", now).hits) == 1


def test_the_book_of_points_is_recounted(run, cast, now):
    assert run("points", "audit") == (0, "  every balance is the sum of its entries\n")
    members.Membership.update(points=7).where(members.Membership.id == cast.wang.id).execute()
    code, said = run("points", "audit")
    assert code == 1 and f"membership {cast.wang.id}: kept (points, held) (7, 0), counted (0, 0)" in said


def test_a_count_is_made_again_from_the_ballots(app, cast, now):
    contest, works = make.vote(cast.li, [cast.zhao, cast.wang], now)
    ballots.cast(contest, works[0], now, member=cast.li)
    recount = lambda: app.test_cli_runner().invoke(args=["contests", "recount", str(contest.id)])  # noqa: E731
    assert "not counted yet" in recount().output
    later = contest.voting_closes_at + tallies.WAITS
    phases.advance_due(later)
    tallies.settle_due(later)
    said = recount()
    assert said.exit_code == 0 and "members 1  visitors 0  paper 0  total 1  rank 1" in said.output and "agree" in said.output
    tallies.Tally.update(members=2).where(tallies.Tally.total == 1).execute()
    said = recount()
    assert said.exit_code == 1 and "do NOT agree" in said.output
