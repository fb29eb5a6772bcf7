"""What of a person stands where, and what becomes of it when she is forgotten: one line of BOOK for every table (X6, I18).

A table that is not in BOOK, or a column of words or of people that its line does not name, fails tests/db/test_belongings.py.
"""

from typing import NamedTuple

from peewee import CharField, Field, chunked, fn

from db import comments, exports, howtos, mailboxes, makings, phones, photos, posts, search, stories
from db.activity import Action
from db.audit import AuditLog
from db.base import Table, hold, writing
from db.blocks import Block
from db.comments import Comment
from db.consents import ConsentLog
from db.digests import Digest
from db.doors import RecoveryCode, SignInCode
from db.exports import Export
from db.farewells import GONE, Farewell
from db.handovers import Handover
from db.hooks import WecomHook
from db.hosts import HostProfile, SignedMission
from db.invitations import Invitation
from db.likes import Like
from db.limits import Limit
from db.mailboxes import Mailbox
from db.members import Membership
from db.needs import STATES as ON_THE_WALL
from db.needs import Need, NeedSupport
from db.neighborhoods import District, Neighborhood, refresh
from db.notices import Notice, NoticePref
from db.outbox import OutboxMessage, forget_to
from db.people import User
from db.photos import Photo
from db.posts import Post, PostPhoto, PostRevision
from db.recommends import ServiceRecommend, ServiceStill
from db.reports import Report
from db.scans import QrToken
from db.screening import Said, WatchWord
from db.search import SearchEntry
from db.services import Service
from db.sessions import Session
from db.timetable import Heartbeat, JobRun
from db.topics import Topic

FOUND = {"post": Post}  # what an entry of the search index stands for
A_FEW = 50  # rows that a transaction of `begin` takes


class Person(NamedTuple):
    """Somebody with all the accounts that were merged into hers, and all her memberships."""

    user: User
    users: list
    members: list
    places: list
    names: list  # what she is found by in words: a single letter would be found in too many
    phone: str
    keeps: bool = True  # her published words stay, under another name


def person(user, *, keeps=True):
    """Everything one needs to know to find what is hers."""
    accounts = list(User.select().where((User.id == user.id) | (User.merged_into == user.id)).order_by(User.id))
    users = [each.id for each in accounts]
    mine = list(Membership.select().where(Membership.user.in_(users)).order_by(Membership.id))
    names = sorted({each.name for each in accounts if len(each.name) > 1 and each.name != GONE}, key=len, reverse=True)
    phone = phones.unseal(user.phone_sealed) if user.phone_sealed else ""
    places = sorted({each.neighborhood_id for each in mine})
    return Person(user, users, [each.id for each in mine], places, names, phone, keeps)


# What a line may do with her rows. Each takes the line, the person and now.


def gone(line, her, now):
    """Her rows are deleted."""
    line.table.delete().where(line.rows(her)).execute()


def stays(line, her, now):
    """Nothing: there are only numbers in it, and counts that are closed stay as they were."""


def with_values(**values):
    """Her rows stay, with these values instead."""

    def act(line, her, now):
        line.table.update(**values).where(line.rows(her)).execute()

    return act


def unnamed(line, her, now, *columns, rows=None):
    """Her name and number are taken out of the words in these columns."""
    words = [*her.names, *([her.phone] if her.phone else [])]
    for column in columns:
        found, said = None, column
        for word in words:
            found = column.contains(word) if found is None else found | column.contains(word)
            said = fn.REPLACE(said, word, GONE)
        if words:
            if isinstance(column, CharField):
                said = fn.SUBSTR(said, 1, column.max_length)
            line.table.update({column: said}).where(found & (line.rows(her) if rows is None else rows)).execute()


def _going_posts(her):
    """Published words stay if she wants that; drafts, what was returned or taken down, and posts of photos alone never do."""
    mine = Post.author.in_(her.members) & (Post.state != "purged")
    return mine & ((Post.state != "published") | ((Post.title == "") & (Post.body == ""))) if her.keeps else mine


def _let_posts_go(which, now):
    for post in list(Post.select().where(which).order_by(Post.id)):
        posts.forget(post, now)


def _posts(line, her, now):
    _let_posts_go(_going_posts(her), now)
    Post.update(return_reason="", version=Post.version + 1).where(line.rows(her)).execute()
    unnamed(line, her, now, Post.title, Post.body, Post.aside)


def _found(line, her, now):
    """What of hers is still there is found by the words it has now."""
    for entry in list(SearchEntry.select().where(line.rows(her)).order_by(SearchEntry.place)):
        search.follow(entry.kind, FOUND[entry.kind].get_by_id(entry.object_id))


def _going_comments(her):
    mine = Comment.author.in_(her.members)
    mine &= Comment.state.in_([state for state, to in comments.TRANSITIONS if to == "withdrawn"])
    return mine & (Comment.state != "published") if her.keeps else mine


def _let_comments_go(which, now):
    for comment in list(Comment.select().where(which).order_by(Comment.id)):
        comments.withdraw(comment, comment.author, now)


def _comments(line, her, now):
    """They keep their place: with the words, or as a stone under which the answers keep their sense."""
    mine = line.rows(her)
    _let_comments_go(_going_comments(her), now)
    Comment.update(body="").where(mine & (Comment.state != "published")).execute()
    Comment.update(return_reason="").where(mine).execute()
    unnamed(line, her, now, Comment.body)


def _let_photos_go(which):
    ids = [photo.id for photo in Photo.select(Photo.id).where(which)]
    photos.drop(ids, used=True)
    photos.drop(ids)


def _photos(line, her, now):
    _let_photos_go(line.rows(her))


def _topics(line, her, now):
    unnamed(line, her, now, Topic.prompt, Topic.blurb)


def _handovers(line, her, now):
    """Who looked after a 小区 stays in its book; what was said along with it does not, and nobody waits for her answer."""
    hers = line.rows(her) | Handover.outgoing.in_(her.members)
    Handover.update(note="").where(hers).execute()
    Handover.update(state="cancelled", decided_at=now).where(hers & Handover.decided_at.is_null()).execute()


def _going_services(her):
    """Shops that are her own go, whoever suggested them; of the others those she suggested, if she wants that or nobody
    sees them."""
    own = Service.phone == (her.phone or "-")
    for name in her.names:
        own |= Service.name.contains(name)
    mine = Service.suggested_by.in_(her.members)
    return (own & Service.neighborhood.in_(her.places)) | (mine & (Service.state != "published") if her.keeps else mine)


def _services(line, her, now):
    ids = [service.id for service in Service.select(Service.id).where(_going_services(her))]
    for table in (ServiceRecommend, ServiceStill):
        table.delete().where(table.service.in_(ids)).execute()
    Service.delete().where(Service.id.in_(ids)).execute()
    told = (AuditLog.object_type == "Service") & AuditLog.object_id.in_(ids)
    AuditLog.update(before="{}", after="{}").where(told).execute()  # a host may have corrected her number
    Service.update(return_reason="").where(line.rows(her)).execute()
    unnamed(line, her, now, Service.hours, Service.address, Service.note)


def _needs(line, her, now):
    """What stands on the wall may stay without her; of the rest the words go, and the row keeps its place for those who were
    led on from it."""
    mine = line.rows(her)
    going = mine & Need.state.not_in(list(ON_THE_WALL)) if her.keeps else mine
    Need.update(state="removed").where(going & (Need.state != "merged")).execute()
    Need.update(body="", answered_note="").where(mine & Need.state.not_in(list(ON_THE_WALL))).execute()
    Need.update(return_reason="").where(mine).execute()
    unnamed(line, her, now, Need.body, Need.answered_note)


def _reports(line, her, now):
    """That something was reported, and how it ended, stays; what she said of others, and others of her, does not."""
    mine = line.rows(her) | Report.about.in_(her.members)
    Report.update(words="", answer="", appeal_words="").where(mine).execute()


def _blocks(line, her, now):
    mine = line.rows(her) | Block.blocked.in_(her.members)
    theirs = [block.member_id for block in Block.select(Block.member).where(mine)]
    Block.delete().where(mine).execute()
    left = Block.select(fn.COUNT(Block.id)).where(Block.member == Membership.id)
    Membership.update(blocks=left).where(Membership.id.in_(theirs)).execute()


def _cards(line, her, now):
    QrToken.update(revoked_at=now).where(line.rows(her) & QrToken.revoked_at.is_null()).execute()


def _audit(line, her, now):
    """That something was done stays on record, and by whom; her words, and what was said about her, do not. Lines of others
    are left alone: a name chosen for it must not rewrite them."""
    AuditLog.update(before="{}", after="{}", reason="本人已注销，内容清空").where(line.rows(her)).execute()
    unnamed(line, her, now, AuditLog.reason, rows=AuditLog.actor.in_(her.users))


def _notices(line, her, now):
    """Hers go; what her neighbours were told keeps its place in their inboxes, without her name."""
    gone(line, her, now)
    unnamed(line, her, now, Notice.sentence, rows=Notice.neighborhood.in_(her.places) | Notice.neighborhood.is_null())


def _codes(line, her, now):
    SignInCode.delete().where(SignInCode.phone_digest == her.user.phone_digest).execute()


def _messages(line, her, now):
    if her.phone:
        forget_to("sms", her.phone)


def _limits(line, her, now):
    if her.user.phone_digest:
        Limit.delete().where(Limit.key.contains(her.user.phone_digest)).execute()


def _exports(line, her, now):
    exports.drop(line.rows(her))


def _consents(line, her, now):
    ConsentLog.update(withdrawn_at=now).where(line.rows(her) & ConsentLog.withdrawn_at.is_null()).execute()


def _memberships(line, her, now):
    for member in list(Membership.select().where(line.rows(her)).order_by(Membership.id)):
        here = (Membership.id == member.id) & (Membership.status == "active")
        if Membership.update(status="left").where(here).execute():
            Neighborhood.update(members=Neighborhood.members - 1).where(Neighborhood.id == member.neighborhood_id).execute()
    Membership.update(role="resident", building="", face="").where(line.rows(her)).execute()


DELETES = (
    gone,
    _photos,
    _notices,
    _exports,
    _blocks,
    howtos.forget,
    mailboxes.forget,
    makings.forget,
    makings.forget_saved,
    stories.forget,
)  # no row of hers is left after these


class Line(NamedTuple):
    table: type[Table]
    whose: Field | None  # the column that says whose a row is: a person, a membership, or another thing of hers
    forget: object
    called: str = ""  # what she calls her rows; she is shown how many there are, and they are in her export
    see: str = ""  # where she reads them herself
    emptied: str = ""  # columns of words that hold nothing of hers afterwards
    plain: str = ""  # columns of words that never tell anything about a person
    people: str = ""  # columns that name other people, or her as a number beside things of others

    def rows(self, her):
        """The condition for her rows."""
        return _hers(self.whose, her)


def _hers(column, her):
    if column is User.id or column.rel_model is User:
        return column.in_(her.users)
    if column.rel_model is Membership:
        return column.in_(her.members)
    things = column.rel_model
    return column.in_(things.select(things.id).where(_hers(_line_of(things).whose, her)))


def _line_of(table):
    return next(line for line in BOOK if line.table is table)


# In the order in which rows are taken (db/base.py: writing), what others may be writing just now before what wakes their 小区.
BOOK = (
    Line(Notice, Notice.user, _notices, "收到的消息", "inbox"),
    Line(
        Post, Post.author, _posts, "发过的帖子", "me", emptied="title body return_reason aside",
        plain="kind state held_for visibility op_id",
    ),
    Line(stories.StoryLink, stories.StoryLink.story, gone),
    Line(stories.Story, stories.Story.subject_member, stories.forget, "关于我的故事", "stories"),
    Line(howtos.HowtoStep, howtos.HowtoStep.text, gone, people="photo"),
    Line(howtos.HowtoText, howtos.HowtoText.howto, howtos.forget),
    Line(howtos.Howto, howtos.Howto.post, stays, plain="season"),
    Line(makings.Made, makings.Made.member, makings.forget, "照着做过的干货", people="photo"),
    Line(makings.Saved, makings.Saved.member, makings.forget_saved, "收藏的干货"),
    Line(PostRevision, PostRevision.post, gone, "帖子改过之前的样子"),
    Line(PostPhoto, PostPhoto.photo, gone),
    Line(SearchEntry, SearchEntry.author, _found, emptied="title text", plain="kind sort audience path"),
    Line(Comment, Comment.author, _comments, "写过的评论", emptied="body return_reason", plain="state held_for op_id"),
    Line(Like, Like.member, stays, "点过的赞"),
    Line(Topic, Topic.created_by, _topics, "发起的话题", emptied="prompt blurb"),
    Line(
        Handover, Handover.incoming, _handovers, "请我接任主理人", emptied="note", plain="state op_id", people="outgoing",
    ),
    Line(Invitation, Invitation.user, gone, "主理人的邀请", plain="url", people="member sent_by"),
    Line(ServiceRecommend, ServiceRecommend.member, stays, "推荐过的店"),
    Line(ServiceStill, ServiceStill.member, stays),
    Line(
        Service, Service.suggested_by, _services, "写进便民服务的店", "me",
        emptied="name phone hours address note return_reason twin_key", plain="category state held_for op_id",
    ),
    Line(NeedSupport, NeedSupport.member, stays, "「我也需要」"),
    Line(
        Need, Need.author, _needs, "说过的需求", "me",
        emptied="body answered_note return_reason", plain="category state held_for answered_url op_id",
    ),
    Line(SignedMission, SignedMission.profile, gone, "签过的使命"),
    Line(HostProfile, HostProfile.membership, gone, "主理人名片"),
    Line(Action, Action.membership, stays, "参与的记录（几时做了什么）", plain="kind"),
    Line(Photo, Photo.owner, _photos, "照片和头像"),
    Line(
        Report, Report.reporter, _reports, "举报过的内容", "me",
        emptied="words answer appeal_words", plain="object_type reason state level outcome", people="about handler",
    ),
    Line(Block, Block.member, _blocks, "屏蔽的邻居", "me", people="blocked"),
    Line(Said, Said.member, gone),
    Line(WatchWord, None, stays, plain="word folded level", people="added_by"),
    Line(QrToken, QrToken.membership, _cards, "纸质卡", plain="code code_hash purpose"),
    Line(
        AuditLog, AuditLog.subject, _audit, "与我有关的处理记录", "log",
        emptied="before after reason", plain="action object_type", people="actor",
    ),
    Line(NoticePref, NoticePref.user, gone, "关掉的消息种类"),
    Line(Mailbox, Mailbox.user, mailboxes.forget, "收小报的邮箱", "letters"),
    Line(Digest, Digest.user, gone),
    Line(WecomHook, None, stays, plain="sealed", people="created_by"),
    Line(ConsentLog, ConsentLog.user, _consents, "同意过的事", "log", plain="what version about"),
    Line(Session, Session.user, gone, "登录过的设备", "me"),
    Line(RecoveryCode, RecoveryCode.user, gone, "找回码", people="issued_by"),
    Line(SignInCode, None, _codes, plain="purpose asked_by phone_digest code_digest"),
    Line(OutboxMessage, None, _messages, emptied="sealed", plain="channel state"),
    Line(Limit, None, _limits, emptied="key"),
    Line(Export, Export.user, _exports, "数据打包", "exports"),
    Line(Farewell, Farewell.user, stays, "注销申请", plain="traces state op_id"),
    Line(District, District.officer, with_values(officer=None), plain="name"),
    Line(
        Membership, Membership.user, _memberships, "住过的小区", "me",
        emptied="building face", plain="role status source", people="vouched_by",
    ),
    Line(
        User, User.id,
        with_values(
            name=GONE, phone_sealed=None, phone_digest=None, password_hash=None, form_key=None, staff="", look="standard",
            scheme="auto", consented_at=None, status="erased",
        ),
        "账号", emptied="name phone_sealed phone_digest password_hash form_key", plain="staff look scheme status",
        people="merged_into",
    ),
    Line(Neighborhood, None, stays, plain="slug name status closed_reason"),
    Line(JobRun, None, stays, plain="job slot"),
    Line(Heartbeat, None, stays, plain="name"),
)  # fmt: skip


def _hold_posts(which):
    """These posts and their topics: nobody else changes them until this transaction ends."""
    hold(Post, which)
    hold(Topic, Topic.id.in_(Post.select(Post.topic).where(which & Post.topic.is_null(False))))


def begin(her, now):
    """What takes long for somebody who wrote much, in small transactions of its own, so that neighbours who write meanwhile do
    not wait. Begun again after a crash, it goes on where it was."""
    for ids in chunked([each.id for each in Post.select(Post.id).where(_going_posts(her))], A_FEW):
        with writing():
            _hold_posts(Post.id.in_(ids))
            _let_posts_go(_going_posts(her) & Post.id.in_(ids), now)
    for ids in chunked([each.id for each in Comment.select(Comment.id).where(_going_comments(her))], A_FEW):
        with writing():
            _hold_posts(Post.id.in_(Comment.select(Comment.post).where(Comment.id.in_(ids))))
            _let_comments_go(_going_comments(her) & Comment.id.in_(ids), now)
    for ids in chunked([each.id for each in Photo.select(Photo.id).where(Photo.owner.in_(her.members))], A_FEW):
        with writing():
            PostPhoto.delete().where(PostPhoto.photo.in_(ids)).execute()
            _let_photos_go(Photo.id.in_(ids))


def forget(her, now):
    """Everything of this person, table by table, in the caller's transaction; pages that showed her are stale from then on."""
    hold(User, User.id.in_(her.users))
    answered = Comment.select(Comment.post).where(Comment.author.in_(her.members))
    touched = Post.id.in_([*makings.touched(her.members), *stories.touched(her.members)])
    _hold_posts(Post.author.in_(her.members) | Post.id.in_(answered) | touched)
    hold(Service, _going_services(her) | Service.suggested_by.in_(her.members))
    hold(Need, Need.author.in_(her.members))
    hold(Membership, Membership.user.in_(her.users))
    for line in BOOK:
        line.forget(line, her, now)
    for place in her.places:
        refresh(place)
