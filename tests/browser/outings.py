"""Events in each phase, with people who come, wait and are there, for the pages to show."""

from datetime import timedelta

from db import (
    ambassadors,
    calendars,
    care_visits,
    checkins,
    event_days,
    event_photos,
    event_plans,
    events,
    feedbacks,
    live_questions,
    lives,
    markets,
    registrations,
    series,
    shifts,
    stamps,
    tastings,
)
from db.events import Event
from tests import envoys, make, stalls
from tests.browser import acts, scene

HOUR = timedelta(hours=1)


def moved(event, **values):
    """The same event at other times, as if time had passed."""
    Event.update(**values).where(Event.id == event.id).execute()
    return events.find(event.neighborhood, event.id)


def fill(here, cast, now):
    """`here` gets events that take people, are full, are on, are over, wait, were given back and called off."""
    li, zhao, wang, chen = cast.li, cast.zhao, cast.wang, cast.chen
    words = "东门集合，沿湖走一圈，八公里，走得慢的在前面。中午各自回家吃饭。"
    here.event = make.event(zhao, now, days=3, body=words, bring="水、帽子、好走的鞋", ages="8 岁以上")
    for member, party in ((wang, {"adults": 2, "children": 1, "ages": "6", "named": True}), (li, {"named": True}), (chen, {})):
        make.registered(member, here.event, now, **party)
    later = here.event.starts_at + HOUR
    event_days.reschedule(here.event, zhao, now, starts_at=later, ends_at=None, note="早上有雨，晚一个小时出发，多睡一会儿")
    title = "青团工作坊，从和面到上锅一步一步来"
    here.event_full = make.event(li, now, days=4, kind="workshop", title=title, capacity=2, fee_cents=2550)
    for member in (zhao, chen):
        row = make.registered(member, here.event_full, now)
    here.event_waiting = make.registered(wang, here.event_full, now).event
    here.event_offered = make.event(li, now, days=5, title="修自行车", capacity=1)
    row = make.registered(zhao, here.event_offered, now)
    make.registered(wang, here.event_offered, now)
    registrations.cancel(row, zhao, now)
    tasting = make.event(li, now, days=1, kind="tasting", title="春天的第一口", allergy="含花生、牛奶、麸质；有一道含蜂蜜")
    tastings.lay_table(tasting, li, now, "赣南脐橙\n老李家的米酒\n现磨豆浆")
    rows = [make.registered(member, tasting, now) for member in (wang, chen, zhao)]
    here.event_on = moved(tasting, starts_at=now - HOUR, ends_at=now + 2 * HOUR)
    checkins.by_host(here.event_on, rows[0], li, now)
    tastings.rate(make.again(wang), here.event_on, tastings.items(tasting)[0], now, face=3, words="真甜")
    charity = make.event(li, now, days=2, kind="charity", title="陪楼里的老人说说话")
    make.registered(wang, charity, now)
    times = {"starts_at": charity.starts_at, "ends_at": charity.ends_at}
    for role in ("陪聊天", "送水果"):
        shift = shifts.add(charity, li, now, role=role, wanted=2, **times)
    shifts.sign(wang, charity, shift, now)
    care_visits.add(charity, li, now, "张奶奶 2栋")
    here.event_charity = charity
    over = make.event(zhao, now, days=1, title="楼下的春天读书会", kind="workshop")
    row = make.registered(wang, over, now)
    here.event_over = moved(over, starts_at=now - HOUR / 2, ends_at=now + HOUR)
    checkins.by_host(here.event_over, row, zhao, now)
    event_photos.hang(wang, here.event_over, now, [scene.photo(wang, now, 70), scene.photo(wang, now, 110)], True)
    here.event_over = moved(over, starts_at=now - 30 * HOUR, ends_at=now - 28 * HOUR)
    event_days.recap(here.event_over, zhao, now, "来了十一位邻居，读了三首诗，喝了两壶茶。")
    off = make.event(zhao, now, title="放风筝")
    event_days.cancel(off, zhao, now, "风太大，湖边封路了")
    here.event_off = events.find(cast.cuihu, off.id)
    plan = event_plans.Plan(kind="gathering", title="天台上看星星", place="8栋楼顶", starts_at=now + 60 * HOUR, ends_at=None)
    here.event_mine = event_plans.create(make.again(wang), now, op_id="scenescene01", plan=plan)
    calendars.new_feed(wang.user, now)
    _market(here, cast, now)
    _lives(here, li, wang, cast.zhao, now)
    _feedback(here, cast, now)
    _ambassadors(here, cast, now)


def _market(here, cast, now):
    """A market that is on, with a map, a queue, somebody who asks for a stamp, and a full card."""
    li, wang = cast.li, cast.wang
    here.market = event = stalls.market(li, now)
    told = (("产品体验区", "赵敏的酵素"), ("产品体验区", "赣南脐橙"), ("亲子游戏区", "捏泥人"), ("分享角", "阳台种菜一百天"))
    here.booth, *others = (stalls.booth(event, li, now, name, zone, words="慢慢看，坐下来聊聊") for zone, name in told)
    markets.tell_state(here.booth, li, now, queue=6, stock=12)
    for half, title in enumerate(("开市，敲锣", "剪纸，人人能做", "孩子们唱歌")):
        markets.add_item(event, li, now, starts_at=event.starts_at + half * HOUR / 2, title=title)
    markets.plan_card(event, li, now, wanted=3, prize="一盆薄荷", prizes=40)
    markets.draw_map(event, li, now, scene.photo(li, now, 140))
    stalls.stamped(others[0], wang, now)
    for each in others:
        stalls.stamped(each, cast.zhao, now)
    stamps.ask(here.booth, now, member=cast.chen, device="a device")
    stamps.ask(here.booth, now, device="another")


def _ambassadors(here, cast, now):
    """A call with one who said yes, one in line, and one who has not answered."""
    here.called = envoys.called(cast.li, [cast.zhao, cast.wang, cast.chen], now, quota=1)
    for member in (cast.zhao, cast.wang):
        ambassadors.answer(here.called, member, True, now, named=True)
    here.asked = envoys.called(cast.li, [cast.wang], now)
    here.accepted = envoys.called(cast.li, [cast.wang], now)
    ambassadors.answer(here.accepted, cast.wang, True, now)


def _feedback(here, cast, now):
    """Neighbours and a guest say how the tasting is, and what they would like to do."""
    for member, face, words in ((cast.chen, 3, "第一次见到楼上的邻居，下回还来"), (cast.zhao, 2, "")):
        feedbacks.say(here.event_on, now, member=member, device="said", face=face, words=words, wants=["夜跑", "读书会"])
    feedbacks.say(here.event_on, now, device="passing by", face=1, words="人有点多")


def _lives(here, li, wang, zhao, now):
    """A live room before, while and after it is on, and a 市集 that comes every quarter."""
    rooms = [make.event(li, now, days=day, kind="live", title="阳台上种绣球", place="", capacity=500) for day in (3, 1, 1)]
    told = {"room_name": "视频号：绿洲生活", "room_url": "https://live.example.cn/1", "stream_url": "", "rain": "改到活动室里播"}
    for room in rooms:
        lives.furnish(room, li, now, **told)
    here.live = rooms[0]
    live_questions.push(zhao, here.live, make.question(wang, here.live, now), True, now)
    live_questions.answer(here.live, make.question(zhao, here.live, now, "阳台朝北能种吗"), li, now, "能，少浇一点水")
    here.live_on = moved(rooms[1], starts_at=now - HOUR, ends_at=now + 2 * HOUR)
    here.live_over = moved(rooms[2], starts_at=now - 3 * HOUR, ends_at=now - HOUR)
    url = "https://live.example.cn/replay"
    lives.show_again(here.live_over, li, now, replay_url=url, text="1:30 选枝条\n12:30 怎么扦插\n1:02:03 一位邻居的阳台")
    here.edition = make.event(li, now, days=9, kind="market", title="春日邻里市集", capacity=300)
    series.start(here.edition, li, now, "quarterly")
    series.note_lesson(here.edition, li, now, "下次多备两把大伞")
    series.start(here.live_over, li, now, "quarterly")
    series.stop(here.live_over, li, now)


def guest(here):
    """The pages everybody may open, for tests/browser/pages.py."""
    n = "/n/cuihu/"
    return [
        ("events", n + "events/", None),
        ("events-past", n + "events/?tab=past", None),
        ("events-none", "/n/yangguangli/events/", None),
        ("event", f"{n}events/{here.event.id}", None),
        ("event-full", f"{n}events/{here.event_full.id}", None),
        ("event-over", f"{n}events/{here.event_over.id}", None),
        ("event-cancelled", f"{n}events/{here.event_off.id}", None),
        ("feedback", f"{n}events/{here.market.id}/feedback", None),
        ("feedback-early", f"{n}events/{here.event.id}/feedback", None),
        ("market", f"{n}events/{here.market.id}/market", None),
        ("booth", f"{n}booths/{here.booth.id}", None),
        ("booth-scanned", f"{n}booths/{here.booth.id}/here/ABCDEF", None),
        ("live", f"{n}events/{here.live.id}/live", None),
        ("live-on", f"{n}events/{here.live_on.id}/live", None),
        ("live-over", f"{n}events/{here.live_over.id}/live", None),
        ("event-scanned", f"{n}events/{here.event_on.id}/here/ABCDEF", None),
    ]


def resident(here):
    """Those of 王阿姨."""
    n = "/n/cuihu/"

    def _says_so(page):
        page.get_by_text("很喜欢").click()
        page.get_by_text("夜跑").click()
        page.get_by_role("button", name="好了").first.click()
        page.get_by_text("记下了，谢谢您").first.wait_for()

    def _nobody(page):
        page.get_by_label("几位大人").fill("0")
        acts.send("排队候补")(page)

    return [
        ("feedback-thanks", f"{n}events/{here.event_on.id}/feedback", _says_so),
        ("events-mine", n + "events/?tab=mine", None),
        ("event-new", n + "events/new", acts.open("说明")),
        ("event-new-422", n + "events/new", acts.send("发起")),
        ("event-going", f"{n}events/{here.event.id}", acts.open("不去了")),
        ("event-waiting", f"{n}events/{here.event_full.id}", None),
        ("event-offered", f"{n}events/{here.event_offered.id}", None),
        ("event-review", f"{n}events/{here.event_mine.id}", None),
        ("event-manage", f"{n}events/{here.event_mine.id}/manage", acts.open("取消活动")),
        ("event-on", f"{n}events/{here.event_on.id}", None),
        ("event-photos", f"{n}events/{here.event_over.id}", None),
        ("event-hang", f"{n}events/{here.event_over.id}/photos/new", None),
        ("event-charity", f"{n}events/{here.event_charity.id}", None),
        ("event-ticket", f"{n}events/{here.event.id}/ticket", None),
        ("event-register", f"{n}events/{here.event_offered.id}/register", None),
        ("event-register-422", f"{n}events/{here.event_offered.id}/register", _nobody),
        ("live-ask-422", f"{n}events/{here.live.id}/live", acts.send("提问")),
        ("event-hours", n + "events/hours", None),
        ("ambassador-asked", f"{n}events/{here.asked.id}/ambassadors", None),
        ("ambassador-waits", f"{n}events/{here.called.id}/ambassadors", None),
        ("ambassador-accepted", f"{n}events/{here.accepted.id}/ambassadors", None),
        ("market-member", f"{n}events/{here.market.id}/market", None),
        ("booth-member", f"{n}booths/{here.booth.id}", None),
        ("event-here", f"{n}events/{here.event_on.id}/here", None),
    ]


def host(here):
    """Those of 李姐."""
    n = "/n/cuihu/"

    def _reschedule(page):
        acts.open("改期")(page)
        acts.send("改期")(page)

    def _crowd(page):
        acts.open("集章卡")(page)
        page.get_by_label("集几个章").fill("50")
        acts.send("定好了")(page)

    return [
        ("desk-events", n + "desk/events/", acts.open("请发起人改一改")),
        ("event-host", f"{n}events/{here.event.id}", acts.open("主理人操作")),
        ("event-screen", f"{n}events/{here.event_on.id}/check-in", acts.open("纸质签到")),
        ("event-screen-find", f"{n}events/{here.event_on.id}/check-in?name=周", None),
        ("event-sheet", f"{n}events/{here.event_on.id}/check-in/sheet", None),
        ("event-tasting-tools", f"{n}events/{here.event_on.id}/manage", acts.open("桌上有什么")),
        ("event-charity-tools", f"{n}events/{here.event_charity.id}/manage", acts.open("看望老人")),
        ("feedback-said", f"{n}events/{here.event_on.id}/feedback/said", acts.open("请大家选什么")),
        ("feedback-said-none", f"{n}events/{here.market.id}/feedback/said", None),
        ("liked", n + "desk/tastings?by=liked", None),
        ("liked-latest", n + "desk/tastings", None),
        ("ambassadors", f"{n}events/{here.called.id}/ambassadors/desk", acts.open("记一笔")),
        ("ambassadors-none", f"{n}events/{here.market.id}/ambassadors/desk", None),
        ("ambassadors-sheet", f"{n}events/{here.called.id}/ambassadors/sheet", None),
        ("market-plan", f"{n}events/{here.market.id}/market/plan", acts.open("地图")),
        ("market-plan-422", f"{n}events/{here.market.id}/market/plan", _crowd),
        ("market-console", f"{n}events/{here.market.id}/market/console", None),
        ("market-posters", f"{n}events/{here.market.id}/market/posters", None),
        ("booth-keep", f"{n}booths/{here.booth.id}/keep?name=陈", acts.open("补录纸上的章")),
        ("live-desk", f"{n}events/{here.live.id}/live/desk", None),
        ("live-desk-over", f"{n}events/{here.live_over.id}/live/desk", None),
        ("live-questions", f"{n}events/{here.live.id}/live/questions/", None),
        ("event-series", f"{n}events/{here.edition.id}/series", None),
        ("event-series-stopped", f"{n}events/{here.live_over.id}/series", None),
        ("event-series-none", f"{n}events/{here.live.id}/series", None),
        ("event-edit-scope", f"{n}events/{here.edition.id}/edit", None),
        ("event-manage-422", f"{n}events/{here.event_charity.id}/manage", _reschedule),
    ]
