"""小报: one a day for whoever has something new, people before products, nobody else's words, however often the job runs."""

import json
from datetime import timedelta

import pytest

from db import (
    belongings,
    blocks,
    comments,
    digests,
    forgetting,
    likes,
    mailboxes,
    members,
    neighborhoods,
    notices,
    outbox,
    people,
    phones,
    posts,
)
from db.base import writing
from db.digests import Digest
from db.notices import Notice
from db.outbox import OutboxMessage
from tests import make
from tests.make import at_once

HOUR = timedelta(hours=1)
DAY = "2026-03-20"


@pytest.fixture
def evening(now):
    """18:40 in Shanghai, of the day whose noon is `now`."""
    return now + timedelta(hours=6, minutes=40)


def shown(person, day=DAY):
    """{小区: ([words of posts], [topics])} of this person's digest."""
    digest = digests.of(person.user, day)
    found = digests.read(digest) if digest else []
    return {each.place.name: ([post.body for post in each.posts], [topic.prompt for topic in each.topics]) for each in found}


def letters():
    """[(to, letter)] waiting to be sent."""
    waiting = OutboxMessage.select().where((OutboxMessage.channel == "mail") & (OutboxMessage.state == "waiting"))
    opened = [json.loads(phones.unseal(row.sealed)) for row in waiting.order_by(OutboxMessage.id)]
    return [(each["to"], json.loads(each["text"])) for each in opened]


def subscribe(person, now, address="wang@example.com"):
    mailboxes.ask(person.user, address, now)
    mailboxes.confirm(mailboxes.of(person.user), now)
    OutboxMessage.delete().execute()


# When


@pytest.mark.parametrize(
    ("hour", "minute", "day"),
    [(18, 29, None), (18, 30, "20"), (22, 29, "20"), (22, 30, None), (3, 0, None), (7, 30, "19"), (11, 59, "19"), (12, 0, None)],
)
def test_it_is_due_in_the_evening_or_made_up_for_in_the_morning_and_lets_people_sleep(now, hour, minute, day):
    at = now.replace(hour=0, minute=0) + timedelta(hours=hour - 8, minutes=minute)
    assert digests.due_day(at) == (day and (now.replace(day=int(day))).date())


def test_once_a_day_however_often_it_is_called(cast, now, evening):
    make.post(cast.zhao, now)
    assert digests.write_due(now) == 0
    assert digests.write_due(evening) == 3  # 李姐、王阿姨、陈奶奶; 赵敏 wrote it herself, and 阳光里 has no news
    for later in (0, 1, 2):
        assert digests.write_due(evening + later * HOUR) == 0
    assert Digest.select().count() == Notice.select().where(Notice.kind == "digest").count() == 3
    assert digests.write_due(evening + 14 * HOUR) == 0  # the morning after: there is nothing to make up for
    assert digests.write_due(evening + 24 * HOUR) == 0  # nothing new
    make.post(cast.zhao, evening + 25 * HOUR, "第二天")
    assert digests.write_due(evening + 48 * HOUR) == 3
    assert Notice.select().where(Notice.kind == "digest").count() == 3  # an unread one takes the new address
    assert Notice.get(Notice.user == cast.wang.user_id).url == "/inbox/digest/2026-03-22"


def test_eight_schedulers_at_once_write_each_once(cast, now, evening):
    make.post(cast.zhao, now)
    subscribe(cast.wang, now)
    assert sum(at_once(8, lambda _: digests.write_due(evening))) == 3
    assert Digest.select().count() == 3 and len(letters()) == 1
    assert {line.times for line in Notice.select().where(Notice.kind == "digest")} == {1}


def test_a_missed_evening_is_made_up_for_in_the_morning_once(cast, now, evening):
    make.post(cast.zhao, now)
    assert digests.write_due(evening + 8 * HOUR) == 0  # at night
    assert digests.write_due(evening + 14 * HOUR) == 3
    assert digests.write_due(evening + 15 * HOUR) == 0
    assert shown(cast.wang) == {"翠湖花园": (["窗外的樱花开了"], [])}


def test_what_broke_off_goes_on_where_it_was(cast, now, evening, monkeypatch):
    monkeypatch.setattr(digests, "BATCH", 2)
    make.post(cast.zhao, now)
    real, calls = notices.tell, []

    def breaks(*args, **kwargs):
        calls.append(args)
        if len(calls) == 2:
            raise OSError("the power went")
        return real(*args, **kwargs)

    monkeypatch.setattr(notices, "tell", breaks)
    with pytest.raises(OSError):
        digests.write_due(evening)
    assert 0 < digests.write_due(evening + HOUR) < 3
    assert Digest.select().count() == 3


# What


def test_people_before_products_the_best_first_and_what_nobody_answered(cast, now, evening):
    best = make.post(cast.zhao, now, "大家喜欢的")
    for member in (cast.wang, cast.li):
        likes.set_like(member, best, True, now)
    make.post(cast.li, now, "橙子来了", kind="promo", title="橙子")
    for number in range(5):
        make.post(cast.zhao, now + timedelta(minutes=number), f"第 {number} 条")
    make.post(cast.zhao, now, "谁家有梯子", kind="help", visibility="neighborhood")
    make.post(cast.zhao, now - 30 * HOUR, "前天的")
    topic = make.topic(cast.li, now, "晒出你家的拿手菜")
    digests.write_due(evening)
    bodies, prompts = shown(cast.wang)["翠湖花园"]
    assert bodies == ["谁家有梯子", "大家喜欢的", "第 4 条", "第 3 条", "橙子来了"] and prompts == [topic.prompt]


def test_ones_own_words_and_those_of_whom_one_has_blocked_are_no_news(cast, now, evening):
    make.post(cast.zhao, now)
    blocks.set_block(cast.wang, cast.zhao, True, now)
    digests.write_due(evening)
    assert digests.of(cast.zhao.user, DAY) is None and digests.of(cast.wang.user, DAY) is None
    assert shown(cast.chen) and not Notice.select().where(Notice.user == cast.wang.user_id).exists()


def test_what_waits_or_is_taken_down_is_not_shown_and_nothing_of_another_place(cast, now, evening):
    make.post(cast.wang, now, "等主理人看")
    gone = make.post(cast.zhao, now, "后来删了")
    make.post(cast.li, now, "还在")
    digests.write_due(evening)
    assert set(shown(cast.chen)["翠湖花园"][0]) == {"后来删了", "还在"}
    posts.withdraw(posts.find(cast.cuihu, gone.id), cast.zhao, evening)
    assert shown(cast.chen)["翠湖花园"][0] == ["还在"]
    assert shown(cast.zhou) == {}
    Digest.insert(user=cast.zhou.user_id, day=DAY, content=digests.of(cast.chen.user, DAY).content, made_at=now).execute()
    assert shown(cast.zhou) == {}
    members.leave(cast.chen, now)
    assert shown(cast.chen) == {}


def test_an_unread_line_of_today_is_news_and_one_of_last_week_is_not(cast, now, evening):
    notices.tell([cast.zhou.user], "talk", "上周的", "/", now - timedelta(days=7))
    assert digests.write_due(evening) == 0
    notices.tell([cast.zhou.user], "talk", "今天的", "/about", evening)
    assert digests.write_due(evening + timedelta(days=1)) == 1


def test_who_turned_it_off_is_gone_or_lives_in_a_closed_place_gets_none(cast, now, evening):
    make.post(cast.li, now)
    notices.listen(cast.wang.user_id, "digest", False)
    people.User.update(status="erased").where(people.User.id == cast.chen.user_id).execute()
    assert digests.write_due(evening) == 1  # 赵敏
    make.post(cast.li, evening + HOUR)
    neighborhoods.set_status(cast.cuihu, "closed", "小区拆迁了")
    assert digests.write_due(evening + 24 * HOUR) == 0


def test_the_letter_says_it_all_and_how_to_end_it(cast, now, evening):
    subscribe(cast.wang, now)
    post = make.post(cast.zhao, now, "<b>包了一锅</b>\n荠菜馄饨")
    said = comments.say(cast.wang, post, now, body="香", op_id="abcdefgh")
    comments.say(cast.zhao, post, now, body="来尝", op_id="abcdefgi", answers=said)
    make.topic(cast.li, now)
    digests.write_due(evening)
    ((to, letter),) = letters()
    sections = {section["title"]: section["lines"] for section in letter["sections"]}
    assert to == "wang@example.com" and letter["subject"] == "翠湖花园今天的小报" and letter["lead"].startswith("王阿姨")
    assert sections["您还没看的消息"] == [["评论和回复 1 条", "http://localhost/inbox"]]
    assert sections["翠湖花园"] == [["赵敏：<b>包了一锅</b> 荠菜馄饨", f"http://localhost/n/cuihu/posts/{post.id}"]]
    assert sections["翠湖花园在聊"][0][0] == "#晒出你家的拿手菜"
    token = letter["unsubscribe"].removeprefix("http://localhost/unsubscribe/")
    assert notices.subscription(token).user_id == cast.wang.user_id


def test_nothing_is_written_to_an_address_nobody_confirmed(cast, now, evening, monkeypatch):
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    OutboxMessage.delete().execute()
    make.post(cast.zhao, now)
    digests.write_due(evening)
    assert letters() == []
    mailboxes.confirm(mailboxes.of(cast.wang.user), now)
    monkeypatch.setattr(mailboxes, "sends", False)
    assert mailboxes.confirmed([cast.wang.user_id]) == {}


def test_a_batch_costs_the_same_however_many_people(cast, now, evening, queries, monkeypatch):
    make.post(cast.zhao, now)
    for number in range(20):
        make.neighbor(cast.cuihu, f"邻居{number}", now)
    counts = []
    for batch in (1000, 10):
        monkeypatch.setattr(digests, "BATCH", batch)
        queries.clear()
        digests.write_due(evening)
        counts.append(len([sql for sql in queries if sql.startswith(("SELECT", "INSERT", "UPDATE"))]))
        evening += timedelta(days=1)
        make.post(cast.zhao, evening - HOUR)
    assert counts[0] <= 18 and counts[1] <= 3 * counts[0]


def test_old_ones_are_forgotten(cast, now, evening):
    make.post(cast.zhao, now)
    digests.write_due(evening)
    assert digests.forget_old(evening + timedelta(days=13)) == 0 and digests.forget_old(evening + timedelta(days=15)) == 3


# The address


def test_an_address_is_asked_for_confirmed_by_its_letter_and_forgotten(cast, now):
    mailboxes.ask(cast.wang.user, " Wang@EXAMPLE.com ", now)
    mailboxes.ask(cast.wang.user, "Wang@example.com", now + timedelta(seconds=30))  # a double tap
    ((to, letter),) = letters()
    token = letter["sections"][0]["lines"][0][1].rpartition("/")[2]
    box = mailboxes.asked_by(token, now)
    assert (to, box.address, box.masked, box.confirmed_at) == ("Wang@example.com", "Wang@example.com", "W***@example.com", None)
    assert "example" not in box.sealed and mailboxes.confirmed([cast.wang.user_id]) == {}
    for later in (0, 1):
        mailboxes.confirm(mailboxes.asked_by(token, now), now + later * HOUR)
    assert mailboxes.of(cast.wang.user).confirmed_at == now
    assert mailboxes.confirmed([cast.wang.user_id, cast.zhao.user_id]) == {cast.wang.user_id: "Wang@example.com"}
    mailboxes.ask(cast.wang.user, "wang2@example.com", now + HOUR)
    assert mailboxes.asked_by(token, now) is None and mailboxes.confirmed([cast.wang.user_id]) == {}
    mailboxes.remove(cast.wang.user)
    assert mailboxes.of(cast.wang.user) is None


def test_a_confirming_link_lives_three_days(cast, now):
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    token = letters()[0][1]["sections"][0]["lines"][0][1].rpartition("/")[2]
    assert mailboxes.asked_by(token, now + timedelta(days=2, hours=23))
    assert mailboxes.asked_by(token, now + timedelta(days=3)) is None


@pytest.mark.parametrize(
    "text",
    ["", "wang", "wang@", "@example.com", "a@b", "a b@example.com", "wang@例子.com", "a@b.c\r\nBcc: x@y.zz", "x" * 100 + "@a.cn"],
)
def test_what_is_no_address_is_refused_beside_it(cast, now, text):
    with make.refused("bad-email", 422):
        mailboxes.ask(cast.wang.user, text, now)
    assert not letters()


def test_nobody_is_flooded_with_letters_she_did_not_ask_for(cast, now, limited):
    for number in range(5):
        mailboxes.ask(cast.wang.user, "victim@example.com", now + number * 2 * timedelta(minutes=1))
    with make.refused("too-fast", 429):
        mailboxes.ask(cast.zhao.user, "victim@example.com", now + timedelta(minutes=11))
    assert len(letters()) == 5


def test_who_is_forgotten_leaves_no_address_and_no_letter_on_its_way(cast, now):
    mailboxes.ask(cast.wang.user, "wang@example.com", now)
    mailboxes.ask(cast.zhao.user, "zhao@example.com", now)
    with writing():
        belongings.forget(forgetting.person(cast.wang.user), now)
    assert mailboxes.of(cast.wang.user) is None and [to for to, _ in letters()] == ["zhao@example.com"]


def test_a_house_without_mail_takes_no_address(cast, now, monkeypatch):
    monkeypatch.setattr(mailboxes, "sends", False)
    with make.refused("no-mail"):
        mailboxes.ask(cast.wang.user, "wang@example.com", now)
    assert outbox.OutboxMessage.select().count() == 0
