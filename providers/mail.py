"""E-mail by SMTP. What is to be said comes as a letter (subject, lead, sections, foot); how it looks is written here."""

import json
import smtplib
import ssl
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import formatdate, make_msgid, parseaddr
from html import escape
from urllib.parse import unquote, urlsplit

LOCAL = {"localhost", "127.0.0.1", "::1"}
PAGE = "font:17px/1.6 sans-serif;color:#2B2620;max-width:600px;margin:auto;padding:16px"


class Trouble(OSError):
    """It did not go; `final` where trying again is of no use."""

    def __init__(self, words, *, final=False):
        super().__init__(words)
        self.final = final


class Policy(EmailPolicy):
    """Python breaks an address too long for one line into coded words, which no mail program follows."""

    def fold_binary(self, name, value):
        if name == "List-Unsubscribe":
            return f"{name}: {value}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


def as_text(letter):
    """The letter as plain text, every address on a line of its own."""
    parts = [letter["lead"]]
    for section in letter["sections"]:
        lines = [f"{words}\n{url}" for words, url in section["lines"]]
        parts.append("\n".join(([f"【{section['title']}】"] if section["title"] else []) + lines))
    parts.append(letter["foot"])
    if "unsubscribe" in letter:
        parts.append(f"不想再收到：{letter['unsubscribe']}")
    return "\n\n".join(parts) + "\n"


def as_html(letter):
    """The letter as a small page that needs nothing from anywhere: no picture tells us that it was opened."""
    parts = [f'<!doctype html><html lang="zh-CN"><meta charset="utf-8"><body><div style="{PAGE}"><p>{escape(letter["lead"])}</p>']
    for section in letter["sections"]:
        parts += [f"<h2>{escape(section['title'])}</h2>"] if section["title"] else []
        parts += [f'<p><a href="{escape(url)}">{escape(words)}</a></p>' for words, url in section["lines"]]
    parts.append(f"<p>{escape(letter['foot'])}</p>")
    if "unsubscribe" in letter:
        parts.append(f'<p><a href="{escape(letter["unsubscribe"])}">不想再收到</a></p>')
    return "\n".join(parts) + "</div></body></html>\n"


class SmtpMail:
    """Sends through `smtp://user:password@host:587` (STARTTLS; without it only to this machine) or `smtps://…:465`."""

    def __init__(self, url, sender, *, timeout=8, context=None):
        parts = urlsplit(url)
        self.safe, self.host = parts.scheme == "smtps", parts.hostname
        self.port = parts.port or (465 if self.safe else 587)
        self.user, self.password = unquote(parts.username or ""), unquote(parts.password or "")
        self.sender, self.timeout = sender, timeout
        self.context = context or ssl.create_default_context()

    def message(self, to, letter):
        """The e-mail of a letter: text and HTML, and how to be spared the next one."""
        mail = EmailMessage(policy=Policy())
        mail["Subject"], mail["From"], mail["To"] = letter["subject"], self.sender, to
        mail["Date"], mail["Message-ID"] = formatdate(), make_msgid(domain=parseaddr(self.sender)[1].rpartition("@")[2])
        mail["Auto-Submitted"] = "auto-generated"
        if "unsubscribe" in letter:
            mail["List-Unsubscribe"] = f"<{letter['unsubscribe']}>"
        mail.set_content(as_text(letter))
        mail.add_alternative(as_html(letter), subtype="html")
        return mail

    def send(self, to, text):
        """Send one letter (JSON) to one address; raises Trouble, or another OSError."""
        mail = self.message(to, json.loads(text))
        try:
            with self._connect() as server:
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            final = all(code >= 500 for code, _ in error.recipients.values())
            raise Trouble("mail: the address is refused", final=final) from None  # its words would hold the address

    def _connect(self):
        if self.safe:
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.context)
        server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        try:
            server.ehlo()
            if server.has_extn("starttls"):
                server.starttls(context=self.context)
            elif self.host not in LOCAL:
                raise Trouble("mail: the server offers no STARTTLS")
        except BaseException:
            server.close()
            raise
        return server


class NoMail:
    """For a house without e-mail; db/mailboxes.py takes no address there, so this hears of none."""

    def send(self, to, text):
        raise Trouble("LINLI_MAIL_URL is not set: no e-mail here", final=True)


def provider(url, sender):
    """The provider of these settings; config.py has looked at them."""
    return SmtpMail(url, sender) if url else NoMail()
