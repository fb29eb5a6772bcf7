"""好久没来的邻居 on the desk."""

import pytest

from db.invitations import Invitation
from tests import make
from tests.blueprints.answers import flash_after, is_whole, led_to, shown_the_door, told_to_load, words

LIST = "/n/cuihu/desk/dormant"


def page_of(member):
    return f"{LIST}/{member.id}"


@pytest.fixture
def url(cast, now):
    """Where 李姐 sends 王阿姨 one kind word."""
    make.quiet(cast.wang, now)
    return f"{page_of(cast.wang)}/topics/{make.topic(cast.li, now).id}"


def test_nobody_is_missing_yet(web, cast):
    page = web.as_(cast.li).get(LIST)
    assert is_whole(page) and "大家最近都来过" in words(page) and LIST in words(web.as_(cast.li).get("/n/cuihu/desk/"))


@pytest.mark.parametrize("part", [False, True])
def test_a_host_sends_one_kind_word(web, cast, url, part):
    li = web.as_(cast.li)
    assert page_of(cast.wang) in words(li.get(LIST)) and page_of(cast.chen) not in words(li.get(LIST))
    page = li.get(page_of(cast.wang))
    assert is_whole(page) and url in words(page) and "李姐想听听您怎么说：晒出你家的拿手菜" in words(page)
    answer = li.post(url, part=part)
    assert told_to_load(answer, LIST) if part else led_to(answer, LIST)
    assert "王阿姨来不来都好" in flash_after(li, answer)
    assert li.post(url, part=part).status_code == 409 and Invitation.select().count() == 1
    assert "先不打扰" in words(li.get(LIST)) and url not in words(li.get(page_of(cast.wang)))
    assert "近 90 天请过 1 位，0 位又来了" in words(li.get(LIST))
    assert "好久不见" in words(web.as_(cast.wang).get("/inbox"))


def test_who_was_here_lately_is_not_asked(web, cast, url):
    li = web.as_(cast.li)
    assert "不用请" in words(li.get(page_of(cast.chen)))
    assert li.post(url.replace(f"/{cast.wang.id}/", f"/{cast.chen.id}/")).status_code == 409


def test_what_is_not_there_cannot_be_invited_to(web, cast, now, url):
    strange = make.topic(cast.zhou, now, "别处的话题")
    li = web.as_(cast.li)
    for end in (f"topics/{strange.id}", "topics/99999", "posts/99999", "users/1"):
        assert li.post(f"{page_of(cast.wang)}/{end}").status_code == 404
    assert li.post(f"{page_of(cast.zhou)}/topics/{make.topic(cast.li, now, '聊聊周末').id}").status_code == 404
    assert not Invitation.select().exists()


@pytest.mark.parametrize("after", ["x", "-1", "9" * 30, "²", "99999"])
def test_an_odd_cursor_breaks_nothing(web, cast, url, after):
    assert web.as_(cast.li).client.get(LIST, query_string={"after": after}).status_code == 200


def test_the_list_is_the_hosts_of_this_place_alone(web, cast, now, url):
    qian = make.host(cast.yangguangli, "钱主理", now)
    for address, act in ((LIST, "get"), (page_of(cast.wang), "get"), (url, "post")):
        ask = lambda person, address=address, act=act: getattr(web.as_(person), act)(address)  # noqa: E731
        assert ask(cast.wang).status_code == 403
        for stranger in (cast.zhou, cast.lin, qian):
            assert ask(stranger).status_code == 404
        assert shown_the_door(getattr(web.guest(), act)(address), "/signin", address if act == "get" else "/n/cuihu/")
    assert not Invitation.select().exists()
