"""A person's account: name, phone, password, the look they read in. Belonging to a 小区 is a Membership (db/members.py)."""

import re
import unicodedata
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField, IntegrityError
from werkzeug.security import check_password_hash, generate_password_hash

from db import phones
from db.base import Refused, Table, writing
from db.words import BLANK_LETTERS

LOOKS = ("standard", "elder")
SCHEMES = ("auto", "light", "dark")
SAME_FORM = timedelta(minutes=10)
STAFF = {"": "", "district": "片区运营官", "hq": "总部"}
EMOJI_JOINER = re.compile("(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2600-\u27bf\U0001f000-\U0001faff])")
# Checked when nobody has that phone, so that an unknown number takes as long as a wrong password (S14).
_NO_PASSWORD = generate_password_hash("nobody has this password")


class User(Table):
    name = CharField(max_length=20)
    phone_sealed = CharField(max_length=255, null=True)
    phone_digest = CharField(max_length=64, null=True, unique=True)
    password_hash = CharField(max_length=255, null=True)
    staff = CharField(max_length=10, default="")
    look = CharField(max_length=10, default="standard")
    scheme = CharField(max_length=10, default="auto")
    status = CharField(max_length=10, default="active")  # active | suspended | merged | erased
    merged_into = ForeignKeyField("self", null=True, backref="+")
    consented_at = DateTimeField(null=True)
    form_key = CharField(max_length=64, null=True, unique=True)  # of the join form that made it: sent twice, it makes one account
    created_at = DateTimeField()

    @property
    def masked_phone(self):
        return phones.mask(phones.unseal(self.phone_sealed)) if self.phone_sealed else ""


def clean_name(text):
    """1 to 12 visible characters on one line, emoji too; Refused beside the field `name` otherwise."""
    name = " ".join(unicodedata.normalize("NFC", text or "").split())
    if not 1 <= len(name) <= 12:
        raise Refused("bad-name", "称呼请写 1–12 个字，比如「王阿姨」", field="name")
    seen = EMOJI_JOINER.sub("", name)
    unseen = any(unicodedata.category(letter) in {"Cc", "Cf", "Co", "Cs"} or letter in BLANK_LETTERS for letter in seen)
    if unseen or not any(unicodedata.category(letter)[0] in "LNPS" for letter in seen):
        raise Refused("bad-name", "称呼里有看不见的字符，请重新写一下", field="name")
    if any(word in name.replace(" ", "") for word in ("官方", "管理员", "总部", "客服")):
        raise Refused("bad-name", "称呼里不能有「官方、管理员、总部、客服」", field="name")
    return name


def create(name, now, *, staff="", consented=True, form_key=None):
    """A new account without phone or password (X1: joining asks for neither). `now` in UTC."""
    consented_at = now if consented else None
    return User.create(name=clean_name(name), staff=staff, consented_at=consented_at, form_key=form_key, created_at=now)


def of_form(form_key, name, now):
    """The account the same join form made a moment ago under the same name, or None (G5)."""
    lately = (User.form_key == form_key) & (User.created_at > now - SAME_FORM) & (User.status == "active")
    return User.get_or_none(lately & (User.name == clean_name(name))) if form_key else None


def rename(user, name):
    """Change the shown name. The caller refreshes the cards it stands on (db/members.py)."""
    with writing():
        User.update(name=clean_name(name)).where(User.id == user.id).execute()


def take_office(user, office):
    """Make a person district officer or HQ, or neither again; the caller writes the audit line."""
    if office not in STAFF:
        raise Refused("bad-office", "没有这种职务", field="role")
    with writing():
        User.update(staff=office).where(User.id == user.id).execute()


def choose_look(user, look, scheme):
    """Remember 长辈版 and light/dark for this person on every device (R: G11)."""
    if look not in LOOKS or scheme not in SCHEMES:
        raise Refused("bad-look", "没有这种显示方式", field="look")
    with writing():
        User.update(look=look, scheme=scheme).where(User.id == user.id).execute()


def by_phone(phone):
    """The active account of a phone number (any spelling), or None."""
    found = User.get_or_none(User.phone_digest == phones.digest("phone", phones.normalize(phone)))
    return found if found and found.status == "active" else None


def bind_phone(user, phone):
    """Put a proven phone number on an account. Refused `phone-taken` where another account has it (then they merge)."""
    phone = phones.normalize(phone)
    values = {"phone_sealed": phones.seal(phone), "phone_digest": phones.digest("phone", phone)}
    try:
        with writing():
            User.update(**values).where(User.id == user.id).execute()
    except IntegrityError as error:
        raise Refused("phone-taken", "这个手机号已经有一个身份了", field="phone") from error


def hash_password(password):
    """The scrypt hash of an acceptable password: 8 to 128 characters. Slow on purpose: call it outside writing()."""
    if not 8 <= len(password or "") <= 128:
        raise Refused("bad-password", "密码请用 8–128 个字符", field="password")
    return generate_password_hash(password)


def keep_password(user, hashed):
    """Remember the hash that `hash_password` made; it replaces the one before."""
    with writing():
        User.update(password_hash=hashed).where(User.id == user.id).execute()


def confirm_password(user, password):
    """Whoever has a password gives it before it changes: a phone left on a table is not enough (S14). Refused otherwise."""
    if user.password_hash and not check_password_hash(user.password_hash, (password or "")[:128]):
        raise Refused("wrong-password", "现在的密码不对，请再想想", field="current")


def check_password(phone, password):
    """The account behind phone and password, or None; unknown numbers take as long as wrong passwords (S14)."""
    user = by_phone(phone)
    right = check_password_hash(user.password_hash if user and user.password_hash else _NO_PASSWORD, password or "")
    return user if user and user.password_hash and right else None
