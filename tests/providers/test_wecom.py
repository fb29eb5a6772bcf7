"""企业微信群机器人 against a robot on this machine: the shape of a message, its bytes, and every way it may say no."""

import pytest

from providers import wecom
from tests.providers import fakes

KEY = "693a91f6-7c2e-4bc4-97a0-0ec2512345ab"


@pytest.fixture
def there():
    with fakes.robots(KEY) as robots:
        yield robots


def trouble(there, key=KEY, words=None):
    with pytest.raises(wecom.Trouble) as met:
        wecom.Wecom(there.url).send(key, words or {"text": "有 3 条内容等您看"})
    assert key not in str(met.value)
    return met.value


def test_a_message_has_the_shape_it_should(there):
    robot = wecom.Wecom(there.url)
    robot.send(KEY, {"text": "您好"})
    robot.send(KEY, {"text": "急事", "all": True})
    robot.send(KEY, {"markdown": "**翠湖花园** [打开](http://localhost/)"})
    assert [body for _, body in there.got] == [
        {"msgtype": "text", "text": {"content": "您好"}},
        {"msgtype": "text", "text": {"content": "急事", "mentioned_list": ["@all"]}},
        {"msgtype": "markdown", "markdown": {"content": "**翠湖花园** [打开](http://localhost/)"}},
    ]


@pytest.mark.parametrize(("kind", "most"), [("text", 2048), ("markdown", 4096)])
@pytest.mark.parametrize("letter", ["长", "a", "🏮"])
def test_what_is_too_long_is_cut_between_two_letters(there, kind, most, letter):
    for count in (most // len(letter.encode()), most + 1, 10_000):
        wecom.Wecom(there.url).send(KEY, {kind: letter * count})
        content = there.got[-1][1][kind]["content"]
        assert most - 7 < len(content.encode()) <= most and set(content) <= {letter, "…"}


def test_too_fast_is_later(there):
    for _ in range(20):
        wecom.Wecom(there.url).send(KEY, {"text": "您好"})
    met = trouble(there)
    assert met.retry_after == 60 and not met.final


def test_a_robot_that_is_gone_is_gone(there):
    met = trouble(there, "00000000-7c2e-4bc4-97a0-0ec2512345ab")
    assert met.gone and met.final


def test_a_machine_in_trouble_is_tried_again(there):
    there.status = 502
    met = trouble(there)
    assert not met.final and not met.retry_after
    met = trouble(type("Nowhere", (), {"url": "http://127.0.0.1:9"}))
    assert not met.final


@pytest.mark.parametrize("answer", [None, [], {}, {"errcode": "soon"}, "ok"])
def test_an_answer_nobody_understands_is_trouble(there, answer):
    there.judge = lambda *asked: answer
    assert not trouble(there).final
