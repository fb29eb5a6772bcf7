"""隐私: what is hers is found, taken along and forgotten, and nothing of others; who sees a number leaves a line (I18, G10)."""

import json
from datetime import timedelta
from types import SimpleNamespace

import pytest

from db import (
    aid_matches,
    base,
    comments,
    doors,
    exports,
    farewells,
    hosts,
    likes,
    limits,
    members,
    merging,
    mutual_aid,
    needs,
    notices,
    people,
    phones,
    photos,
    posts,
    privacy,
    recommends,
    reports,
    reviews,
    revisions,
    scans,
    services,
    sessions,
)
from db.audit import AuditLog
from db.base import database
from db.comments import Comment
from db.farewells import GONE, Farewell
from db.likes import Like
from db.members import Membership
from db.neighborhoods import Neighborhood, by_slug
from db.notices import Notice
from db.outbox import OutboxMessage
from db.people import User
from db.posts import Post
from db.topics import Topic
from tests import make
from tests.make import at_once, refused

DAY = timedelta(days=1)
NAME, PHONE, OTHER_NAME, BUILDING, SAID = "顾盼秋", "13812340987", "顾小盼", "紫藤17栋", "我自己的一句话"


@pytest.fixture
def gu(cast, now, limited):
    """顾盼秋 has lived here for a while, and left traces wherever one can; once as a second account, once as host."""
    here = SimpleNamespace(now=now)
    other = make.neighbor(cast.cuihu, OTHER_NAME, now, building=BUILDING)
    make.post(other, now, "第二个号说的")
    here.gu = gu = make.neighbor(cast.cuihu, NAME, now, building=BUILDING, trusted=True)
    people.bind_phone(gu.user, PHONE)
    people.keep_password(gu.user, "scrypt:a hash of hers")
    gu = make.again(gu)
    merging.merge(other.user, gu.user, cast.lin, now, f"{NAME}就是{OTHER_NAME}，当面确认")
    members.appoint(gu, "host", cast.lin, now, "暂时代理主理人")
    hosts.describe(make.again(gu), now, title=f"{NAME}主理人", mission=f"{NAME}的使命是让大家都开心", story=f"打我电话 {PHONE}")
    here.topic = make.topic(make.again(gu), now, f"和{NAME}聊聊春天")
    members.appoint(gu, "resident", cast.lin, now, "交接给李姐了")
    gu = make.again(gu)
    sessions.start(gu.user, now, device="iPhone")
    scans.issue_card(gu, cast.li, now)
    scans.view_code(cast.cuihu, "topic", "topic", here.topic.id, gu, now, label=f"{NAME}贴在门口的")
    doors.issue_recovery(gu, cast.li, now)
    doors.ask_code(PHONE, "sign-in", "a browser", "1.2.3.4", now)
    here.codes = [make.photo(gu, now).code for _ in range(4)]
    here.face, here.posted, here.alone, here.tray = here.codes
    photos.use_as_face(gu, photos.find(cast.cuihu, here.face))
    gu = make.again(gu)
    shown = {"consent": True, "topic": here.topic}
    here.post = make.post(gu, now, f"{SAID}，我是{NAME}，电话{PHONE}", photo_codes=[here.posted], **shown)
    here.picture = make.post(gu, now, "", photo_codes=[here.alone], **shown)
    here.down = make.post(gu, now, SAID + "又不想说了")
    posts.withdraw(posts.find(cast.cuihu, here.down.id), gu, now)
    revisions.edit(posts.find(cast.cuihu, here.post.id), gu, now, body=f"{SAID}，改好了，我是{NAME} {PHONE}")
    here.theirs = make.post(cast.zhao, now, "赵敏说的")
    here.comment = comments.say(gu, here.theirs, now, body=f"{SAID}，{NAME}", op_id="comment01")
    comments.say(cast.zhao, posts.find(cast.cuihu, here.post.id), now, body="说得好", op_id="comment02")
    likes.set_like(gu, here.theirs, True, now)
    likes.set_like(cast.zhao, here.post, True, now)
    reviews.feature(posts.find(cast.cuihu, here.post.id), cast.li, now, True)
    reports.file(cast.zhao, posts.find(cast.cuihu, here.post.id), now, reason="other", words=f"{NAME}老发这个")
    notices.tell([cast.zhao.user], "talk", f"{NAME} 评论了您的帖子", "/n/cuihu/", now, neighborhood=cast.cuihu)
    notices.tell([gu.user], "talk", "赵敏 评论了您的帖子", "/n/cuihu/", now, neighborhood=cast.cuihu)
    privacy.see_phone(gu.user, cast.li.user, now, reason=f"找{NAME}取快递", neighborhood=cast.cuihu)
    exports.ask(gu.user, now, op_id="export001")
    privacy.make_exports(now)
    here.gu = gu = make.again(gu)
    make.service(gu, now, f"{NAME}裁缝铺", "13900139000"), make.service(cast.zhao, now, "小裁缝", PHONE)
    tailor = services.twin(cast.cuihu, "小裁缝", PHONE)
    words = {"category": "home", "name": "小裁缝", "hours": "", "address": "", "note": f"就是{NAME}", "paid": False}
    services.rewrite(services.find(cast.cuihu, tailor.id), cast.li, now, phone="13900139001", **words)
    services.rewrite(services.find(cast.cuihu, tailor.id), cast.li, now, phone=PHONE, **words)
    here.shop = make.service(gu, now, "老王修鞋", note=f"{SAID}，{NAME}推荐")
    services.approve(services.find(cast.cuihu, here.shop.id), cast.li, now)
    recommends.set_recommend(cast.zhao, here.shop, True, now)
    here.need = make.need(gu, now, f"{SAID}，有没有邻居一起爬山，我是{NAME}", anonymous=True)
    needs.set_support(cast.zhao, here.need, True, now)
    asked, helped = make.aid(gu, now, building="17栋", when_text=f"找{NAME}"), make.aid(cast.zhao, now)
    aid_matches.accept(helped, aid_matches.offer(helped, gu, now, words=f"我是{NAME}", shares_phone=True), cast.zhao, now)
    for author in (gu, cast.zhao):
        aid_matches.note(mutual_aid.find(cast.cuihu, helped.post_id), author, f"找{NAME}", now, op_id=f"aidnote{author.id}0")
    aid_matches.offer(asked, cast.zhao, now)
    thanked = make.aid(cast.zhao, now)
    aid_matches.accept(thanked, aid_matches.offer(thanked, gu, now), cast.zhao, now)
    for each in (gu, cast.zhao):
        aid_matches.confirm(mutual_aid.find(cast.cuihu, thanked.post_id), each, now)
    aid_matches.thank(mutual_aid.find(cast.cuihu, thanked.post_id), cast.zhao, f"谢谢{NAME}", now)
    here.asked, here.helped = asked, helped
    waiting = make.need(gu, now, f"{NAME}想找人教书法")
    needs.Need.update(state="pending").where(needs.Need.id == waiting.id).execute()
    return here


def leave(gu, words):
    farewells.ask(gu.gu.user, gu.now, traces=words, confirm=NAME, op_id="farewell1")
    return gu.now + farewells.SECOND_THOUGHT


def dump():
    """Every row of every table there is in the database, whoever made it, as text."""
    told = []
    for table in database.get_tables():
        if table == "search_words" and base.on_sqlite():
            continue  # FTS5 keeps pieces of two letters, and gives none back
        told += [f"{table}: {row}" for row in database.execute_sql(f'SELECT * FROM "{table}"').fetchall()]
    return told


def counts(gu):
    post = Post.get_by_id(gu.theirs.id)
    return post.likes, Like.select().count(), Topic.get_by_id(gu.topic.id).closes_at


def shelved():
    return [path for shelf in (photos._shelf["path"], exports._shelf["path"]) for path in shelf.rglob("*.*")]


# Erase


@pytest.mark.parametrize("words", ["keep", "delete"])
def test_after_seven_days_nothing_of_her_is_found_anywhere(cast, gu, words):
    mine = [*gu.codes, NAME, OTHER_NAME, PHONE, BUILDING, phones.digest("phone", PHONE), gu.gu.user.phone_sealed]
    assert all(any(text in line for line in dump()) for text in mine)
    due, before, files = leave(gu, words), counts(gu), exports.Export.get().file
    assert privacy.erase_due(due - timedelta(seconds=1)) == 0 and PHONE in phones.unseal(gu.gu.user.phone_sealed)
    assert privacy.erase_due(due) == 1
    found = [(text, line) for text in mine for line in dump() if text in line]
    assert found == []
    assert [path for path in shelved() if any(text in str(path) for text in [*gu.codes, files])] == []
    assert counts(gu) == before and not any(each.sealed for each in OutboxMessage.select())
    said = [line for line in dump() if SAID in line]
    assert len(said) == (7 if words == "keep" else 0), said  # three of them twice: what the search knows of them
    assert "说得好" in "".join(dump())  # a neighbour's words are the neighbour's


def test_what_she_leaves_stands_under_another_name(cast, gu):
    version = by_slug("cuihu").version
    privacy.erase_due(leave(gu, "keep"))
    post = posts.find(cast.cuihu, gu.post.id)
    assert post.published and post.author.user.name == GONE and (post.author.building, post.author.face) == ("", "")
    assert (
        post.body == f"{SAID}，改好了，我是{GONE} {GONE}" and posts.photos_of([post.id]) == {} and revisions.history(post) == []
    )
    assert (post.likes, post.comments) == (1, 1)
    assert {Post.get_by_id(each.id).state for each in (gu.picture, gu.down)} == {"purged"}
    assert comments.find(gu.theirs, gu.comment.id).body == f"{SAID}，{GONE}"
    assert Topic.get().posts == Post.select().where((Post.topic == gu.topic) & (Post.state == "published")).count() == 1
    assert by_slug("cuihu").version > version


def test_nobody_waits_for_her_to_help(cast, gu):
    privacy.erase_due(leave(gu, "keep"))
    assert mutual_aid.find(cast.cuihu, gu.asked.post_id).state == "cancelled"
    assert mutual_aid.find(cast.cuihu, gu.helped.post_id).state == "open"


def test_or_nothing_of_it_and_the_answers_keep_their_place(cast, gu):
    privacy.erase_due(leave(gu, "delete"))
    assert Post.get_by_id(gu.post.id).state == "purged" and Topic.get().posts == 0
    said = Comment.get_by_id(gu.comment.id)
    assert (said.state, said.body, Post.get_by_id(gu.theirs.id).comments) == ("withdrawn", "", 0)


def test_her_place_is_given_back_and_no_key_of_hers_opens(cast, gu, now):
    before = Neighborhood.get_by_id(cast.cuihu.id).members
    privacy.erase_due(leave(gu, "keep"))
    here = (Membership.neighborhood == cast.cuihu) & (Membership.status == "active")
    assert Neighborhood.get_by_id(cast.cuihu.id).members == before - 1 == Membership.select().where(here).count()
    assert people.by_phone(PHONE) is None and sessions.of(gu.gu.user) == []
    assert {each.status for each in User.select().where(User.name == GONE)} == {"erased"}
    assert scans.QrToken.select().where(scans.QrToken.revoked_at.is_null() & (scans.QrToken.purpose == "card")).count() == 0
    again = members.join(cast.cuihu, now + 8 * DAY, name=NAME, consent=True)
    assert people.bind_phone(again.user, PHONE) is None and again.user_id != gu.gu.user_id


def test_it_stays_on_record_that_it_was_done_and_what_the_host_did(cast, gu):
    privacy.erase_due(leave(gu, "keep"))
    lines = AuditLog.select().where(AuditLog.subject == gu.gu.user_id)
    assert {"erase", "feature", "approve service", "appoint", "see phone", "issue card", "issue recovery", "merge"} == {
        each.action for each in lines
    }
    assert {json.loads(line.before or "{}") == json.loads(line.after or "{}") == {} for line in lines} == {True}
    assert {line.actor_id for line in lines if line.action == "feature"} == {cast.li.user_id}


def test_two_clocks_forget_her_once(cast, gu):
    due = leave(gu, "keep")
    assert sum(at_once(4, lambda _: privacy.erase_due(due))) == 1
    assert Farewell.get().state == "done"


def test_she_stays_or_goes_but_not_half(cast, gu):
    due = leave(gu, "keep")
    at_once(2, lambda number: farewells.stay(gu.gu.user, due) if number else privacy.erase_due(due))
    state, name = Farewell.get().state, User.get_by_id(gu.gu.user_id).name
    assert (state, name) in {("called_off", NAME), ("done", GONE)}


def test_who_was_appointed_meanwhile_stays_and_is_told(cast, gu):
    due = leave(gu, "keep")
    members.appoint(gu.gu, "host", cast.lin, gu.now, "接替李姐做主理人")
    assert privacy.erase_due(due) == 0 and User.get_by_id(gu.gu.user_id).name == NAME and Farewell.get().state == "called_off"
    assert any("没有生效" in each.sentence for each in Notice.select().where(Notice.user == gu.gu.user_id))


def test_an_account_that_was_merged_meanwhile_is_not_taken_for_her(cast, now):
    farewells.ask(cast.wang.user, now, traces="delete", confirm="王阿姨", op_id="farewell1")
    merging.merge(cast.wang.user, cast.zhao.user, cast.lin, now, "同一个人，当面确认")
    assert privacy.erase_due(now + 8 * DAY) == 0 and User.get_by_id(cast.zhao.user_id).name == "赵敏"


def test_what_was_begun_is_finished_by_the_next_one(cast, gu, monkeypatch):
    due, forget = leave(gu, "delete"), privacy.forget
    monkeypatch.setattr(privacy, "forget", lambda her, now: 1 / 0)
    with pytest.raises(ExceptionGroup):
        privacy.erase_due(due)
    assert Farewell.get().state == "leaving" and people.by_phone(PHONE) is None
    with refused("moved-on"):
        farewells.stay(gu.gu.user, due)
    monkeypatch.setattr(privacy, "forget", forget)
    assert privacy.erase_due(due + DAY) == 1 and not [line for line in dump() if NAME in line or SAID in line]


def test_one_who_cannot_be_forgotten_keeps_nobody_waiting(cast, now, monkeypatch):
    for member in (cast.wang, cast.zhao):
        farewells.ask(member.user, now, traces="keep", confirm=member.user.name, op_id="farewell1")
    forget = privacy.forget

    def stumble(her, now):
        assert her.user.name != "王阿姨"
        forget(her, now)

    monkeypatch.setattr(privacy, "forget", stumble)
    with pytest.raises(ExceptionGroup):
        privacy.erase_due(now + 8 * DAY)
    assert [User.get_by_id(each.user_id).name for each in (cast.wang, cast.zhao)] == ["王阿姨", GONE]
    assert [each.state for each in Farewell.select().order_by(Farewell.id)] == ["leaving", "done"]


def test_a_name_of_one_letter_is_left_in_the_words_of_others(cast, now):
    flower = make.neighbor(cast.cuihu, "花", now, trusted=True)
    post = make.post(flower, now, "樱花开了")
    notices.tell([cast.zhao.user], "talk", "花花 评论了您", "/n/cuihu/", now, neighborhood=cast.cuihu)
    farewells.ask(flower.user, now, traces="keep", confirm="花", op_id="farewell1")
    privacy.erase_due(now + 8 * DAY)
    assert (
        posts.find(cast.cuihu, post.id).body == "樱花开了"
        and Notice.get(Notice.user == cast.zhao.user_id).sentence == "花花 评论了您"
    )


# Taking along


def test_the_export_holds_everything_of_hers_and_nothing_of_others(cast, gu):
    things = dict(privacy.contents(gu.gu.user))
    told = things["data.json"].decode()
    data = json.loads(told)
    assert (data["称呼"], data["手机号"]) == (NAME, PHONE)
    bodies = {each.get("内容") for each in data["发过的帖子"]}
    assert f"{SAID}，改好了，我是{NAME} {PHONE}" in bodies and "第二个号说的" in bodies
    assert data["写过的评论"][0]["内容"] == f"{SAID}，{NAME}" and data["住过的小区"][0]["小区"] == "翠湖花园"
    assert data["同意过的事"][0]["同意了什么"].startswith("我同意")
    assert sorted(things) == sorted(["data.json", "说明.txt", *(f"photos/{code}.webp" for code in gu.codes)])
    secrets = [gu.gu.user.phone_sealed, gu.gu.user.password_hash, "token_hash", "code_hash"]
    assert not any(text in told for text in ["赵敏说的", "说得好", "老发这个", *secrets])


def test_a_hosts_export_has_nothing_of_her_neighbours(cast, gu):
    told = dict(privacy.contents(cast.li.user))["data.json"].decode()
    assert "李姐" in told and not any(text in told for text in (NAME, PHONE, SAID, "赵敏"))


def test_she_sees_how_much_there_is(cast, gu):
    told = {called: (count, see) for called, count, see in privacy.overview(gu.gu.user)}
    assert told["发过的帖子"] == (5, "me") and told["照片和头像"][0] == 4 and told["写过的评论"][0] == 1
    assert told["登录过的设备"][0] == 1 and "屏蔽的邻居" not in told
    assert set(told) - {"账号", "住过的小区", "同意过的事"} >= {"点过的赞", "收到的消息", "数据打包", "纸质卡"}


# Her number


def test_who_sees_her_number_says_why_and_she_reads_it(cast, now):
    people.bind_phone(cast.wang.user, PHONE)
    wang = make.again(cast.wang)
    assert privacy.see_phone(wang.user, cast.li.user, now, reason="送药上门", neighborhood=cast.cuihu) == PHONE
    line, *_ = privacy.handled(wang.user)
    assert (line.action, line.actor.name, line.reason) == ("see phone", "李姐", "送药上门")
    assert Notice.get(Notice.user == wang.user_id).sentence == "李姐 看了您的完整手机号：送药上门"
    assert privacy.see_phone(wang.user, wang.user, now, reason="") == PHONE and Notice.select().count() == 1
    assert privacy.handled(wang.user)[0].actor.name == "王阿姨"


def test_without_a_reason_or_a_number_nothing_is_seen_and_nothing_written(cast, now, limited):
    lines = AuditLog.select().count()
    with refused("no-phone"):
        privacy.see_phone(cast.wang.user, cast.li.user, now, reason="送药上门")
    people.bind_phone(cast.wang.user, PHONE)
    wang = make.again(cast.wang)
    for reason in ("", "送药", None, "x" * 201):
        with pytest.raises(privacy.Refused) as met:
            privacy.see_phone(wang.user, cast.li.user, now, reason=reason)
        assert (met.value.field, met.value.status) == ("reason", 422)
    assert AuditLog.select().count() == lines and Notice.select().count() == 0 and limits.Limit.select().count() == 0


def test_nobody_walks_through_all_the_numbers(cast, now, limited):
    people.bind_phone(cast.wang.user, PHONE)
    wang = make.again(cast.wang)
    for _ in range(10):
        privacy.see_phone(wang.user, cast.li.user, now, reason="送药上门")
    with refused("too-fast", 429):
        privacy.see_phone(wang.user, cast.li.user, now, reason="送药上门")
