"""比赛 and its works over HTTP: everybody looks, neighbours send, the host makes, reads, gives time and calls off."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from db import ballots, contests, entries, phases, picks, points, reports, tallies
from db.contests import Contest
from db.entries import Entry
from tests import make
from tests.blueprints.answers import beside, is_whole, led_to, shown_the_door, toast, told_to_load, typed, words

ALL, NEW = "/n/cuihu/contests/", "/n/cuihu/desk/contests/new"
PLAN = {
    "op_id": "bisaibisai01", "preset": "photo", "title": "我眼中的春天", "rules": "拍一张小区里的春天", "prizes": "",
    "opens_at": "2026-03-20T12:00", "entries_close_at": "2026-03-28T21:00", "voting_opens_at": "2026-03-29T09:00",
    "voting_closes_at": "2026-04-01T21:00", "entries_each": "2", "choices": "1", "voters": "known", "visitors": "apart",
    "paper": "y",
}  # fmt: skip
SENT = {
    "op_id": "zuopinzuopin",
    "caption": "东门的玉兰",
    "spot": "东门",
    "signed": "小敏",
    "show_consent": "y",
    "print_consent": "y",
}
ACTS = ("approve", "return")


@pytest.fixture
def contest(cast, now):
    return make.contest(cast.li, now)


def page_of(contest):
    return f"{ALL}{contest.id}"


def work(entry):
    return f"{ALL}entries/{entry.id}"


def act(entry, what):
    return f"/n/cuihu/desk/entries/{entry.id}/{what}"


def again(entry):
    return entries.find(entry.neighborhood, entry.id)


# Reading


def test_everybody_reads_the_wall_and_nobody_a_draft(web, cast, contest, now):
    shown, waiting = make.entry(cast.zhao, contest, now, "<script>alert(1)</script>"), make.entry(cast.wang, contest, now, "雨后")
    draft = make.contest(cast.li, now, started=False, title="还没想好")
    page = web.guest().get(page_of(contest))
    assert is_whole(page) and "&lt;script&gt;alert" in words(page) and "雨后" not in words(page)
    assert web.guest().get(work(shown)).status_code == 200 and web.guest().get(work(waiting)).status_code == 404
    assert web.as_(cast.wang).get(work(waiting)).status_code == 200 == web.as_(cast.li).get(work(waiting)).status_code
    for stranger in (web.guest(), web.as_(cast.wang)):
        assert stranger.get(page_of(draft)).status_code == 404 and "还没想好" not in words(stranger.get(ALL))
    assert "还没想好" in words(web.as_(cast.li).get(ALL)) and "开始征集" in words(web.as_(cast.li).get(page_of(draft)))
    assert web.guest().get(f"/n/yangguangli/contests/{contest.id}").status_code == 404
    assert web.guest().get(f"/n/yangguangli/contests/entries/{shown.id}").status_code == 404


def test_every_way_leads_there(web, cast, contest, now):
    make.entry(cast.zhao, contest, now)
    guest, li = web.guest(), web.as_(cast.li)
    room = words(guest.get("/n/cuihu/"))
    assert f'href="{page_of(contest)}"' in room and "征集中" in room and "东门的玉兰" in room
    assert f'href="{ALL}"' in words(web.as_(cast.wang).get("/n/cuihu/me/")) and f'href="{ALL}"' in words(li.get("/n/cuihu/desk/"))
    assert f"{NEW}?preset=food" in words(li.get(ALL)) and NEW not in words(guest.get(ALL))
    assert "还没有办过比赛" in words(web.guest().get("/n/yangguangli/contests/"))


def test_a_wall_of_two_hundred_asks_the_database_no_more_than_one_of_ten(web, cast, contest, now, queries):
    guest = web.guest()

    def hang(many):
        Entry.delete().execute()
        for number in range(1, many + 1):
            photo = make.photos.Photo.create(
                code=make.secrets.token_hex(16), neighborhood=cast.cuihu, owner=cast.zhao, width=1600, height=1200,
                colour="#aabbcc", sha256="0", audience="public", used=True, created_at=now,
            )  # fmt: skip
            Entry.create(
                contest=contest, neighborhood=cast.cuihu, author=cast.zhao, photo=photo, no=number, place_no=number,
                caption=f"春天的第 {number} 个角落", signed="小敏", state="approved", op_id=f"{number}", created_at=now,
            )  # fmt: skip
        queries.clear()
        page = guest.get(page_of(contest))
        asked = len(queries)
        return asked, page

    few, _ = hang(10)
    many, page = hang(200)
    assert few == many <= 12 and words(page).count('class="work"') == 200
    assert words(page).count('loading="lazy"') >= 196 and "width=" in words(page)
    packed = guest.client.get(page_of(contest), headers={"Accept-Encoding": "br"})
    assert packed.headers["Content-Encoding"] == "br" and len(packed.data) < 60_000


# Making one


def test_a_host_makes_one_and_opens_it(web, cast):
    li = web.as_(cast.li)
    assert typed(li.get(f"{NEW}?preset=balcony"), "title") == "我家的阳台花园"
    for _ in range(2):
        answer = li.post(NEW, PLAN)
    contest = Contest.get()
    assert led_to(answer, page_of(contest)) and Contest.select().count() == 1 and contest.state == "draft"
    assert (contest.entries_each, contest.choices, contest.paper) == (2, 1, True)
    start = f"/n/cuihu/desk/contests/{contest.id}/start"
    assert led_to(li.post(start), page_of(contest)) and "开始征集了" in words(li.get(page_of(contest)))
    assert li.post(start).status_code == 409 and contests.find(cast.cuihu, contest.id).state == "collecting"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title": ""}, "title"),
        ({"title": "长" * 31}, "title"),
        ({"opens_at": "昨天"}, "opens_at"),
        ({"voting_closes_at": "1999-01-01T00:00"}, "voting_closes_at"),
        ({"entries_each": "1e309"}, "entries_each"),
        ({"entries_each": "０"}, "entries_each"),
        ({"choices": "-1"}, "choices"),
    ],
)
def test_a_plan_that_makes_no_sense_comes_back_as_it_was_typed(web, cast, wrong, field):
    answer = web.as_(cast.li).post(NEW, PLAN | wrong)
    assert answer.status_code == 422 and beside(answer, field) and not Contest.select().count()
    assert typed(answer, "prizes") == "" and "拍一张小区里的春天" in words(answer)


@pytest.mark.parametrize("person", ["guest", "wang", "zhou"])
@pytest.mark.parametrize("path", ["desk/contests/new", "desk/contests/{}/edit", "desk/contests/{}/manage"])
def test_the_desk_is_the_hosts(web, cast, contest, person, path):
    browser = web.guest() if person == "guest" else web.as_(getattr(cast, person))
    url = "/n/cuihu/" + path.format(contest.id)
    answer = browser.get(url)
    assert {
        "guest": shown_the_door(answer, "/signin", url),
        "wang": answer.status_code == 403,
        "zhou": answer.status_code == 404,
    }[person]


def test_words_are_mended_after_it_began(web, cast, contest):
    li, url = web.as_(cast.li), f"/n/cuihu/desk/contests/{contest.id}/edit"
    page = li.get(url)
    assert typed(page, "title") == "我眼中的春天" and "voting_opens_at" not in words(page)
    assert led_to(li.post(url, {"title": "春天在哪里", "rules": "", "prizes": "", "choices": "5"}), page_of(contest))
    mended = contests.find(cast.cuihu, contest.id)
    assert (mended.title, mended.choices) == ("春天在哪里", 1)


def test_more_time_and_calling_off_want_a_reason(web, cast, contest, now):
    li, url = web.as_(cast.li), f"/n/cuihu/desk/contests/{contest.id}/"
    later = (contest.entries_close_at + timedelta(days=2, hours=8)).strftime("%Y-%m-%dT%H:%M")
    answer = li.post(url + "postpone", {"until": later, "reason": "雨"})
    assert answer.status_code == 422 and beside(answer, "reason") and typed(answer, "until") == later
    answer = li.post(url + "postpone", {"until": "1999-01-01T00:00", "reason": "下了三天雨"})
    assert answer.status_code == 422 and beside(answer, "until")
    assert led_to(li.post(url + "postpone", {"until": later, "reason": "下了三天雨"}), page_of(contest))
    assert "下了三天雨" in words(web.guest().get(page_of(contest)))
    assert (
        li.post(url + "cancel", {"reason": ""}).status_code == 422 and contests.find(cast.cuihu, contest.id).state == "collecting"
    )
    assert led_to(li.post(url + "cancel", {"reason": "市集取消了"}), page_of(contest))
    assert (
        "市集取消了" in words(web.guest().get(page_of(contest)))
        and li.post(url + "cancel", {"reason": "市集取消了"}).status_code == 409
    )


# Sending a work


def picture():
    drawn = io.BytesIO()
    Image.new("RGB", (40, 30), "pink").save(drawn, "PNG")
    return drawn.getvalue()


def test_without_javascript_the_photo_comes_with_the_form(web, cast, contest):
    zhao, url = web.as_(cast.zhao), f"{page_of(contest)}/enter"
    shown = zhao.post(url, SENT | {"add": "1", "file": (io.BytesIO(picture()), "a.png")})
    assert is_whole(shown) and typed(shown, "caption") == "东门的玉兰" and 'name="photo" value="' in words(shown)
    code = words(shown).partition('name="photo" value="')[2][:32]
    answer = zhao.post(url, SENT | {"photo": code})
    entry = Entry.get()
    assert led_to(answer, work(entry)) and (entry.state, entry.signed, entry.print_consent) == ("approved", "小敏", True)
    assert led_to(zhao.post(url, SENT | {"photo": code}), work(entry)) and Entry.select().count() == 1


def test_what_is_missing_comes_back_with_all_that_was_there(web, cast, contest, now):
    zhao, url = web.as_(cast.zhao), f"{page_of(contest)}/enter"
    code = make.photo(cast.zhao, now).code
    for wrong, field in (({"caption": ""}, "caption"), ({"show_consent": ""}, "show_consent"), ({"spot": "长" * 31}, "spot")):
        answer = zhao.post(url, SENT | {"photo": code} | wrong)
        assert answer.status_code == 422 and beside(answer, field) and code in words(answer) and not Entry.select().count()
    answer = zhao.post(url, SENT)
    assert answer.status_code == 422 and "请选一张照片" in words(answer) and typed(answer, "caption") == "东门的玉兰"


def test_late_strangers_and_those_of_elsewhere(web, cast, contest, now):
    url = f"{page_of(contest)}/enter"
    assert shown_the_door(web.guest().get(url), "/n/cuihu/join", url)
    assert web.as_(cast.zhou).post(url, SENT).status_code == 404
    Contest.update(opens_at=now - timedelta(days=9), entries_close_at=now).where(Contest.id == contest.id).execute()
    answer = web.as_(cast.zhao).post(url, SENT | {"photo": make.photo(cast.zhao, now).code})
    assert answer.status_code == 409 and "截止" in words(answer) and not Entry.select().count()


def test_an_author_mends_a_returned_work_and_says_no_to_printing(web, cast, contest, now):
    entry, wang = make.entry(cast.wang, contest, now), web.as_(cast.wang)
    entries.give_back(entry, cast.li, now, "照片看不清，换一张更好")
    assert "照片看不清" in words(wang.get(work(entry))) and typed(wang.get(work(entry) + "/edit"), "caption") == "东门的玉兰"
    answer = wang.post(work(entry) + "/edit", {"caption": ""})
    assert answer.status_code == 422 and beside(answer, "caption")
    assert led_to(wang.post(work(entry) + "/edit", {"caption": "雨后的玉兰", "print_consent": "y"}), work(entry))
    assert (again(entry).state, again(entry).caption) == ("submitted", "雨后的玉兰")
    assert led_to(wang.post(work(entry) + "/print", {"state": "off"}), work(entry)) and not again(entry).print_consent
    for person in (cast.zhao, cast.li):
        assert web.as_(person).post(work(entry) + "/print", {"state": "on"}).status_code == (403 if person is cast.li else 404)


# The host reads them


def test_the_host_lets_in_and_gives_back_from_the_desk(web, cast, contest, now):
    first, second = (make.entry(cast.wang, contest, now, name) for name in ("玉兰", "樱花"))
    li = web.as_(cast.li)
    desk = words(li.get("/n/cuihu/desk/"))
    assert 'id="waiting-entry-' in desk and "玉兰" in desk and '<span class="count" id="left">2</span>' in desk
    assert led_to(li.post(act(first, "approve")), "/n/cuihu/desk/") and again(first).no == 1
    assert (
        toast(li.post(act(second, "return"), {"reason": "照片看不清，换一张更好"}, part=True))
        and again(second).state == "returned"
    )
    assert li.post(act(first, "approve")).status_code == 409
    third = make.entry(cast.chen, contest, now)
    answer = li.post(act(third, "return"), {"reason": ""})
    assert answer.status_code == 422 and beside(answer, "reason") and again(third).state == "submitted"


@pytest.mark.parametrize("what", ACTS)
def test_nobody_else_decides(web, cast, contest, now, what):
    entry = make.entry(cast.wang, contest, now)
    for person, status in ((cast.wang, 403), (cast.zhou, 404)):
        assert web.as_(person).post(act(entry, what), {"reason": "照片看不清楚"}).status_code == status
    assert shown_the_door(web.guest().post(act(entry, what)), "/signin", "/n/cuihu/")
    assert (
        told_to_load(web.guest().post(act(entry, what), part=True), "/signin?next=/n/cuihu/", 401)
        and again(entry).state == "submitted"
    )


# A work that goes, and one that somebody reports


def test_an_author_takes_her_work_back_and_a_host_takes_one_out(web, cast, contest, now):
    first, second = make.entry(cast.zhao, contest, now), make.entry(cast.chen, contest, now)
    entries.approve(second, cast.li, now)
    zhao, li = web.as_(cast.zhao), web.as_(cast.li)
    assert f"{work(first)}/withdraw" in words(zhao.get(work(first))) and "不能恢复" in words(zhao.get(work(first) + "/withdraw"))
    assert web.as_(cast.wang).post(work(first) + "/withdraw").status_code == 403
    assert led_to(zhao.post(work(first) + "/withdraw"), page_of(contest)) and again(first).state == "withdrawn"
    assert zhao.post(work(first) + "/withdraw").status_code == 404 and web.guest().get(work(first)).status_code == 404
    out = act(second, "disqualify")
    assert web.as_(cast.wang).post(out, {"reason": "不是自己拍的"}).status_code == 403
    answer = li.post(out, {"reason": ""})
    assert answer.status_code == 422 and beside(answer, "reason") and again(second).shown
    assert led_to(li.post(out, {"reason": "不是自己拍的照片"}), page_of(contest)) and again(second).state == "disqualified"
    assert "不是自己拍的照片" in words(web.as_(cast.chen).get(work(second)))


def test_a_childs_photo_is_out_of_sight_on_one_report_and_comes_back_or_goes(web, cast, contest, now):
    kept, gone = make.entry(cast.zhao, contest, now), make.entry(cast.zhao, contest, now)
    for entry in (kept, gone):
        told = {"why": "child", "words": "我家孩子"}
        assert web.as_(cast.wang).post(f"/n/cuihu/report/entry/{entry.id}", told).status_code == 303
        assert again(entry).veiled and again(entry).shown and "正在核实" in words(web.guest().get(work(entry)))
        assert again(entry).photo.audience == "owner"
    first, second = (each.id for each in reports.Report.select().order_by(reports.Report.id))
    li = web.as_(cast.li)
    assert li.post(f"/n/cuihu/desk/reports/{first}/dismiss", {"answer": "看过了，没有孩子"}).status_code == 303
    assert not again(kept).veiled and again(kept).photo.audience == "public"
    assert li.post(f"/n/cuihu/desk/reports/{second}/uphold", {"answer": "谢谢您，拿下来了"}).status_code == 303
    assert again(gone).state == "disqualified"


def test_a_result_is_the_hosts_first_and_then_everybodys_with_ties_side_by_side(web, cast, contest, now):
    for member in (cast.zhao, make.neighbor(cast.cuihu, "老周", now, trusted=True)):
        make.entry(member, contest, now)
    ended = {"entries_close_at": now, "voting_opens_at": now, "voting_closes_at": contest.voting_closes_at}
    Contest.update(opens_at=now - timedelta(days=9), **ended).where(Contest.id == contest.id).execute()
    phases.advance(contests.find(cast.cuihu, contest.id), now)
    for voter in (cast.wang, cast.chen):
        make.members.Membership.update(vouched_at=now).where(make.members.Membership.id == voter.id).execute()
    for voter, entry in zip((cast.wang, cast.chen), entries.on_the_wall(contest), strict=True):
        ballots.cast(contests.find(cast.cuihu, contest.id), entry, now, member=voter)
    over = contest.voting_closes_at + timedelta(hours=2)
    phases.advance(contests.find(cast.cuihu, contest.id), over)
    tallies.settle(contests.find(cast.cuihu, contest.id), over)
    assert "并列第 1" in words(web.as_(cast.li).get(page_of(contest))) and "并列第" not in words(
        web.guest().get(page_of(contest))
    )
    tallies.publish(contests.find(cast.cuihu, contest.id), cast.li, over, "两位并列，都来领相框")
    assert "得票最多：" in words(web.guest().get("/n/cuihu/")) and "看结果" in words(web.guest().get("/n/cuihu/"))
    page = words(web.guest().get(page_of(contest)))
    assert "并列第 1" in page and "两位并列，都来领相框" in page and f"{page_of(contest)}/receipts" in page
    assert points.earned_today(cast.zhao, "win", over) == 100


def test_a_decided_work_is_picked_and_with_her_yes_it_goes_outside(web, cast, now):
    contest, (entry, _) = make.vote(cast.li, [cast.zhao, cast.chen], now - timedelta(days=3, hours=2))
    li, pick = web.as_(cast.li), act(entry, "feature")
    assert li.post(pick, {"state": "on", "reason": "光线真好看"}).status_code == 409  # a host's word would sway the vote
    phases.advance(contest, now)
    tallies.settle(contests.find(cast.cuihu, contest.id), now)
    tallies.publish(contests.find(cast.cuihu, contest.id), cast.li, now, "谢谢大家来看展")
    answer = li.post(pick, {"state": "on", "reason": ""})
    assert answer.status_code == 422 and beside(answer, "reason")
    assert web.as_(cast.wang).post(pick, {"state": "on", "reason": "光线真好看"}).status_code == 403
    assert led_to(li.post(pick, {"state": "on", "reason": "光线真好看"}), work(entry))
    asked = picks.of("entry", entry.id)
    assert asked.author_id == cast.zhao.id and "东门的玉兰" not in words(web.guest().get("/n/cuihu/showcase"))
    yes = {"release": "given", "way": ["showcase", "poster"], "credit": "小敏"}
    assert web.as_(cast.zhao).post(f"/n/cuihu/picks/{asked.id}", yes).status_code == 303
    shown = words(web.guest().get(f"/n/cuihu/showcase/{asked.id}"))
    assert "东门的玉兰" in shown and "小敏" in shown and 'property="og:image"' in shown
    assert "小敏" in words(web.guest().get("/n/cuihu/showcase.atom"))
    entries.veil(again(entry), True, now)
    assert web.guest().get(f"/n/cuihu/showcase/{asked.id}").status_code == 404
