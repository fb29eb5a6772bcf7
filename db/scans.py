"""What stands behind a QR code `/q/<code>`: a purpose, a 小区, perhaps a person. A GET only ever looks (S8)."""

import hashlib
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField

from db import audit
from db.base import Table, hold, new_code, writing
from db.members import Membership, lend_no_key
from db.neighborhoods import Neighborhood

CARD_LIFE = timedelta(days=365)


class QrToken(Table):
    """`code` stands here only for view codes, which anyone may see; a paper card's code opens a door and rests as a hash."""

    code_hash = CharField(max_length=64, unique=True)
    code = CharField(max_length=20, default="")
    purpose = CharField(max_length=10)  # join | card
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    membership = ForeignKeyField(Membership, null=True, backref="+")
    created_at = DateTimeField()
    expires_at = DateTimeField(null=True)
    revoked_at = DateTimeField(null=True)

    class Meta:
        indexes = ((("neighborhood", "purpose"), False),)

    def state(self, now):
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires_at is not None and self.expires_at <= now else "active"


def _hash(code):
    return hashlib.sha256(code.upper().encode()).hexdigest()


def find(code):
    """The token of a scanned code with its 小区, or None for a forged one. Codes are not case sensitive."""
    return QrToken.select(QrToken, Neighborhood).join(Neighborhood).where(QrToken.code_hash == _hash(code)).first()


def join_code(neighborhood, now):
    """The code on this 小区's posters: made once, then always the same."""
    mine = (QrToken.neighborhood == neighborhood.id) & (QrToken.purpose == "join") & QrToken.revoked_at.is_null()
    if existing := QrToken.get_or_none(mine):
        return existing.code
    with writing():
        hold(Neighborhood, Neighborhood.id == neighborhood.id)
        if existing := QrToken.get_or_none(mine):
            return existing.code
        code = new_code(8)
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
