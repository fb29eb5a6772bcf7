"""A person's e-mail address, for the daily digest only. Encrypted where it rests; nothing goes there before she confirmed it."""

import json
import re
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, TextField

from db import limits, links, outbox, phones
from db.base import Refused, Table, writing
from db.people import User

LINK_LIFE = timedelta(days=3)
ASKED_TWICE = timedelta(minutes=1)  # a double tap is one letter

# Whether this house sends e-mail at all (config.py: LINLI_MAIL_URL).
sends = False


class Mailbox(Table):
    user = ForeignKeyField(User, unique=True, backref="+", on_delete="CASCADE")
    sealed = TextField()
    digest = CharField(max_length=64)  # of the address, so that a link confirms only the one it was sent to
    asked_at = DateTimeField()
    confirmed_at = DateTimeField(null=True)

    @property
    def address(self):
        return phones.unseal(self.sealed)

    @property
    def masked(self):
        name, _, host = self.address.partition("@")
        return f"{name[0]}***@{host}"


def of(user):
    """The address this person left, confirmed or not yet, or None."""
    return Mailbox.get_or_none(Mailbox.user == user.id)


def clean_address(text):
    """An address of plain letters, its host in small ones; Refused beside the field `email` otherwise."""
    name, _, host = (text or "").strip().partition("@")
    address = f"{name}@{host.lower()}"
    plain = re.fullmatch(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}", address)
    if not plain or len(address) > 100:
        raise Refused("bad-email", "请写一个完整的邮箱地址，比如 name@example.com", field="email")
    return address


def ask(user, text, now):
    """Remember this address for this person and send the letter that confirms it; another one she had is forgotten.

    Asked again within a minute, or for the address that is confirmed already, nothing is sent."""
    if not sends:
        raise Refused("no-mail", "这里没有开通邮件，消息都在这一页")
    address = clean_address(text)
    digest = phones.digest("email", address)
    fresh = {"sealed": phones.seal(address), "digest": digest, "asked_at": now, "confirmed_at": None}
    known = (Mailbox.user == user.id) & (Mailbox.digest == digest)
    with writing():
        lately = known & (Mailbox.confirmed_at.is_null(False) | (Mailbox.asked_at > now - ASKED_TWICE))
        if Mailbox.select().where(lately).exists():
            return
        Mailbox.insert(user=user.id, **fresh).on_conflict(conflict_target=[Mailbox.user], update=fresh).execute()
        limits.spend("mail-address", digest, now)
        limits.spend("mail-world", "all", now)
        outbox.put("mail", address, _letter(user, digest), now, now + LINK_LIFE)


def _letter(user, digest):
    url = links.absolute(f"/inbox/mail/{links.sign('confirm mail', user.id, digest)}")
    letter = {
        "subject": "邻里客厅：请确认您的邮箱",
        "lead": f"{user.name}，您好。点下面的链接，每天的小报就会寄到这里。三天内有效。",
        "sections": [{"title": "", "lines": [["确认这个邮箱", url]]}],
        "foot": "如果不是您本人填写的，不用理会这封信，我们不会再寄。",
    }
    return json.dumps(letter, ensure_ascii=False)


def asked_by(token, now):
    """The mailbox that a letter's link is about, confirmed or waiting; None when forged, too old, or since changed."""
    user_id, digest = links.read("confirm mail", token, 2) or (None, None)
    found = Mailbox.get_or_none((Mailbox.user == user_id) & (Mailbox.digest == digest)) if user_id else None
    return found if found and (found.confirmed_at or now - found.asked_at < LINK_LIFE) else None


def confirm(mailbox, now):
    """From now on the digest goes there; a second time changes nothing."""
    with writing():
        waiting = (Mailbox.id == mailbox.id) & (Mailbox.digest == mailbox.digest) & Mailbox.confirmed_at.is_null()
        Mailbox.update(confirmed_at=now).where(waiting).execute()


def remove(user):
    """Forget this person's address."""
    with writing():
        Mailbox.delete().where(Mailbox.user == user.id).execute()


def confirmed(users):
    """{person's id: address} of those of these people who want letters; nobody where the house sends none."""
    if not sends:
        return {}
    rows = Mailbox.select().where(Mailbox.user.in_(users) & Mailbox.confirmed_at.is_null(False))
    return {row.user_id: row.address for row in rows}


def move(source, target):
    """Two accounts of one person become one: the address goes along where the other has none (db/merging.py)."""
    if Mailbox.select().where(Mailbox.user == target.id).exists():
        Mailbox.delete().where(Mailbox.user == source.id).execute()
    else:
        Mailbox.update(user=target.id).where(Mailbox.user == source.id).execute()
