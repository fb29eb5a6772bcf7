"""Between two neighbours: one offers, one chooses, both say when it is done, one says thank you (R28)."""

from typing import NamedTuple

from peewee import IntegrityError, Value

from db import activity, audit, blocks, limits, phones, points, screening
from db.base import Refused, writing
from db.members import Membership
from db.mutual_aid import (
    LONGEST_NOTE,
    LONGEST_WORDS,
    TAKES,
    Aid,
    AidNote,
    AidOffer,
    accepted,
    called,
    look_again,
    move,
    move_offer,
    moved_on,
    only_author,
    part,
    show,
    take,
    tell,
    waiting,
)
from db.people import User
from db.posts import Post
from db.words import clean_line


def _may_share(member, shares):
    if shares and not member.user.phone_sealed:
        raise Refused("phone-needed", "还没有绑定手机号，先选「在这里留言」吧", field="contact")


def offer(aid, member, now, *, words="", shares_phone=False):
    """Say 「我来帮忙」, with a few words if one likes; twice is once. The author is told, unless she has blocked this neighbour.

    Refused beside the field: over 140 characters, a phone to share that is not there; as a conflict: one's own request, one that
    is over or taken, or one whose author has looked for somebody else before."""
    if member.id == aid.post.author_id:
        raise Refused("own", "这是您自己发的，等邻居来吧")
    words = clean_line(words, LONGEST_WORDS, "words", "留言")
    screening.check(words, "words", priceless=True)
    _may_share(member, shares_phone)
    with writing():
        take(aid)
        mine = AidOffer.get_or_none((AidOffer.aid == aid.id) & (AidOffer.helper == member.id))
        if mine and mine.state in {"offered", "accepted"}:
            return mine
        if not Aid.select().where((Aid.id == aid.id) & (Aid.state == "open") & (Aid.expires_at > now)).exists():
            raise Refused("not-open", "已经有邻居接手，或者到期了，谢谢您的热心")
        if mine and mine.state == "declined":
            raise Refused("declined", "发起人这次另外找了人，谢谢您的热心")
        limits.spend("aid", f"member {member.id}", now)
        told = {"words": words, "helper_shares": bool(shares_phone), "at": now}
        if mine:
            move_offer(mine, "offered", **told)
        else:
            mine = AidOffer.create(aid=aid, helper=member, **told)
        if member.id not in blocks.blocked_by(aid.post.author):
            tell(aid, [aid.post.author], f"{member.name}说「{TAKES[aid.aid_kind]}」：{called(aid)}", now, "offers")
        return AidOffer.get_by_id(mine.id)


def back_out(aid, member, now):
    """The helper takes the offer back. If she was chosen already the request is open again, and its author told."""
    with writing():
        take(aid, seen=False)
        mine = AidOffer.get_or_none((AidOffer.aid == aid.id) & (AidOffer.helper == member.id))
        if mine is None:
            raise moved_on()
        move_offer(mine, "withdrawn")
        if mine.state == "accepted":
            look_again(aid, now)
            tell(aid, [aid.post.author], f"{member.name}临时来不了，{called(aid)}又在等人了", now)
            show(aid)


def accept(aid, offer, member, now, *, shares_phone=False):
    """The author chooses one of those who offered: from now on the two see how to reach each other. The others are told
    kindly, and stay at hand in case it comes to nothing. Each phone that is shown by this is on record (G8).

    Choosing the same one again changes nothing; another one, or one who has taken the offer back, is a conflict."""
    only_author(aid, member)
    _may_share(member, shares_phone)
    with writing():
        take(aid)
        offer = AidOffer.select(AidOffer, Membership, User).join(Membership).join(User).where(AidOffer.id == offer.id).get()
        if offer.helper.status != "active":
            raise moved_on()
        if offer.state == "accepted" and Aid.get_by_id(aid.id).state == "matched":
            return
        open_still = Aid.expires_at > now
        move(aid, "matched", guard=open_still, matched_at=aid.matched_at or now, done_by_author=False, done_by_helper=False)
        move_offer(offer, "accepted", author_shares=bool(shares_phone))
        tell(aid, [offer.helper], f"{member.name}选了您：{called(aid)}，点开看怎么联系", now)
        others = [other.helper for other in waiting(aid)]
        tell(aid, others, f"{called(aid)}这次找到人了，谢谢您的热心", now)
        for shares, owner, reader in ((offer.helper_shares, offer.helper, member), (shares_phone, member, offer.helper)):
            if shares:
                audit.record(
                    "see phone",
                    offer,
                    actor=reader.user,
                    now=now,
                    reason="互助匹配后双方可见",
                    neighborhood=aid.neighborhood_id,
                    subject=owner.user_id,
                )
        show(aid)


def reopen(aid, member, now):
    """It came to nothing (nobody came, it did not suit): the author looks for somebody else. The helper is told."""
    only_author(aid, member)
    with writing():
        take(aid)
        offer = part(aid)
        look_again(aid, now)
        if offer:
            tell(aid, [offer.helper], f"{called(aid)}这次没约成，{member.name}重新找人了", now)
        show(aid)


def confirm(aid, member, now):
    """「完成了」, said by one of the two; when both have said so it is done. Saying it again changes nothing."""
    with writing():
        take(aid, seen=False)
        offer = accepted(aid)
        both = {aid.post.author_id: Aid.done_by_author, offer.helper_id: Aid.done_by_helper} if offer else {}
        if member.id not in both:
            raise Refused("not-yours", "只有约好的两位邻居可以点「完成了」", status=403 if aid.state == "matched" else 409)
        said = both[member.id]
        if not Aid.update({said: True}).where((Aid.id == aid.id) & (Aid.state == "matched") & (said == False)).execute():  # noqa: E712
            if Aid.select().where((Aid.id == aid.id) & (said == True)).exists():  # noqa: E712
                return
            raise moved_on()
        author, helper = aid.post.author, offer.helper
        other = helper if member.id == author.id else author
        fresh = Aid.get_by_id(aid.id)
        if not (fresh.done_by_author and fresh.done_by_helper):
            tell(aid, [other], f"{member.name}说{called(aid)}完成了，您也点一下「完成了」", now)
            return
        move(fresh, "done")
        tell(aid, [other], f"{called(aid)}完成了，一件好事", now)
        for each in sorted((author, helper), key=lambda one: one.id):
            activity.record(each, "aid", aid.id, now)
        helped, other = _thanks(aid, offer)
        points.earn(other, "help", "Aid", aid.id, now, by=helped)
        show(aid)


def thank(aid, member, words, now):
    """Whoever was helped writes a word of thanks, once, for all to read; the other one is told."""
    words = clean_line(words, LONGEST_WORDS, "words", "感谢的话")
    if not words:
        raise Refused("empty", "写一句吧，哪怕只是「谢谢」", field="words")
    screening.check(words, "words")
    with writing():
        take(aid)
        helped, other = _thanks(aid, accepted(aid))
        if aid.state == "done" and (helped is None or helped.id != member.id):
            raise Refused("not-yours", "感谢的话，由得到帮助的邻居来写", status=403)
        fresh = (Aid.id == aid.id) & (Aid.state == "done") & (Aid.thanks == "")
        if not Aid.update(thanks=words).where(fresh).execute():
            if Aid.select().where((Aid.id == aid.id) & (Aid.state == "done") & (Aid.thanks == words)).exists():
                return
            raise moved_on()
        tell(aid, [other], f"{member.name}谢谢您：{words}"[:160], now, "thanks")
        show(aid)


def note(aid, member, words, now, *, op_id):
    """A word between the two of a match, for nobody else; the other one is told. The same `op_id` again says nothing new (G5)."""
    words = clean_line(words, LONGEST_NOTE, "words", "留言")
    if not words:
        raise Refused("empty", "写一句吧，比如什么时候方便", field="words")
    screening.check(words, "words")
    mine = (AidNote.author == member.id) & (AidNote.op_id == op_id)
    try:
        with writing():
            return AidNote.get_or_none(mine) or _write_note(aid, member, words, now, op_id)
    except IntegrityError:  # the same form, sent at the same moment, was quicker
        return AidNote.get(mine)


def _write_note(aid, member, words, now, op_id):
    take(aid)
    if not Aid.select().where((Aid.id == aid.id) & (Aid.state == "matched")).exists():
        raise moved_on()
    offer = accepted(aid)
    if member.id not in {aid.post.author_id, offer.helper_id}:
        raise Refused("not-yours", "这里是约好的两位邻居说话的地方", status=403)
    limits.spend("aid-note", f"member {member.id}", now)
    written = AidNote.create(offer=offer, author=member, words=words, op_id=op_id, at=now)
    other = offer.helper if member.id == aid.post.author_id else aid.post.author
    tell(aid, [other], f"{member.name}给您留了言：{called(aid)}", now, "notes")
    return written


class Partner(NamedTuple):
    """The other one of a match, as only the two see each other."""

    name: str
    phone: str  # empty where she would rather be written to here


class Side(NamedTuple):
    """A request as one viewer sees it. `role`: author | helper (of the match) | willing (has offered) | neighbor | guest."""

    aid: Aid
    phase: str
    role: str
    offers: list  # who has offered, for the author alone
    mine: AidOffer | None  # her own offer
    partner: Partner | None
    notes: list
    willing: int  # how many have offered and not taken it back
    said_done: bool  # she has
    other_said_done: bool
    thanks_by: str  # the name of whom it is to thank, once it is done
    thanks_to: str
    may_thank: bool


def find_offer(aid, offer_id):
    """An offer to this request, or None."""
    return AidOffer.get_or_none((AidOffer.id == offer_id) & (AidOffer.aid == aid.id))


def seen_by(aid, member, now):
    """How this neighbour (None: a guest) sees a request: who has offered is the author's to see, and a phone, decrypted, is seen
    by the two of a match alone, while it lasts and its post stands (G10)."""
    chosen = accepted(aid)
    author = aid.post.author
    mine = member and AidOffer.get_or_none((AidOffer.aid == aid.id) & (AidOffer.helper == member.id))
    if member is None:
        role = "guest"
    elif member.id == author.id:
        role = "author"
    elif chosen and chosen.helper_id == member.id:
        role = "helper"
    else:
        role = "willing" if mine and mine.state == "offered" else "neighbor"
    without = blocks.blocked_by(member)
    offers = [each for each in waiting(aid) if each.helper_id not in without]
    partner, notes = None, []
    if aid.state == "matched" and aid.post.published and chosen and role in {"author", "helper"}:
        partner = _partner(chosen, author, role)
        notes = list(AidNote.select().where(AidNote.offer == chosen.id).order_by(AidNote.id.desc()).limit(50))[::-1]
    helped, other = _thanks(aid, chosen)
    done = (aid.done_by_author, aid.done_by_helper) if role != "helper" else (aid.done_by_helper, aid.done_by_author)
    return Side(
        aid,
        aid.phase(now),
        role,
        offers if role == "author" else [],
        mine,
        partner,
        notes,
        len(offers),
        done[0],
        done[1],
        helped.name if helped else "",
        other.name if other else "",
        bool(member and helped and helped.id == member.id and aid.state == "done" and not aid.thanks),
    )


def _partner(chosen, author, role):
    other, shares = (chosen.helper, chosen.helper_shares) if role == "author" else (author, chosen.author_shares)
    here = other.status == "active" and other.user.status == "active" and other.user.phone_sealed
    return Partner(other.name, phones.unseal(other.user.phone_sealed) if shares and here else "")


def _thanks(aid, chosen):
    """(whose thanks it is to give, whom they go to), each None where nobody was found."""
    helper = chosen and chosen.helper
    return (aid.post.author, helper) if aid.author_is_helped else (helper, aid.post.author)


def fold(member, into):
    """Two memberships of one person become one (db/merging.py): her offers and notes move; of two offers to one request the
    chosen one stays, and nobody is left offering to herself."""
    known = {offer.aid_id: offer for offer in AidOffer.select().where(AidOffer.helper == into.id)}
    for offer in list(AidOffer.select().where(AidOffer.helper == member.id)):
        if twin := known.get(offer.aid_id):
            gone = twin if offer.state == "accepted" else offer
            AidNote.delete().where(AidNote.offer == gone.id).execute()
            AidOffer.delete().where(AidOffer.id == gone.id).execute()
        AidOffer.update(helper=into.id).where(AidOffer.id == offer.id).execute()
    hers = Aid.select(Aid.id).join(Post).where(Post.author == into.id)
    AidOffer.update(state="withdrawn").where(
        (AidOffer.helper == into.id) & AidOffer.aid.in_(hers) & (AidOffer.state == "offered")
    ).execute()
    AidNote.update(author=into.id, op_id=Value("merged ").concat(AidNote.id.cast("TEXT"))).where(
        AidNote.author == member.id
    ).execute()
