"""Short makers, one a noun; and a client that behaves like a browser with a form."""

import io
import json
import re
import secrets
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta

import pytest
from PIL import Image
from werkzeug.test import encode_multipart

from db import (
    contests,
    digests,
    electors,
    entries,
    event_plans,
    events,
    group_leaders,
    groups,
    handovers,
    hosts,
    howtos,
    invitations,
    live_questions,
    makings,
    members,
    mutual_aid,
    needs,
    people,
    photos,
    picks,
    pictures,
    points,
    posts,
    redemptions,
    registrations,
    releases,
    rewards,
    services,
    spreads,
    stories,
    topics,
)
from db.base import Refused, database, writing


def neighbor(place, name, now, *, building="", trusted=False):
    member = members.join(place, now, name=name, building=building, consent=True)
    if trusted:
        members.Membership.update(vouched_at=now).where(members.Membership.id == member.id).execute()
    return again(member)


def host(place, name, now):
    member = neighbor(place, name, now)
    members.appoint(member, "host", None, now, "测试任命主理人")
    hosts.describe(member, now, title="绿洲生活主理人", mission="我的使命是让每一位邻居都能享受到安心、健康、美好的生活。")
    return again(member)


def staff(name, office, now):
    return people.User.create(name=name, staff=office, created_at=now)


def again(member):
    """The same membership, fresh from the database."""
    return members.of(people.User.get_by_id(member.user_id), member.neighborhood)


def post(author, now, body="窗外的樱花开了", **values):
    return posts.create(author, now, op_id=secrets.token_hex(8), kind=values.pop("kind", "chat"), body=body, **values)


def aid(author, now, **values):
    """A published request for a hand, whoever asks."""
    told = {"aid_kind": "ask", "category": "pets", "title": "周六帮忙遛狗", "body": "一个小时就好", "building": "3栋"} | values
    asked = mutual_aid.ask(author, now, op_id=secrets.token_hex(8), **told)
    if not asked.published:
        posts.move(asked, "published", published_at=now)
    return mutual_aid.find(author.neighborhood, asked.id)


def topic(by, now, prompt="晒出你家的拿手菜", *, days=7):
    return topics.schedule(by, now, prompt=prompt, opens_at=now, closes_at=now + timedelta(days=days))


def service(by, now, name="老王修鞋", phone="021-62345678", **values):
    """An entry of the directory; a neighbour's own waits for the host."""
    number = secrets.token_hex(8)
    return services.suggest(by, now, op_id=number, category=values.pop("category", "repair"), name=name, phone=phone, **values)


def need(author, now, body="想要一位能上门给老人理发的师傅", **values):
    return needs.create(author, now, op_id=secrets.token_hex(8), category=values.pop("category", "elders"), body=body, **values)


def event(by, now, *, days=2, hours=2, **told):
    """An event that neighbours see, whoever makes it; it begins in so many days and lasts so many hours."""
    from datetime import timedelta

    starts_at = told.pop("starts_at", now + timedelta(days=days))
    ends_at = told.pop("ends_at", starts_at + timedelta(hours=hours))
    usual, group = {"kind": "gathering", "title": "周六环湖走一走", "place": "东门花坛", "capacity": 10}, told.pop("group", None)
    plan = event_plans.Plan(starts_at=starts_at, ends_at=ends_at, **usual | told)
    made = event_plans.create(by, now, op_id=secrets.token_hex(8), plan=plan, group=group)
    if made.state == "review":
        with writing():
            events.move(made, "review", "published", published_at=now)
    return events.find(by.neighborhood, made.id)


def idea(by, now, name="阳台种菜", *, wanted=()):
    """An idea for a group, and those who want it too."""
    suggested = groups.suggest(by, now, op_id=secrets.token_hex(8), name=name, blurb="每周聊一次种什么")
    for member in wanted:
        groups.set_interest(member, suggested, True, now)
    return groups.find(by.neighborhood, suggested.id)


def group(leader, host, now, name="阳台种菜"):
    """A group that has just begun, with this leader in it; four more want it."""
    others = [neighbor(leader.neighborhood, f"{name}{number}", now) for number in range(4)]
    suggested = idea(host, now, name, wanted=[*others[:3], leader])
    group_leaders.ask(suggested, host, leader, now, "大家都说您种得好")
    group_leaders.answer(suggested, leader, True, now)
    return groups.find(leader.neighborhood, suggested.id)


def registered(member, event, now, **party):
    signed = registrations.register(member, event, now, op_id=secrets.token_hex(8), **party)
    return registrations.find(member.neighborhood, signed.id)


def question(member, event, now, body="绣球什么时候扦插"):
    asked = live_questions.ask(member, event, now, op_id=secrets.token_hex(8), body=body)
    return live_questions.find(event, asked.id)


def photo(owner, now):
    """A photo in the owner's tray, small, grey, and like no other."""
    drawn = io.BytesIO()
    Image.frombytes("L", (9, 8), secrets.token_bytes(72)).save(drawn, "WEBP", lossless=True, method=0)
    made = pictures.Reduced(400, 300, "#aabbcc", dict.fromkeys(pictures.WIDTHS, drawn.getvalue()))
    return photos.keep(owner, made, now, original=secrets.token_bytes(8))


def contest(by, now, *, started=True, **values):
    """A contest that takes works for ten days from now, and votes on the three days after."""
    days = {"opens_at": 0, "entries_close_at": 10, "voting_opens_at": 10, "voting_closes_at": 13}
    planned = {name: now + timedelta(days=day) for name, day in days.items()}
    told = {"preset": "photo", "title": "我眼中的春天", "rules": "拍一张小区里的春天", "entries_each": 2} | planned | values
    made = contests.create(by, now, op_id=secrets.token_hex(8), **told)
    if started:
        contests.start(made, by, now)
    return contests.find(by.neighborhood, made.id)


def entry(member, contest, now, caption="东门的玉兰", **values):
    """A work in it; one of somebody who is not trusted waits for the host."""
    code = values.pop("photo_code", None) or photo(member, now).code
    told = {"spot": "东门", "show_consent": True, "print_consent": True} | values
    sent = entries.enter(member, contest, now, op_id=secrets.token_hex(8), photo_code=code, caption=caption, **told)
    return entries.find(member.neighborhood, sent.id)


def rich(member, now, amount=100):
    """This neighbour, with so many points more to spend."""
    key = secrets.token_hex(8)
    points.adjust(member, amount, staff("林总部", "hq", now), now, "春日邻里节的谢意", op_id=key)
    return again(member)


def reward(by, now, title="手工荠菜馄饨", *, on_shelf=True, **values):
    """Something in the store for 30 points, three of it; a gift costs nothing."""
    told = {"kind": "goods", "price": 30, "stock": 3, "place": "东门驿站"} | values
    made = rewards.create(by, now, op_id=secrets.token_hex(8), title=title, **told)
    if on_shelf:
        rewards.put_up(made, by, now)
    return rewards.find(by.neighborhood, made.id)


def redeemed(member, reward, now, **values):
    """One piece of it, asked for by this neighbour."""
    told = {"op_id": secrets.token_hex(8), "price": reward.price} | values
    asked = redemptions.redeem(member, reward, now, **told)
    return redemptions.find(member.neighborhood, asked.id)


def vote(host, authors, now, **values):
    """A contest whose vote has just begun, and one work of each of these authors on its wall."""
    days = {"opens_at": -10, "entries_close_at": -1, "voting_opens_at": 0, "voting_closes_at": 3}
    planned = {name: now + timedelta(days=day) for name, day in days.items()}
    before = now - timedelta(days=9)
    started = contest(host, before, **(planned | values))
    works = []
    for author in authors:
        work = entry(author, started, before)
        if not work.shown:
            entries.approve(work, host, before)
        works.append(entries.find(host.neighborhood, work.id))
    return electors.begin(started, now), works


def howto(author, now, *steps, title="荠菜馄饨", photo_codes=(), **values):
    """A how-to of these steps, the first ones with these photos; returns its post."""
    pairs = [(words, photo_codes[at] if at < len(photo_codes) else "") for at, words in enumerate(steps or ("摘菜", "下锅"))]
    given = {name: values.pop(name) for name in ("minutes", "materials", "tips", "season") if name in values}
    sheet = howtos.Sheet(title=title, steps=tuple(pairs), **given)
    return howtos.write(author, now, op_id=secrets.token_hex(8), sheet=sheet, consent=True, **values)


def made(member, post, now, words="真好吃", **values):
    post = posts.find(member.neighborhood, post.id)
    return makings.say(member, post, now, op_id=secrets.token_hex(8), words=words, **values)


def story(by, now, *, subject=None, title="从护士站到社区食堂", body="那年我二十岁", **values):
    """A story nobody has been asked about yet; without a subject about 林师傅, who has no account."""
    told = stories.write(
        by, now, op_id=secrets.token_hex(8), title=title, body=body, subject=subject, subject_name="林师傅", **values
    )
    return stories.find(by.neighborhood, told.id)


def picked(by, post, now, *ways, credit=None, reason="大家都说好看"):
    """A host picks this post; with `ways` whoever is asked agrees to those. Returns the pick."""
    pick = picks.pick("post", posts.find(by.neighborhood, post.id), by, now, reason)
    if ways:
        mine = picks.find(by.neighborhood, pick.id)
        releases.answer(mine, "given", now, ways=ways, credit=mine.author.name if credit is None else credit)
    return picks.find(by.neighborhood, pick.id)


def spread(by, pick, now, **values):
    """A record of this work: it stood in the 公众号 on the day its author agreed."""
    day = f"{(pick.agreed_at or now) + spreads.SHANGHAI:%Y-%m-%d}"
    told = {"url": "https://mp.weixin.qq.com/s/abc", "went_on": day, "credit": pick.credit} | values
    told["channel"] = values.get("channel", "article")
    noted = spreads.note(pick, by, now, op_id=secrets.token_hex(8), **told)
    return spreads.find(by.neighborhood, noted.id)


def in_office(member):
    """This neighbour is the host of her 小区 again, and nobody else is; nobody is asked to take over."""
    here = members.Membership.neighborhood == member.neighborhood_id
    members.Membership.update(role="resident").where(here & (members.Membership.id != member.id)).execute()
    members.Membership.update(role="host").where(members.Membership.id == member.id).execute()
    nobody_asked()


def handover(outgoing, incoming, now, note="交给你我放心"):
    return handovers.propose(outgoing, incoming, now, op_id=secrets.token_hex(8), note=note)


def nobody_asked():
    """Whatever was proposed is taken back, without a word in the books."""
    Handover = handovers.Handover
    Handover.update(state="cancelled", decided_at=Handover.created_at).where(Handover.decided_at.is_null()).execute()


def quiet(member, now):
    """This neighbour has not been here for forty days, and nobody has asked after her."""
    members.Membership.update(last_active_at=now - timedelta(days=40)).where(members.Membership.id == member.id).execute()
    invitations.Invitation.delete().where(invitations.Invitation.user == member.user_id).execute()


def digest(member, now, said, asked=(), day="2026-03-20"):
    """This neighbour's digest of a day, with these posts and topics; one she has stays."""
    content = json.dumps({"posts": [post.id for post in said], "topics": [topic.id for topic in asked]})
    row = {"user": member.user_id, "day": day, "content": content, "made_at": now}
    digests.Digest.insert(**row).on_conflict_ignore().execute()


def at_once(many, act):
    """act(0) … act(many - 1) in as many threads, each with its own connection, all let go together.

    Returns what each gave, or the Refused it met; anything else a thread raises is raised here."""
    start = threading.Barrier(many)

    def one(number):
        with database.connection_context():
            start.wait()
            try:
                return act(number)
            except Refused as refused:
                return refused

    with ThreadPoolExecutor(many) as threads:
        return list(threads.map(one, range(many)))


@contextmanager
def refused(code, status=409):
    """What happens inside is refused with this code; a sentence beside a field is 422, a conflict 409."""
    with pytest.raises(Refused) as met:
        yield met
    assert (met.value.code, met.value.status) == (code, status)
    assert met.value.sentence


BOUNDARY = "----where-one-field-ends"


class Browser:
    """A test client that takes the CSRF token from the last page, as a browser does with its forms."""

    def __init__(self, client):
        self.client, self.token = client, ""

    def _seen(self, response):
        found = re.search(rb'name="csrf_token" value="([^"]+)"', response.data)
        self.token = found.group(1).decode() if found else self.token
        return response

    def get(self, path, *, part=False, **headers):
        return self._seen(self.client.get(path, headers={"HX-Request": "true", **headers} if part else headers))

    def post(self, path, data=None, *, part=False, token=True, **headers):
        if token and not self.token:
            self.get("/look")
        values = dict(data or {})
        if token:
            values["csrf_token"] = self.token
        headers = {"HX-Request": "true", **headers} if part else headers
        kind = "multipart/form-data"
        if not any(isinstance(value, (list, tuple)) or hasattr(value, "read") for value in values.values()):
            # A boundary of one's own: for each new one the server compiles its expressions anew.
            kind, values = f"{kind}; boundary={BOUNDARY}", encode_multipart(values, BOUNDARY)[1]
        return self._seen(self.client.post(path, data=values, headers=headers, content_type=kind))


class Web:
    def __init__(self, app):
        self.app = app

    def guest(self):
        return Browser(self.app.test_client())

    def as_(self, person):
        """A browser signed in as a member or a user."""
        from db import sessions
        from web.access import Viewer, g, login_user, session

        user = getattr(person, "user", person)
        client = self.app.test_client()
        with self.app.test_request_context():
            from web.access import read_clock

            read_clock()
            token = sessions.start(user, g.now, hosting=members.hosts_anywhere(user))
            login_user(Viewer(user, 0, 0, token))
            kept = dict(session)
        with client.session_transaction() as cookie:
            cookie.update(kept)
        return Browser(client)
