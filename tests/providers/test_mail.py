"""E-mail against a server on this machine: encrypted before the password, text and HTML, a way out in the header."""

import json

import pytest

import config
from providers import mail
from tests.providers import fakes

SENDER = "邻里客厅 <no-reply@linli.example>"
LETTER = {
    "subject": "翠湖花园今天的小报",
    "lead": "王阿姨，晚上好。",
    "sections": [{"title": "翠湖花园", "lines": [["赵敏：<b>馄饨</b> & 醋", "http://localhost/n/cuihu/posts/1?a=1&b=2"]]}],
    "foot": "在网页上看：http://localhost/inbox",
    "unsubscribe": "http://localhost/unsubscribe/" + "WzEyMywiZGlnZXN0Il0" * 5,
}


def send(provider, letter=LETTER, to="wang@example.com"):
    provider.send(to, json.dumps(letter))


def test_a_letter_goes_encrypted_with_a_password_as_text_and_page(tmp_path):
    server_side, ours = fakes.certificate(tmp_path)
    with fakes.mail_server(server_side) as server:
        send(mail.SmtpMail(f"smtp://linli:se%3Acret@127.0.0.1:{server.port}", SENDER, context=ours))
        ((to, got),) = server.got
    assert server.raw.count(b"List-Unsubscribe: <" + LETTER["unsubscribe"].encode() + b">\r\n") == 1
    assert (to, got["To"], got["Subject"]) == ("wang@example.com", "wang@example.com", LETTER["subject"])
    assert "邻里客厅" in got["From"] and got["Message-ID"].endswith("@linli.example>") and got["Date"]
    assert got["List-Unsubscribe"] == f"<{LETTER['unsubscribe']}>" and got["Auto-Submitted"] == "auto-generated"
    text, page = (got.get_body((kind,)).get_content().replace("\r\n", "\n") for kind in ("plain", "html"))
    assert "赵敏：<b>馄饨</b> & 醋\nhttp://localhost/n/cuihu/posts/1?a=1&b=2" in text and LETTER["unsubscribe"] in text
    assert "&lt;b&gt;馄饨&lt;/b&gt; &amp; 醋" in page and 'href="http://localhost/n/cuihu/posts/1?a=1&amp;b=2"' in page
    assert "<img" not in page and "<script" not in page and LETTER["unsubscribe"] in page


def test_a_wrong_password_or_an_unknown_certificate_sends_nothing(tmp_path):
    server_side, ours = fakes.certificate(tmp_path)
    with fakes.mail_server(server_side) as server:
        for url, context in (("smtp://linli:wrong@127.0.0.1", ours), ("smtp://linli:se%3Acret@127.0.0.1", None)):
            with pytest.raises(OSError):
                send(mail.SmtpMail(f"{url}:{server.port}", SENDER, context=context))
        assert server.got == []


def test_without_encryption_only_to_this_machine(monkeypatch):
    with fakes.mail_server() as server:
        provider = mail.SmtpMail(f"smtp://127.0.0.1:{server.port}", SENDER)
        send(provider)
        assert len(server.got) == 1
        monkeypatch.setattr(mail, "LOCAL", set())
        with pytest.raises(mail.Trouble, match="STARTTLS"):
            send(provider)
        assert len(server.got) == 1


@pytest.mark.parametrize(("answer", "final"), [("550 no such person", True), ("451 come again", False)])
def test_an_address_that_is_refused_is_given_up_or_tried_again(answer, final):
    with fakes.mail_server() as server:
        server.refuses["wang@example.com"] = answer
        with pytest.raises(mail.Trouble) as met:
            send(mail.SmtpMail(f"smtp://127.0.0.1:{server.port}", SENDER))
    assert met.value.final is final and "wang" not in str(met.value)


def test_nobody_there_is_an_os_error_and_no_mail_says_so():
    with pytest.raises(OSError):
        send(mail.SmtpMail("smtp://127.0.0.1:9", SENDER))
    with pytest.raises(mail.Trouble) as met:
        send(mail.provider("", ""))
    assert met.value.final


@pytest.mark.parametrize(
    ("url", "sender", "right"),
    [
        ("smtp://a:b@mail.example.cn:587", "no-reply@example.cn", True),
        ("smtps://mail.example.cn", SENDER, True),
        ("http://mail.example.cn", SENDER, False),
        ("smtp://", SENDER, False),
        ("smtp://mail.example.cn", "", False),
        ("", "", True),
    ],
)
def test_settings_that_cannot_work_stop_the_start(monkeypatch, tmp_path, url, sender, right):
    for name, value in {"LINLI_MAIL_URL": url, "LINLI_MAIL_FROM": sender, "LINLI_DATA_DIR": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    if right:
        assert config.from_environment().mail_url == url
    else:
        with pytest.raises(config.BadConfig, match="LINLI_MAIL"):
            config.from_environment()
