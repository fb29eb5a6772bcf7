"""What the author of a picked work says to its going outside: where to, and under which name (R36). Hers to change at any time.

With her no, or her yes taken back, page, poster and feed entry are gone in the same moment, and records of it are asked down.
"""

from db import audit, consents, notices, picks, screening, spreads, works
from db.base import Refused, hold, writing
from db.members import HOSTS, Membership
from db.picks import LONGEST_CREDIT, WAYS, Pick
from db.words import clean_line

TRANSITIONS = {
    ("asked", "given"),
    ("asked", "refused"),
    ("given", "given"),  # other ways, another name
    ("given", "withdrawn"),
    ("refused", "given"),  # she has thought again
    ("withdrawn", "given"),
}
ANSWERS = {"given": "同意到小区外面去", "refused": "没有同意到小区外面去", "withdrawn": "收回了同意"}


def moved_on():
    """The refusal for an arrow of TRANSITIONS that is not drawn, or that another tap was quicker with (409)."""
    return Refused("moved-on", "这件事刚刚有了变化，请刷新看看")


def answer(pick, choice, now, *, ways=(), credit=""):
    """Her answer: given needs at least one of WAYS and the name she wants under it. Each goes into her book of consents, and the
    hosts are told. Refused beside the field for what is missing; as a conflict where the host has taken the mark off, or the
    arrow is not drawn."""
    if choice not in ANSWERS:
        raise Refused("bad-answer", "请选一个：可以，或先不了", field="release")
    values = {"release": choice, "ways": "", "decided_at": now}
    if choice == "given":
        values |= _checked(ways, credit)
        values["agreed_at"] = pick.agreed_at if pick.release == "given" else now
    with writing():
        hold(Pick, Pick.id == pick.id)
        if choice == "given" and not picks.is_picked(pick):
            raise Refused("not-picked", "这件作品现在不在精选里")
        sources = [source for source, target in TRANSITIONS if target == choice]
        as_it_was = (Pick.id == pick.id) & (Pick.release == pick.release) & Pick.release.in_(sources)
        if not Pick.update(**values).where(as_it_was).execute():
            raise moved_on()
        _write_down(pick, choice, values["ways"], now)
        spreads.follow(pick, now)


def _checked(ways, credit):
    allowed = [way for way in WAYS if way in ways]
    if not allowed:
        raise Refused("no-way", "请至少勾一个可以去的地方；都不行的话，就选「先不了」", field="ways")
    credit = clean_line(credit, LONGEST_CREDIT, "credit", "署名")
    if not credit:
        raise Refused("no-credit", "写上怎么署名，比如您的称呼", field="credit")
    screening.check(credit, "credit")
    return {"ways": " ".join(allowed), "credit": credit}


def _write_down(pick, choice, ways, now):
    about, user = f"{works.RULES[pick.object_type].called} {pick.object_id}", pick.author.user
    if pick.release == "given":
        consents.take_back(user.id, "outside", now, about=about)
    if choice == "given":
        consents.note(user.id, "outside", now, neighborhood=pick.neighborhood, about=about)
    before = {"release": pick.release, "ways": pick.ways}
    audit.record(
        f"outside {choice}", pick, actor=user, now=now, reason=f"作者本人{ANSWERS[choice]}", neighborhood=pick.neighborhood_id,
        subject=user, before=before, after={"release": choice, "ways": ways},
    )  # fmt: skip
    here = (Membership.neighborhood == pick.neighborhood_id) & Membership.role.in_(HOSTS) & (Membership.status == "active")
    hosts = [each.user_id for each in Membership.select(Membership.user).where(here & (Membership.id != pick.author_id))]
    url = f"/n/{pick.neighborhood.slug}/desk/spreads/{pick.id}"
    sentence = f"{pick.author.name}{ANSWERS[choice]}"
    notices.tell(hosts, "desk", sentence, url, now, neighborhood=pick.neighborhood_id, key=f"release {pick.id}")


def forget(line, her, now):
    """Act of db/belongings.py: nothing of hers stays outside, and nothing of what was said about it stays here."""
    mine = list(Pick.select().where(line.rows(her)).order_by(Pick.id))
    gone = {"release": "withdrawn", "ways": "", "credit": "", "reason": "", "decided_at": now}
    Pick.update(**gone).where(Pick.id.in_([pick.id for pick in mine])).execute()
    for pick in mine:
        spreads.follow(pick, now)
