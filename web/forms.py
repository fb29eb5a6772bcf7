"""Forms: every field named, bounded and cleaned; what was typed is kept, the sentence stands beside the field (G4, S16)."""

import secrets
import unicodedata
from functools import lru_cache

from flask import current_app, session
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from itsdangerous import URLSafeTimedSerializer
from wtforms import BooleanField, HiddenField, PasswordField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

__all__ = ["BooleanField", "Form", "HiddenField", "Line", "OpId", "PasswordField", "SelectField", "Text", "whole"]


def _clean(text):
    return unicodedata.normalize("NFC", text) if text else text


def _no_control_letters(form, field):
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\r\t" for letter in field.data or ""):
        raise ValidationError("里面有看不见的控制字符，请删掉再试")


def Line(label, longest, **options):
    """A single line of text."""
    words = f"最多 {longest} 个字"
    return StringField(label, filters=[_clean], validators=[Length(max=longest, message=words), _no_control_letters], **options)


def Text(label, longest, **options):
    """Several lines of text."""
    words = f"最多 {longest} 个字"
    return TextAreaField(label, filters=[_clean], validators=[Length(max=longest, message=words), _no_control_letters], **options)


def whole(text, otherwise=None):
    """What was typed as a whole number, `otherwise` where nothing was, None for anything else: the rule says what it minds."""
    text = (text or "").strip()
    if not text:
        return otherwise
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 8 else None


@lru_cache(4096)
def signed(secret, token):
    """A token as Flask-WTF writes it into a form. It has no time limit, so it is signed once, not on every page."""
    return URLSafeTimedSerializer(secret, salt="wtf-csrf-token").dumps(token)


def csrf():
    """This visitor's token for forms, as Flask-WTF makes it."""
    if "csrf_token" not in session:
        return generate_csrf()
    return signed(current_app.secret_key, session["csrf_token"])


def new_op_id():
    """A number for one filled-in form."""
    return secrets.token_hex(12)


class OpId(HiddenField):
    """The form's own number: sent twice, it acts once (G5)."""

    def __init__(self, **options):
        super().__init__(default=new_op_id, **options)

    def process_formdata(self, values):
        given = values[0] if values else ""
        self.data = given if given.isascii() and given.isalnum() and 8 <= len(given) <= 40 else new_op_id()


class Form(FlaskForm):
    """The base of all forms. CSRF is checked for the whole app, so a form does not check it again."""

    class Meta:
        csrf = False

    def refuse(self, refused, otherwise=""):
        """Put a rule's sentence beside its field, or beside `otherwise`; False when it belongs to none of them."""
        field = self._fields.get(refused.field or "") or self._fields.get(otherwise)
        if field is None:
            return False
        field.errors = [*field.errors, refused.sentence]
        return True
