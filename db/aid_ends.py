"""How a request for help ends: called off, run out by the clock, renewed once; and what is forgotten afterwards (R28)."""

from contextlib import suppress
from datetime import timedelta

from peewee import fn

from db.aid_matches import back_out
from db.base import Refused, writing
from db.members import Membership
from db.mutual_aid import USUAL_DAYS as USUAL_DAYS
from db.mutual_aid import Aid, AidNote, AidOffer, called, move, moved_on, only_author, part, show, take, tell, waiting, whole
from db.posts import Post

SOON = timedelta(days=2)  # before the end its author is reminded, once
MATCH_KEPT = timedelta(days=14)  # a match that nobody called done goes so long after the end
NOTES_KEPT = timedelta(days=30)
GONE = ("withdrawn", "rejected", "removed", "purged")


def cancel(aid, member, now):
    """The author needs it no more; whoever was chosen or has offered is told, with thanks."""
    only_author(aid, member)
    with writing():
        take(aid, seen=False)
        _call_off(aid, now, f"{called(aid)}不用了，谢谢您的热心")


def _call_off(aid, now, sentence):
    chosen = part(aid)
    move(aid, "cancelled")
    tell(aid, [offer.helper for offer in ([chosen] if chosen else []) + waiting(aid)], sentence, now)
    show(aid)


def let_go(member_ids, now):
    """Whoever leaves for good is waited for by nobody: what she has offered is taken back, what she has asked is called off,
    and what was written to her is forgotten."""
    hers = AidOffer.helper.in_(member_ids)
    for offer in list(AidOffer.select().where(hers & AidOffer.state.in_(("offered", "accepted"))).order_by(AidOffer.aid)):
        with suppress(Refused):  # it is over already, or its author was quicker
            back_out(whole().where(Aid.id == offer.aid_id).get(), Membership.get_by_id(offer.helper_id), now)
    asked = whole().where(Post.author.in_(member_ids))
    for aid in list(asked.where(Aid.state.in_(("open", "matched"))).order_by(Aid.id)):
        with suppress(Refused):
            cancel(aid, aid.post.author, now)
    theirs = AidOffer.select(AidOffer.id).join(Aid).join(Post).where(hers | Post.author.in_(member_ids))
    with writing():
        AidNote.delete().where(AidNote.offer.in_(theirs)).execute()


def forget(line, her, now):
    """How far her requests came stays, as it is counted; what she said of them goes, and her name from what others thanked her
    for (db/belongings.py)."""
    Aid.update(when_text="", building="", thanks="").where(line.rows(her)).execute()
    for word in filter(None, [*her.names, her.phone]):
        said = Aid.neighborhood.in_(her.places) & Aid.thanks.contains(word)
        Aid.update(thanks=fn.REPLACE(Aid.thanks, word, "邻居")).where(said).execute()


def renew(aid, member, now):
    """What has run out runs on for another 14 days, in place, once."""
    only_author(aid, member)
    if aid.renewed:
        raise Refused("renewed", "已经续过一次了。还需要的话，请重新发一条")
    with writing():
        take(aid)
        if aid.phase(now) != "expired":
            raise moved_on()
        if aid.state == "open":  # it is over, and the timetable has not been here yet
            _run_out(aid, now)
            aid.state = "expired"
        fresh = {"expires_at": now + timedelta(days=USUAL_DAYS), "renewed": True, "reminded": False}
        move(aid, "open", guard=Aid.renewed == False, **fresh)  # noqa: E712
        show(aid)


def _run_out(aid, now):
    """Returns the offer that had been chosen, or None."""
    chosen = part(aid)
    move(aid, "expired", guard=Aid.expires_at == aid.expires_at)
    return chosen


def remind_due(now, most=200):
    """Two days before its end the author of an open request is told, once; returns how many (the clock calls it hourly)."""
    due = (Aid.state == "open") & (Aid.reminded == False) & (Aid.expires_at > now) & (Aid.expires_at <= now + SOON)  # noqa: E712
    told = 0
    for aid in list(whole().where(due & (Post.state == "published")).order_by(Aid.id).limit(most)):
        with writing():
            claimed = Aid.update(reminded=True).where((Aid.id == aid.id) & due).execute()
            if claimed:
                left = "不到一天" if aid.expires_at - now < timedelta(days=1) else "还有两天"
                tell(aid, [aid.post.author], f"{called(aid)}{left}就到期了，找到人了吗？到期后还可以续一次", now, "soon")
                told += 1
    return told


def close_due(now, most=200):
    """Close what has run out, and what hangs on posts or people that are gone; returns how many (the clock calls it often).
    Each is claimed by its arrow, so that two clocks close it once."""
    over = (Aid.state == "open") & (Aid.expires_at <= now) | (Aid.state == "matched") & (Aid.expires_at <= now - MATCH_KEPT)
    lost = Aid.state.in_(("open", "matched")) & (Post.state.in_(GONE) | (Membership.status != "active"))
    closed = 0
    for aid in list(whole().where(over | lost).order_by(Aid.id).limit(most)):
        with suppress(Refused), writing():  # refused: another clock, or somebody's hand, was quicker
            take(aid, seen=False)
            if aid.post.state in GONE or aid.post.author.status != "active":
                _call_off(aid, now, f"{aid.post.author.name}收回了一件互助，不用您帮忙了，谢谢")
            else:
                _say_it_ran_out(aid, _run_out(aid, now), now)
                show(aid)
            closed += 1
    return closed


def _say_it_ran_out(aid, chosen, now):
    if chosen:
        tell(aid, [aid.post.author, chosen.helper], f"{called(aid)}过去好些天了，先收起来。帮上忙了就好", now)
    elif aid.post.published:
        more = "" if aid.renewed else "，还需要的话可以再续一次"
        tell(aid, [aid.post.author], f"{called(aid)}到期了{more}", now)


def forget_old(now):
    """What the two of a match wrote to each other is not kept for long once it is over, nor what hung on a post whose words are
    forgotten (the clock calls it daily). Returns how many notes went."""
    running = AidOffer.select(AidOffer.id).join(Aid).where(Aid.state == "matched")
    purged = Aid.post.in_(Post.select(Post.id).where(Post.state == "purged"))
    with writing():
        gone = AidNote.delete().where((AidNote.at < now - NOTES_KEPT) & AidNote.offer.not_in(running)).execute()
        Aid.update(when_text="", building="", thanks="").where(purged & (Aid.when_text.concat(Aid.building) != "")).execute()
        AidOffer.update(words="").where(AidOffer.aid.in_(Aid.select(Aid.id).where(purged)) & (AidOffer.words != "")).execute()
        return gone
