"""What stands behind a QR code `/q/<code>`: a purpose, a 小区, perhaps a thing or a person. A GET only ever looks (S8).

Whether the thing is there, and where its page is, db/targets.py knows.
"""

import hashlib
from datetime import timedelta

from peewee import Case, CharField, Check, DateTimeField, ForeignKeyField, IntegerField, InternalError, OperationalError, fn

from db import audit, limits
from db.base import CODE_LETTERS, Refused, Table, hold, new_code, writing
from db.members import Membership, lend_no_key
from db.neighborhoods import Neighborhood
from db.rotating import typed
from db.words import clean_line

CARD_LIFE = timedelta(days=365)
SHANGHAI = timedelta(hours=8)
WORD = 8  # letters of a code that anyone may see


class QrToken(Table):
    """`code` stands here only for view codes, which anyone may see; a paper card's code opens a door and rests as a hash."""

    code_hash = CharField(max_length=64, unique=True)
    code = CharField(max_length=20, default="")
    purpose = CharField(max_length=10)  # join | card | what a view code was printed for (db/targets.py)
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    membership = ForeignKeyField(Membership, null=True, backref="+")
    target_type = CharField(max_length=12, default="")
    target_id = IntegerField(null=True)  # of many tables, so no foreign key
    made_for = CharField(max_length=40, null=True, unique=True)  # one living code is the code of a thing; others may lead there
    label = CharField(max_length=40, default="")  # what the host calls the sheet
    created_by = ForeignKeyField(Membership, null=True, backref="+", index=False)
    created_at = DateTimeField()
    not_before = DateTimeField(null=True)
    expires_at = DateTimeField(null=True)
    revoked_at = DateTimeField(null=True)
    max_uses = IntegerField(null=True)  # of what it lets one do; looking is free
    uses = IntegerField(default=0)

    class Meta:
        indexes = ((("neighborhood", "purpose"), False), (("neighborhood", "target_type", "target_id"), False))
        constraints = [Check("uses >= 0 AND (max_uses IS NULL OR uses <= max_uses)", name="qr_token_uses")]

    def state(self, now):
        """active, or why not: revoked | expired | early | used. The one function that pages and rules ask (G15)."""
        if self.revoked_at is not None:
            return "revoked"
        if self.expires_at is not None and self.expires_at <= now:
            return "expired"
        if self.not_before is not None and now < self.not_before:
            return "early"
        return "used" if self.max_uses is not None and self.uses >= self.max_uses else "active"


class ScanTally(Table):
    """How often a code was opened on a day of Shanghai: a number, and nothing about who opened it (docs/decisions/0011)."""

    token = ForeignKeyField(QrToken, backref="+", on_delete="CASCADE", index=False)
    day = CharField(max_length=10)
    scans = IntegerField(default=0)

    class Meta:
        indexes = ((("token", "day"), True),)


def _hash(code):
    return hashlib.sha256(typed(code).encode()).hexdigest()


def find(code):
    """The token of a scanned code with its 小区, or None for a forged one. Codes are not case sensitive, and
    may be typed with blanks or dashes."""
    return QrToken.select(QrToken, Neighborhood).join(Neighborhood).where(QrToken.code_hash == _hash(code)).first()


# What no code has, and what the eye may have taken for it.
MISREAD = {"0O": "D、Q、C", "1IL": "7、T、J", "2Z": "7", "5S": "6、9", "8B": "3、6、R"}


def hint(code):
    """A sentence about the first letter that no code of ours has, or empty."""
    for letter in typed(code):
        if letter not in CODE_LETTERS:
            instead = next((others for wrong, others in MISREAD.items() if letter in wrong), "")
            return f"码里没有「{letter}」" + (f"，看看是不是 {instead}" if instead else "，只有数字和大写字母")
    return ""


def find_here(neighborhood, token_id):
    """A code of this 小区 that its host may see, or None: paper cards are their owners' (G1)."""
    return QrToken.get_or_none(_seen(neighborhood) & (QrToken.id == token_id))


def _seen(neighborhood):
    return (QrToken.neighborhood == neighborhood.id) & (QrToken.code != "")


def listed(neighborhood, after=0, limit=60):
    """The codes of a 小区, the latest first; `after` is the id the page before ended with."""
    older = (QrToken.id < after) if after else (QrToken.id > 0)
    return list(QrToken.select().where(_seen(neighborhood) & older).order_by(QrToken.id.desc()).limit(limit))


def join_code(neighborhood, now):
    """The code on this 小区's posters: made once, then always the same."""
    mine = (QrToken.neighborhood == neighborhood.id) & (QrToken.purpose == "join") & QrToken.revoked_at.is_null()
    if existing := QrToken.get_or_none(mine):
        return existing.code
    with writing():
        hold(Neighborhood, Neighborhood.id == neighborhood.id)
        if existing := QrToken.get_or_none(mine):
            return existing.code
        code = new_code(WORD)
        QrToken.create(code_hash=_hash(code), code=code, purpose="join", neighborhood=neighborhood, created_at=now)
        return code


def issue_card(member, by, now):
    """A paper card that signs this neighbour in for a year (X1). An older card stops working. Returns the code, shown once."""
    lend_no_key(member)
    code = new_code(20)
    with writing():
        hold(Membership, Membership.id == member.id)
        QrToken.update(revoked_at=now).where(
            (QrToken.membership == member.id) & (QrToken.purpose == "card") & QrToken.revoked_at.is_null()
        ).execute()
        QrToken.create(
            code_hash=_hash(code),
            purpose="card",
            neighborhood=member.neighborhood_id,
            membership=member,
            created_at=now,
            expires_at=now + CARD_LIFE,
        )
        audit.record(
            "issue card",
            member,
            actor=by.user,
            now=now,
            reason="主理人发放纸质卡",
            neighborhood=member.neighborhood_id,
            subject=member.user,
        )
    return code


def _key(target_type, target_id):
    return f"{target_type} {target_id}"


def _living(neighborhood, target_type, ids):
    to_these = (QrToken.target_type == target_type) & QrToken.target_id.in_(ids)
    return _seen(neighborhood) & to_these & QrToken.revoked_at.is_null()


def codes_for(neighborhood, target_type, ids):
    """{id: code} of the things that have one, in one query: the code made for it first, then one that was led to it later."""
    found = {}
    rows = QrToken.select(QrToken.target_id, QrToken.code, QrToken.made_for).where(_living(neighborhood, target_type, list(ids)))
    for number, code, made_for in rows.order_by(QrToken.id.desc()).tuples():
        if made_for or number not in found:
            found[number] = code
    return found


def view_codes(neighborhood, purpose, target_type, ids, by, now, labels=None, not_before=None, expires_at=None):
    """{id: code} for all of these things of the 小区, made where there is none: the same thing always has the same code.
    `by` is the host's membership, or None where the house makes them. The caller has found the things here (G1)."""
    ids = list(dict.fromkeys(ids))
    own = QrToken.made_for.in_([_key(target_type, each) for each in ids])
    had = {row.target_id: row.code for row in QrToken.select().where(own & (QrToken.expires_at.is_null()))}
    if len(had) == len(ids):
        return had
    with writing():
        QrToken.update(made_for=None).where(own & (QrToken.expires_at <= now)).execute()
        rows = []
        for number in (each for each in ids if each not in had):
            code = new_code(WORD)
            rows.append(
                {
                    "code_hash": _hash(code),
                    "code": code,
                    "purpose": purpose,
                    "neighborhood": neighborhood.id,
                    "target_type": target_type,
                    "target_id": number,
                    "made_for": _key(target_type, number),
                    "label": clean_line((labels or {}).get(number, "")[:40], 40, "label", "名称"),
                    "created_by": by and by.id,
                    "created_at": now,
                    "not_before": not_before,
                    "expires_at": expires_at,
                }
            )
        QrToken.insert_many(rows).on_conflict_ignore().execute()
        return {row.target_id: row.code for row in QrToken.select().where(own)}


def view_code(neighborhood, purpose, target_type, target_id, by, now, label="", not_before=None, expires_at=None):
    """The code of one thing, as `view_codes`."""
    made = view_codes(neighborhood, purpose, target_type, [target_id], by, now, {target_id: label}, not_before, expires_at)
    return made[target_id]


def retarget(token, target_type, target_id, by, now, reason, purpose=None):
    """What is printed leads somewhere else from now on (R42). Audited; refused for a code that is revoked or leads nowhere by
    choice (a door, a card). The caller has found the thing in the code's 小区."""
    reason = audit.reason_of(reason)
    if not token.target_type:
        raise Refused("fixed", "这个码去哪儿是固定的，不能换")
    key = _key(target_type, target_id)
    with writing():
        free = not QrToken.select().where((QrToken.made_for == key) & (QrToken.id != token.id)).exists()
        values = {"target_type": target_type, "target_id": target_id, "made_for": key if free else None}
        living = (QrToken.id == token.id) & QrToken.revoked_at.is_null()
        if not QrToken.update(purpose=purpose or token.purpose, **values).where(living).execute():
            raise _revoked()
        before, after = {"target": _key(token.target_type, token.target_id)}, {"target": key}
        _record("retarget code", token, by, now, reason, before=before, after=after)


def revoke(token, by, now, reason):
    """End a printed code, with a reason; whoever scans it is told, and shown the way to the 小区. For good: refused twice."""
    reason = audit.reason_of(reason)
    with writing():
        living = (QrToken.id == token.id) & QrToken.revoked_at.is_null()
        if not QrToken.update(revoked_at=now, made_for=None).where(living).execute():
            raise _revoked()
        _record("revoke code", token, by, now, reason)


def _revoked():
    return Refused("revoked", "这个码已经停用了")


def _record(action, token, by, now, reason, **more):
    audit.record(action, token, actor=by.user, now=now, reason=reason, neighborhood=token.neighborhood_id, **more)


def use(token, now):
    """Spend one use of an action code, in the transaction of what it is for; refused where it is not active at `now`, to the
    second and however many come at once."""
    alive = QrToken.revoked_at.is_null() & (QrToken.expires_at.is_null() | (QrToken.expires_at > now))
    begun = QrToken.not_before.is_null() | (QrToken.not_before <= now)
    left = QrToken.max_uses.is_null() | (QrToken.uses < QrToken.max_uses)
    with writing():
        if not QrToken.update(uses=QrToken.uses + 1).where((QrToken.id == token.id) & alive & begun & left).execute():
            state = QrToken.get_by_id(token.id).state(now)
            raise Refused(f"code-{state}", {"early": "还没到时间", "used": "这个码已经用完了"}.get(state, "这个码已经失效了"))


def day_of(now):
    """The day in Shanghai under which a scan is counted."""
    return f"{now + SHANGHAI:%Y-%m-%d}"


# A database that only reads, or is full; on SQLite also a folder that takes no lock.
_CANNOT_WRITE = (OperationalError, InternalError, OSError)


def slow_down(address, now):
    """Whoever scans in a flood waits (429). Where the database takes nothing, nobody is held up."""
    try:
        limits.spend("scan", address, now)
    except _CANNOT_WRITE:
        return


def count(token, now):
    """One more scan of this code today. Looking must work where nothing can be written: then it is not counted (False).
    Codes that are one person's are never counted."""
    if token.membership_id is not None:
        return False
    try:
        with writing():
            ScanTally.insert(token=token.id, day=day_of(now), scans=1).on_conflict(
                conflict_target=[ScanTally.token, ScanTally.day], update={ScanTally.scans: ScanTally.scans + 1}
            ).execute()
    except _CANNOT_WRITE:
        return False
    return True


def tallies(token_ids, since):
    """{token id: {day: scans}} from a day on, in one query."""
    found = {}
    wanted = ScanTally.token.in_(list(token_ids)) & (ScanTally.day >= since)
    for token, day, scans in (
        ScanTally.select(ScanTally.token, ScanTally.day, ScanTally.scans).where(wanted).order_by(ScanTally.day).tuples()
    ):
        found.setdefault(token, {})[day] = scans
    return found


def sums(token_ids, since):
    """{token id: (scans ever, scans from this day on)}, in one query."""
    lately = fn.SUM(Case(None, [(ScanTally.day >= since, ScanTally.scans)], 0))
    query = ScanTally.select(ScanTally.token, fn.SUM(ScanTally.scans), lately).where(ScanTally.token.in_(list(token_ids)))
    return {token: (ever, recent) for token, ever, recent in query.group_by(ScanTally.token).tuples()}
