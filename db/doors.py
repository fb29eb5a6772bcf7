"""Ways in besides joining: a code to the phone, a 找回码 from the host (X1, S14). Passwords are in people, cards in scans."""

import hmac
import secrets
import unicodedata
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, IntegerField

from db import audit, limits, members, outbox, people, phones
from db.base import Refused, Table, new_code, writing
from db.people import User

CODE_LIFE = timedelta(minutes=5)
CODE_PAUSE = 60  # seconds between two codes to one phone
CODE_TRIES = 5
RECOVERY_LIFE = timedelta(hours=24)
PURPOSES = {"sign-in": "登录", "bind": "绑定手机号"}

sends = True  # config turns it off where no text messages can be sent (LINLI_SMS=none)


class SignInCode(Table):
    phone_digest = CharField(max_length=64)
    purpose = CharField(max_length=10)
    code_digest = CharField(max_length=64)
    asked_by = CharField(max_length=64)  # the browser session that asked: a code told to a stranger opens nothing there
    tries = IntegerField(default=0)
    created_at = DateTimeField()
    expires_at = DateTimeField()

    class Meta:
        indexes = ((("phone_digest", "purpose"), True),)


class RecoveryCode(Table):
    user = ForeignKeyField(User, backref="+", unique=True, on_delete="CASCADE")
    code_digest = CharField(max_length=64)
    issued_by = ForeignKeyField(User, backref="+")
    expires_at = DateTimeField()
    used_at = DateTimeField(null=True)


def _typed(code):
    """A code as it was meant: full-width digits, spaces and dashes do not matter."""
    return "".join(unicodedata.normalize("NFKC", code or "").upper().split()).replace("-", "")


def ask_code(phone, purpose, asked_by, address, now):
    """Queue a 6-digit code to this phone: one live code per phone and purpose, one a minute, 5 a day (S14).

    Says the same for known and unknown numbers; an unknown number asking to sign in is sent nothing."""
    if not sends:
        raise Refused("no-texts", "这里还不能发短信。请用密码或找回码，或请主理人帮忙", field="phone")
    phone = phones.normalize(phone)
    key = phones.digest("phone", phone)
    code = f"{secrets.randbelow(1_000_000):06}"
    fresh = {
        "code_digest": phones.digest("code", f"{key}:{code}"),
        "asked_by": asked_by,
        "tries": 0,
        "created_at": now,
        "expires_at": now + CODE_LIFE,
    }
    with writing():
        asked = (
            SignInCode.insert(phone_digest=key, purpose=purpose, **fresh)
            .on_conflict(
                conflict_target=[SignInCode.phone_digest, SignInCode.purpose],
                update=fresh,
                where=SignInCode.created_at <= now - timedelta(seconds=CODE_PAUSE),
            )
            .as_rowcount()
            .execute()
        )
        if not asked:
            last = SignInCode.get((SignInCode.phone_digest == key) & (SignInCode.purpose == purpose))
            raise limits.too_fast(int(CODE_PAUSE - (now - last.created_at).total_seconds()) + 1)
        limits.spend("code-phone", key, now)
        limits.spend("code-address", address, now)
        limits.spend("code-world", "all", now)
        if purpose == "bind" or people.by_phone(phone):
            text = f"【邻里客厅】{code} 是您的{PURPOSES[purpose]}验证码，5 分钟内有效。请不要告诉任何人。"
            outbox.put("sms", phone, text, now, now + CODE_LIFE)


def awaited(phone, purpose, asked_by, now):
    """Whether a code that this session asked for still opens: it is on its way, and there should be a field to type it in."""
    mine = (SignInCode.phone_digest == phones.digest("phone", phones.normalize(phone))) & (SignInCode.purpose == purpose)
    live = (SignInCode.asked_by == asked_by) & (SignInCode.expires_at > now) & (SignInCode.tries < CODE_TRIES)
    return SignInCode.select().where(mine & live).exists()


def check_code(phone, purpose, code, asked_by, now):
    """True once for the right code in the session that asked for it; Refused beside `code` for anything else, five tries."""
    key = phones.digest("phone", phones.normalize(phone))
    wrong = Refused("wrong-code", "验证码不对或已过期，请看清楚再试，或重新获取", field="code")
    mine = (SignInCode.phone_digest == key) & (SignInCode.purpose == purpose) & (SignInCode.asked_by == asked_by)
    live = mine & (SignInCode.expires_at > now) & (SignInCode.tries < CODE_TRIES)
    with writing():
        counted = SignInCode.update(tries=SignInCode.tries + 1).where(live).execute()
    if not counted:
        raise wrong
    given = phones.digest("code", f"{key}:{_typed(code)}")
    kept = SignInCode.get_or_none(mine)
    if kept is None or not hmac.compare_digest(kept.code_digest, given):
        raise wrong
    with writing():
        if not SignInCode.delete().where(SignInCode.id == kept.id).execute():
            raise wrong  # somebody was quicker with the same code
    return True


def issue_recovery(member, by, now):
    """A one-time 找回码 for 24 hours, handed over by the host in person; returns it, shown once. A newer one replaces it."""
    members.lend_no_key(member)
    code = new_code(8)
    fresh = {
        "code_digest": phones.digest("recovery", code),
        "issued_by": by.user_id,
        "expires_at": now + RECOVERY_LIFE,
        "used_at": None,
    }
    with writing():
        RecoveryCode.insert(user=member.user_id, **fresh).on_conflict(conflict_target=[RecoveryCode.user], update=fresh).execute()
        audit.record(
            "issue recovery",
            member,
            actor=by.user,
            now=now,
            reason="主理人当面发放找回码",
            neighborhood=member.neighborhood_id,
            subject=member.user,
        )
    return code


def redeem_recovery(code, now):
    """The account a 找回码 opens, once; Refused beside `code` otherwise."""
    digest = phones.digest("recovery", _typed(code))
    live = (RecoveryCode.code_digest == digest) & RecoveryCode.used_at.is_null() & (RecoveryCode.expires_at > now)
    with writing():
        found = RecoveryCode.get_or_none(live)
        if not found or not RecoveryCode.update(used_at=now).where(live).execute() or found.user.status != "active":
            raise Refused("wrong-code", "找回码不对、用过了或过期了，请找主理人再要一个", field="code")
        return found.user


def forget_old(now):
    """Codes that can no longer open anything are not kept (the clock calls it daily)."""
    with writing():
        SignInCode.delete().where(SignInCode.expires_at < now - timedelta(days=1)).execute()
        RecoveryCode.delete().where(RecoveryCode.expires_at < now - timedelta(days=1)).execute()
