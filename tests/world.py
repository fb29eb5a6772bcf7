"""One row of everything in 翠湖, and which of them each address needs: what the walker walks through."""

from datetime import UTC, datetime
from types import SimpleNamespace

from db import (
    audit,
    comments,
    exports,
    farewells,
    hiding,
    hooks,
    links,
    mailboxes,
    members,
    notices,
    people,
    photos,
    posts,
    privacy,
    reports,
    reviews,
    revisions,
    rings,
    scans,
    screening,
    sessions,
)
from db.base import writing
from tests import aids, clubs, envoys, make, outings, places, probes, shop, stalls, votes, walked, walls

SECRET, FOREIGN = "只有翠湖的人知道的暗号", "只有阳光里的人知道的话题"


def world(cast, now):
    """All of it in one transaction: two hundred small ones take seconds, and the walker builds a world for each form."""
    with writing():
        return _world(cast, now)


def _world(cast, now):
    """One row of everything in 翠湖, fresh: the arguments that every address there needs."""
    make.in_office(cast.li)  # the walker may have handed the 小区 over
    topic = make.topic(cast.li, now, "聊聊 " + make.secrets.token_hex(6))
    post = make.post(cast.zhao, now, SECRET, visibility="neighborhood", topic=topic)
    comments.say(cast.wang, post, now, body=SECRET, op_id=make.secrets.token_hex(8))
    comment = comments.say(cast.zhao, post, now, body=SECRET, op_id=make.secrets.token_hex(8))
    waiting = make.post(cast.wang, now, SECRET)
    shown = make.post(cast.chen, now, "等着改的帖子", kind="help")
    reviews.approve(shown, cast.li, now)
    revisions.edit(posts.find(cast.cuihu, shown.id), cast.chen, now, body=SECRET)
    photo = photos.Photo.create(
        code=make.secrets.token_hex(16), neighborhood=cast.cuihu, owner=cast.zhao, width=4, height=3, colour="#ffffff",
        sha256="0" * 64, audience="neighborhood", created_at=now,
    )  # fmt: skip
    sessions.start(cast.zhao.user, now)
    hooks.connect(cast.li, probes.GOOD["webhook"], now)
    make.digest(cast.zhao, now, [post], [topic])
    mailboxes.ask(cast.zhao.user, "zhao@example.com", now)
    for number, member in enumerate((cast.wang, cast.zhao)):
        people.bind_phone(member.user, f"1390000000{number}")
    export = exports.ask(cast.zhao.user, now, op_id=make.secrets.token_hex(8))
    privacy.make_exports(now)
    farewells.ask(cast.zhao.user, now, traces="keep", confirm=cast.zhao.user.name, op_id=make.secrets.token_hex(8))
    told = walked.howtos_and_stories(cast, now, SECRET)
    asked = make.handover(cast.li, cast.zhao, now)
    report = reports.file(cast.wang, comment, now, reason="rude", words=SECRET)
    hidden = make.post(cast.li, now, SECRET, visibility="neighborhood")
    about_host = reports.file(cast.zhao, posts.find(cast.cuihu, hidden.id), now, reason="child")
    sent_out, goes = (make.neighbor(cast.cuihu, name, now) for name in ("被请出的", "要走的"))
    members.remove(sent_out, cast.li, now, "说过好几次了")
    returned = comments.say(cast.zhao, post, now, body=SECRET, op_id=make.secrets.token_hex(8))
    comments.Comment.update(state="returned").where(comments.Comment.id == returned.id).execute()
    answered = reports.file(cast.zhao, posts.find(cast.cuihu, shown.id), now, reason="ad")
    reports.decide(answered, cast.li.user, now, uphold=False, answer="看过了没问题")
    gone = make.post(cast.zhao, now, SECRET, visibility="neighborhood")
    hiding.hide(posts.find(cast.cuihu, gone.id), cast.li.user, now, "先收起来看看")
    rings.note(cast.cuihu.id, cast.wang.id, cast.zhao.id, 8, 10, now)
    rings.Ring.update(cleared_at=None).execute()  # the walker may have cleared it
    ring = rings.Ring.get()
    screening.add("春风得意", "hold", cast.lin, now)
    notices.tell([cast.zhao.user], "place", "有事", "/inbox", now, key=make.secrets.token_hex(6))
    just_now = datetime.now(UTC).replace(tzinfo=None)  # the clock ticks, and ten seconds are soon over
    reviews.approve(make.post(cast.chen, now, "刚刚通过的"), cast.li, just_now)
    values = {
        "slug": "cuihu", "post_id": post.id, "comment_id": comment.id, "topic_id": topic.id, "member_id": cast.wang.id,
        "revision_id": revisions.waiting_edit(shown).id, "session_id": sessions.of(cast.zhao.user)[0].id, "code": photo.code,
        "width": 400, "decision": "approve", "waiting": waiting.id,
        "day": "2026-03-20", "token": notices.unsubscribe_path(cast.zhao.user_id, "digest").rpartition("/")[2],
        "kind": "post", "thing_id": post.id, "report_id": report.id, "about_host": about_host.id, "verdict": "uphold",
        "line_id": audit.latest(cast.cuihu, 1)[0].id, "word_id": screening.listed()[0].id,
        "notice_id": notices.inbox(cast.zhao.user)[0][0].id, "hidden": hidden.id, "gone": gone.id, "shown": shown.id,
        "returned": returned.id, "sent_out": sent_out.id, "goes": goes.id, "answered": answered.id,
        "what": "topics", "goal_id": topic.id, "host_id": cast.li.id, "handover_id": asked.id,
        "export_id": export.id, "action": "post", "place_id": cast.cuihu.id, "ring_id": ring.id,
        **places.rows(cast, now, SECRET), **walls.rows(cast, now, SECRET), **votes.rows(cast, now, SECRET),
        **shop.rows(cast, now, SECRET), **outings.rows(cast, now, SECRET), **stalls.rows(cast, now), **told,
        **clubs.rows(cast, now, SECRET), **envoys.rows(cast, now),
        **walked.printed(cast, now, post, shown, topic),
        **walked.picks_and_spreads(cast, now),
    }  # fmt: skip
    make.quiet(cast.wang, now)  # last of all: some of the rows above are things she did
    letter = links.sign("confirm mail", cast.zhao.user_id, mailboxes.of(cast.zhao.user).digest)
    card = scans.issue_card(cast.chen, cast.li, now)
    strange = make.topic(cast.zhou, now, FOREIGN), make.photo(cast.zhou, now)
    return SimpleNamespace(values=values, aid=aids.rows(cast, now, SECRET), card=card, letter=letter, strange=strange)


# Routes that want their row in another state: {endpoint: (argument, key of the world)}
WANTS = places.WANTS | walls.WANTS | {
    "comments.edit": ("comment_id", "returned"), "comments.save": ("comment_id", "returned"),
    "members.remove": ("member_id", "goes"), "members.readmit": ("member_id", "sent_out"),
    "hosts.scanned": ("member_id", "host_id"),
    "reports.new": ("thing_id", "shown"), "reports.create": ("thing_id", "shown"), "reports.appeal": ("report_id", "answered"),
    "reports.appeal_decision": ("thing_id", "gone"), "reviews.restore": ("thing_id", "hidden"),
}  # fmt: skip


def values_for(route, here):
    """The right arguments for this route, and a plain 1 for any that this file has not heard of."""
    values = dict.fromkeys(route.rule.arguments, 1) | here.values
    if route.endpoint.startswith("scan."):
        values["code"] = here.card
    values |= here.aid.get(route.endpoint, {})
    if route.endpoint in WANTS:
        argument, key = WANTS[route.endpoint]
        values[argument] = here.values[key]
    values |= {"token": here.letter} if "mail" in route.endpoint else {}
    if route.endpoint in {"reviews.approve", "reviews.give_back", "reviews.reject", "reviews.ask_mend", "reviews.mend"}:
        values["post_id"] = values["thing_id"] = here.values["waiting"]
    if route.endpoint.startswith("reports.district_"):
        values["report_id"] = here.values["about_host"]
    if route.endpoint.startswith(("posters.", "mixes.")):
        values["post_id"] = here.values["shown"]
    if route.endpoint == "handovers.propose":
        make.nobody_asked()
    for name in (route.endpoint.partition(".")[0] + ".", route.endpoint):
        values |= here.values.get(name, {})
    return values
