"""隐私: what a person is shown of what is kept about her, takes with her, and has forgotten; and who saw her number (X6, G10)."""

import json
from contextlib import suppress
from datetime import timedelta

from peewee import DateTimeField, ForeignKeyField

from db import audit, consents, exports, farewells, limits, mailboxes, notices, phones
from db.base import Refused, hold, writing
from db.belongings import BOOK, begin, forget
from db.consents import WORDS
from db.forgetting import person
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.photos import Photo, file_of
from db.pictures import WIDTHS

PAGE = "/me/privacy/log"
SHANGHAI = timedelta(hours=8)

# Columns that open doors, or make sense to the machine alone: they are in nobody's export.
OURS = {
    "token_hash", "code_hash", "code_digest", "phone_sealed", "phone_digest", "password_hash", "form_key", "op_id",
    "collapsed_key", "sealed", "digest", "sha256", "file", "version", "used", "tries", "claimed_at", "idle_hours", "colour",
    "twin_key",
}  # fmt: skip
# What the columns are called in an export.
_NAMES = """
at=时间 created_at=时间 asked_at=申请时间 due_at=生效时间 ended_at=结束时间 seen_at=最近使用 published_at=发布时间
edited_at=修改时间 withdrawn_at=撤回时间 featured_at=选为佳作 read_at=读过 joined_at=加入时间 last_active_at=最近来过
vouched_at=当面核验 expires_at=到期 revoked_at=作废 consented_at=同意时间 pinned_until=置顶到 signed_at=签名时间
mission_signed_at=签名时间 used_at=使用时间 opens_at=开始 closes_at=结束 title=标题 body=内容 kind=种类 state=状态
status=状态 visibility=谁可以看 name=称呼 building=楼栋 role=身份 source=从哪里加入 neighborhood=小区 look=显示
scheme=明暗 sentence=消息 device=设备 action=做了什么 reason=原因 before=之前 after=之后 what=同意了什么 about=说明
width=宽 height=高 prompt=话题 blurb=补充说明 text=文字 mission=使命宣言 greeting=欢迎的话 story=自我介绍 skills=专长
hours=服务时间 return_reason=退回原因 likes=赞 comments=评论 posts=帖子 consent=征得同意 approved_posts=通过的帖子
url=地址 staff=职务 words=补充 traces=内容怎么办 size=大小 object_type=关于什么 object_id=对象编号 level=归谁处理
outcome=结果 answer=答复 subject_name=讲的是谁 wish=想改的 appeal_words=申诉 sent_at=时间 decided_at=答复时间
note=想说的话 lived=住了几年 why=为什么愿意 talks=可以聊什么 phone_on_card=名片里放手机号 category=类别 phone=电话
address=地址 paid=推广 recommends=推荐 verified_at=最近核实 anonymous=匿名 supports=多少人需要 answered_note=回应
answered_url=回应在哪里看 answered_at=回应时间 answer_by=什么时候前回应 held_for=为什么先审 id=编号 purpose=用途
post=帖子 service=便民服务 need=需求 confirmed_at=确认时间 when_text=什么时候 thanks=谢谢的话 aid_kind=哪种互助
renewed=续过 reminded=提醒过 matched_at=约好的时间 aid=互助 done_by_author=发起人说完成 done_by_helper=帮手说完成
helper_shares=帮手给看手机号 author_shares=发起人给看手机号 topic=话题 times=次数 comments_open=可以评论 is_promo=是团购
audience=谁可以看 face=头像 answers=回复哪条 code=代码 release=能不能到外面去 ways=可以去哪里 credit=署名 picked_at=选为精选
agreed_at=同意时间 channel=渠道 went_on=发出日期 noted_at=记录时间 down_at=撤下时间 pick=精选
"""
CALLED = dict(pair.split("=") for pair in _NAMES.split())
README = """这里是您在邻里客厅的全部数据。

data.json  您的资料、帖子、评论、赞、设备、同意记录……时间是北京时间
photos/    您传过的照片（已去掉拍摄地点），用手机或电脑的相册打开

别人写的内容不在里面。登录用的密码和口令只存了打乱后的样子，也不在里面。
"""


def overview(user):
    """[(what it is called, how much of it is kept, where she reads it)], of whatever there is any."""
    her = person(user)
    lines = [line for line in BOOK if line.called and line.table is not User]
    told = [(line.called, line.table.select().where(line.rows(her)).count(), line.see) for line in lines]
    return [each for each in told if each[1]]


def _plain(row, places):
    """One row as a person reads it: no keys of doors, no other people, times of her own wall; `places` are names of 小区."""
    told = {}
    for field in row._meta.sorted_fields:
        value = row.__data__[field.name]
        others = isinstance(field, ForeignKeyField) and field.rel_model is not Neighborhood and field.name not in CALLED
        if field.name in OURS or others or value in (None, ""):
            continue
        if isinstance(field, DateTimeField):
            value = f"{value + SHANGHAI:%Y-%m-%d %H:%M}"
        elif isinstance(field, ForeignKeyField) and field.rel_model is Neighborhood:
            value = places[value]
        told[CALLED.get(field.name, field.name)] = value
    return told


def contents(user):
    """Everything of this person for her export, as (name in the file, bytes or path); nothing of anybody else."""
    her = person(user)
    data = {"称呼": user.name, "手机号": her.phone, "登录密码": "设了" if user.password_hash else "没有设"}
    data["邮箱"] = box.address if (box := mailboxes.of(user)) else "没有留"
    places = {each.id: each.name for each in Neighborhood.select()}
    for line in BOOK:
        if line.called:
            rows = line.table.select().where(line.rows(her)).order_by(line.table.id)
            data[line.called] = [_plain(row, places) for row in rows]
    for told in data["同意过的事"]:
        told["同意了什么"] = WORDS[told["同意了什么"]].words
    codes = [photo.code for photo in Photo.select(Photo.code).where(Photo.owner.in_(her.members)).order_by(Photo.id)]
    things = [("说明.txt", README.encode()), ("data.json", json.dumps(data, ensure_ascii=False, indent=1).encode())]
    return things + [(f"photos/{code}.webp", file_of(code, WIDTHS[-1])) for code in codes]


def make_exports(now):
    """Make the exports that are asked for (the clock calls it every few seconds)."""
    return exports.make_due(now, contents)


def agreed(user):
    """What this person has agreed to, under a name that was merged into this one, too."""
    return consents.of(person(user).users)


def handled(user):
    """What was done to this person's things, latest first, each line with who did it."""
    lines = audit.about(user)
    actors = {each.id: each for each in User.select().where(User.id.in_({line.actor_id for line in lines if line.actor_id}))}
    for line in lines:
        line.actor = actors.get(line.actor_id)
    return lines


def see_phone(user, by, now, *, reason, neighborhood=None):
    """The whole number of this person for `by`, with a reason she will read; ten a day. Her own she sees without,
    and it goes on record too: it may be somebody else who holds her phone.

    Refused beside `reason` without one; as a conflict where there is no number."""
    if not user.phone_sealed:
        raise Refused("no-phone", "没有绑定手机号")
    own = by.id == user.id
    with writing():
        limits.spend("see-phone", f"user {by.id}", now)
        if not own:
            told = f"{by.name} 看了您的完整手机号：{audit.reason_of(reason)}"
            notices.tell([user], "account", told, PAGE, now, neighborhood=neighborhood)
        why = "本人查看" if own else reason
        audit.record("see phone", user, actor=by, now=now, reason=why, neighborhood=neighborhood, subject=user)
    return phones.unseal(user.phone_sealed)


def _may_go(farewell, now):
    """Close the door behind her, if she may go: whoever holds an office by now stays until it is handed over."""
    with writing():
        hold(Membership, Membership.user == farewell.user_id)
        user = User.get_by_id(farewell.user_id)
        office = farewells.office_of(user)
        if office or user.status in {"merged", "erased"}:
            farewells.move(farewell, "called_off", now)
            if office:
                notices.tell([user], "account", f"注销没有生效：{office}", farewells.PAGE, now)
            return False
        farewells.move(farewell, "leaving", now)
        User.update(status="erased").where(User.id == user.id).execute()  # no key of hers opens from here on
        return True


def _let_go(farewell, now):
    """One request whose time has come. Begun once, it is carried to its end, whoever takes it up."""
    if farewell.state == "waiting" and not _may_go(farewell, now):
        return 0
    her = person(User.get_by_id(farewell.user_id), keeps=farewell.traces == "keep")
    begin(her, now)
    with writing():
        farewells.move(farewell, "done", now)
        forget(her, now)
        audit.record("erase", her.user, actor=None, now=now, reason="本人申请，7 天后自动执行", subject=her.user)
    return 1


def erase_due(now):
    """Forget everybody whose seven days are over; returns how many. One who cannot be forgotten keeps nobody else waiting."""
    erased, troubles = 0, []
    for farewell in farewells.due(now):
        try:
            with suppress(Refused):  # called off this very moment, or another scheduler was quicker
                erased += _let_go(farewell, now)
        except Exception as trouble:
            troubles.append(trouble)
    if troubles:
        raise ExceptionGroup("people who could not be forgotten", troubles)
    return erased
