"""What of a person stands where, and what becomes of it when she is forgotten: one line of BOOK for every table (X6, I18).

A table that is not in BOOK, or a column of words or of people that its line does not name, fails tests/db/test_belongings.py.
"""

from typing import NamedTuple

from peewee import Field, chunked

from db import (
    aid_ends,
    ambassador_ends,
    ambassadors,
    ballots,
    bursts,
    entry_ends,
    event_days,
    group_rooms,
    howtos,
    live_questions,
    lives,
    makings,
    mutual_aid,
    paper_batches,
    picks,
    redemptions,
    releases,
    rings,
    series,
    spreads,
    stories,
    tallies,
)
from db.activity import Action
from db.audit import AuditLog
from db.base import Table, hold, writing
from db.blocks import Block
from db.calendars import CalendarFeed
from db.care_visits import CareVisit
from db.comments import Comment
from db.consents import ConsentLog
from db.contests import Contest, ContestNote
from db.digests import Digest
from db.doors import RecoveryCode, SignInCode
from db.electors import Elector
from db.entries import Entry
from db.event_photos import EventPhoto
from db.events import Event, EventNote
from db.exports import Export
from db.farewells import GONE, Farewell
from db.feedbacks import Feedback, FeedbackForm, FeedbackTick
from db.forgetting import (
    going_comments,
    going_posts,
    going_services,
    gone,
    let_comments_go,
    let_photos_go,
    let_posts_go,
    of_audit,
    of_blocks,
    of_booths,
    of_cards,
    of_codes,
    of_comments,
    of_consents,
    of_events,
    of_exports,
    of_found,
    of_handovers,
    of_limits,
    of_mailboxes,
    of_memberships,
    of_messages,
    of_needs,
    of_notices,
    of_photos,
    of_posts,
    of_reports,
    of_services,
    of_topics,
    stays,
    with_values,
)
from db.group_rooms import GroupPin, GroupStep
from db.groups import GroupInterest, GroupSeat, InterestGroup
from db.handovers import Handover
from db.hooks import WecomHook
from db.hosts import HostProfile, SignedMission
from db.invitations import Invitation
from db.likes import Like
from db.limits import Limit
from db.mailboxes import Mailbox
from db.markets import Booth, Market, ProgrammeItem
from db.members import Membership
from db.needs import Need, NeedSupport
from db.neighborhoods import District, Neighborhood, refresh
from db.notices import Notice, NoticePref
from db.outbox import OutboxMessage
from db.people import User
from db.photos import Photo
from db.point_entries import PointEntry
from db.point_rules import PointBudget, PointRule, PointScale
from db.posts import Post, PostPhoto, PostRevision
from db.recommends import ServiceRecommend, ServiceStill
from db.redemptions import Redemption
from db.registrations import Registration
from db.reports import Report
from db.rewards import Reward
from db.scans import QrToken, ScanTally
from db.screening import Said, WatchWord
from db.search import SearchEntry
from db.services import Service
from db.sessions import Session
from db.shifts import Shift, ShiftPlace
from db.stamp_prizes import StampPrize
from db.stamps import Stamp
from db.tastings import TastingItem, TastingRating
from db.timetable import Heartbeat, JobRun
from db.topics import Topic
from db.wishes import LearnWish

A_FEW = 50  # rows that a transaction of `begin` takes


# No row of hers is left after these.
DELETES = (
    gone, of_photos, of_notices, of_exports, of_blocks, of_mailboxes, howtos.forget, makings.forget, makings.forget_saved,
    stories.forget, rings.forget, live_questions.forget, ambassador_ends.forget,
)  # fmt: skip


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
    Line(Notice, Notice.user, of_notices, "收到的消息", "inbox"),
    Line(
        Post, Post.author, of_posts, "发过的帖子", "me", emptied="title body return_reason aside",
        plain="kind state held_for visibility op_id",
    ),
    Line(stories.StoryLink, stories.StoryLink.story, gone),
    Line(stories.Story, stories.Story.subject_member, stories.forget, "关于我的故事", "stories"),
    Line(howtos.HowtoStep, howtos.HowtoStep.text, gone, people="photo"),
    Line(howtos.HowtoText, howtos.HowtoText.howto, howtos.forget),
    Line(howtos.Howto, howtos.Howto.post, stays, plain="season"),
    Line(makings.Made, makings.Made.member, makings.forget, "照着做过的干货", people="photo"),
    Line(makings.Saved, makings.Saved.member, makings.forget_saved, "收藏的干货"),
    Line(
        picks.Pick, picks.Pick.author, releases.forget, "被选为精选的作品", "me", emptied="reason ways credit",
        plain="object_type release",
    ),
    Line(
        spreads.Spread, spreads.Spread.pick, spreads.forget, "作品在外面的记录", "me", emptied="credit",
        plain="channel url went_on state op_id", people="screenshot noted_by",
    ),
    Line(PostRevision, PostRevision.post, gone, "帖子改过之前的样子"),
    Line(PostPhoto, PostPhoto.photo, gone),
    Line(Comment, Comment.author, of_comments, "写过的评论", emptied="body return_reason", plain="state held_for op_id"),
    Line(Like, Like.member, stays, "点过的赞"),
    Line(mutual_aid.AidNote, mutual_aid.AidNote.author, gone, "互助里的留言"),
    Line(mutual_aid.AidOffer, mutual_aid.AidOffer.helper, with_values(words=""), "响应过的互助", emptied="words", plain="state"),
    Line(
        mutual_aid.Aid, mutual_aid.Aid.post, aid_ends.forget, "发起的互助", emptied="when_text building thanks",
        plain="aid_kind category state",
    ),
    Line(Topic, Topic.created_by, of_topics, "发起的话题", emptied="prompt blurb"),
    Line(
        Entry, Entry.author, entry_ends.forget, "参赛作品", "me", emptied="caption spot signed return_reason look",
        plain="state held_for op_id", people="photo",
    ),
    Line(tallies.BallotSeal, None, stays, plain="receipt line prev_hash hash"),
    Line(tallies.Tally, None, stays),
    Line(bursts.BallotHold, None, stays, plain="rule state reason", people="by"),
    Line(paper_batches.PaperName, paper_batches.PaperName.member, gone),
    Line(paper_batches.PaperCount, None, stays),
    Line(
        paper_batches.PaperBatch, paper_batches.PaperBatch.entered_by, stays, plain="state reason op_id", people="second",
    ),
    Line(ballots.Ballot, None, stays, plain="receipt channel kind voter_key choices reason device network"),
    Line(Elector, Elector.member, stays),
    Line(ContestNote, None, stays, plain="sentence"),
    Line(
        Contest, Contest.created_by, stays,
        plain="preset title rules prizes voters visitors state salt outcome reason op_id",
    ),
    Line(
        Event, Event.creator, of_events, "发起的活动", "me", emptied="title body place bring allergy ages reason recap",
        plain="kind state sight held_for op_id",
    ),
    Line(EventNote, EventNote.event, gone),
    Line(series.EventEdition, series.EventEdition.series, with_values(lesson=""), emptied="lesson"),
    Line(
        series.EventSeries, series.EventSeries.creator, series.forget, "固定的活动", "me",
        emptied="title place body bring allergy ages", plain="rhythm kind",
    ),
    Line(TastingRating, TastingRating.member, with_values(words=""), "品鉴会上的评价", "me", emptied="words"),
    Line(Feedback, Feedback.member, with_values(words=""), "活动后的反馈", "me", emptied="words", plain="device"),
    Line(FeedbackTick, FeedbackTick.feedback, stays, plain="name"),
    Line(FeedbackForm, None, stays, plain="names"),
    Line(
        ambassadors.Ambassador, ambassadors.Ambassador.member, ambassador_ends.forget, "当过的大使", "me",
    ),
    Line(ambassadors.AmbassadorCall, None, stays, plain="name what"),
    Line(TastingItem, None, stays, plain="name"),
    Line(LearnWish, LearnWish.member, gone, "还想学什么", "me"),
    Line(ShiftPlace, ShiftPlace.registration, stays, "报过的公益班次", "me", people="confirmed_by"),
    Line(Shift, None, stays, plain="role"),
    Line(Stamp, Stamp.member, gone, "市集上集的章", "me", people="by"),
    Line(StampPrize, StampPrize.member, stays, people="by"),
    Line(ProgrammeItem, None, stays, plain="title"),
    Line(Booth, Booth.keeper, of_booths, "市集上看的摊", emptied="name words", plain="zone"),
    Line(Market, None, stays, plain="prize", people="map_photo"),
    Line(CareVisit, None, stays, plain="code_name sealed"),
    Line(EventPhoto, EventPhoto.member, gone, "贴在活动照片墙上的照片", "me", people="photo"),
    Line(
        live_questions.LiveQuestion, live_questions.LiveQuestion.member, live_questions.forget, "直播里问过的问题", "me",
    ),
    Line(live_questions.LiveVote, live_questions.LiveVote.member, stays),
    Line(lives.LiveReminder, lives.LiveReminder.member, gone, "设过的直播提醒", "me"),
    Line(lives.LiveHighlight, None, stays, plain="words"),
    Line(lives.Live, None, stays, plain="room_name room_url stream_url rain replay_url"),
    Line(CalendarFeed, CalendarFeed.user, gone),
    Line(GroupPin, GroupPin.post, stays),
    Line(GroupStep, None, stays),
    Line(GroupInterest, GroupInterest.member, gone, "「我也想」的小组"),
    Line(GroupSeat, GroupSeat.member, gone, "坐进的小组", "me", plain="state", people="backs"),
    Line(
        InterestGroup, InterestGroup.created_by, group_rooms.forget, "提过的小组", "me",
        emptied="blurb reason asked_words",
        plain="name state sight op_id", people="leader asked",
    ),
    Line(
        Registration, Registration.member, with_values(ages="", note="", named=False), "报过名的活动", "me",
        emptied="ages note", plain="state code op_id", people="checked_in_by",
    ),
    Line(
        Redemption, Redemption.member, redemptions.forget, "在积分商店兑换过的东西", "me",
        emptied="household reason", plain="code state op_id", people="handed_by",
    ),
    Line(Reward, Reward.created_by, stays, plain="kind title words place hours state op_id", people="photo"),
    Line(Handover, Handover.incoming, of_handovers, "请我接任主理人", emptied="note", plain="state op_id", people="outgoing"),
    Line(Invitation, Invitation.user, gone, "主理人的邀请", plain="url", people="member sent_by"),
    Line(ServiceRecommend, ServiceRecommend.member, stays, "推荐过的店"),
    Line(ServiceStill, ServiceStill.member, stays),
    Line(
        Service, Service.suggested_by, of_services, "写进便民服务的店", "me",
        emptied="name phone hours address note return_reason twin_key", plain="category state held_for op_id",
    ),
    Line(NeedSupport, NeedSupport.member, stays, "「我也需要」"),
    Line(
        Need, Need.author, of_needs, "说过的需求", "me",
        emptied="body answered_note return_reason", plain="category state held_for answered_url op_id",
    ),
    Line(SearchEntry, SearchEntry.author, of_found, emptied="title text", plain="kind sort audience path"),
    Line(SignedMission, SignedMission.profile, gone, "签过的使命"),
    Line(HostProfile, HostProfile.membership, gone, "主理人名片"),
    Line(Action, Action.membership, stays, "参与的记录（几时做了什么）", plain="kind"),
    Line(
        PointEntry, PointEntry.membership, stays, "积分流水", plain="kind rule source_type reason idem_key digest",
        people="created_by",
    ),
    Line(rings.Ring, rings.Ring.one, rings.forget, people="other cleared_by"),
    Line(PointRule, None, stays, plain="action", people="set_by"),
    Line(PointScale, None, stays, plain="action", people="set_by"),
    Line(PointBudget, None, stays, plain="month"),
    Line(Photo, Photo.owner, of_photos, "照片和头像"),
    Line(
        Report, Report.reporter, of_reports, "举报过的内容", "me",
        emptied="words answer appeal_words", plain="object_type reason state level outcome", people="about handler",
    ),
    Line(Block, Block.member, of_blocks, "屏蔽的邻居", "me", people="blocked"),
    Line(Said, Said.member, gone),
    Line(WatchWord, None, stays, plain="word folded level", people="added_by"),
    Line(ScanTally, None, stays, plain="day"),
    Line(
        QrToken, QrToken.membership, of_cards, "纸质卡", emptied="label", plain="code code_hash purpose target_type made_for",
        people="created_by",
    ),
    Line(
        AuditLog, AuditLog.subject, of_audit, "与我有关的处理记录", "log",
        emptied="before after reason", plain="action object_type", people="actor",
    ),
    Line(NoticePref, NoticePref.user, gone, "关掉的消息种类"),
    Line(Mailbox, Mailbox.user, of_mailboxes, "收小报的邮箱", "letters"),
    Line(Digest, Digest.user, gone),
    Line(WecomHook, None, stays, plain="sealed", people="created_by"),
    Line(ConsentLog, ConsentLog.user, of_consents, "同意过的事", "log", plain="what version about"),
    Line(Session, Session.user, gone, "登录过的设备", "me"),
    Line(RecoveryCode, RecoveryCode.user, gone, "找回码", people="issued_by"),
    Line(SignInCode, None, of_codes, plain="purpose asked_by phone_digest code_digest"),
    Line(OutboxMessage, None, of_messages, emptied="sealed", plain="channel state"),
    Line(Limit, None, of_limits, emptied="key"),
    Line(Export, Export.user, of_exports, "数据打包", "exports"),
    Line(Farewell, Farewell.user, stays, "注销申请", plain="traces state op_id"),
    Line(District, District.officer, with_values(officer=None), plain="name"),
    Line(
        Membership, Membership.user, of_memberships, "住过的小区", "me",
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
    aid_ends.let_go(her.members, now)
    event_days.let_go(her.members, now)
    redemptions.let_go(her.members, now)
    for ids in chunked([each.id for each in Post.select(Post.id).where(going_posts(her))], A_FEW):
        with writing():
            _hold_posts(Post.id.in_(ids))
            let_posts_go(going_posts(her) & Post.id.in_(ids), now)
    for ids in chunked([each.id for each in Comment.select(Comment.id).where(going_comments(her))], A_FEW):
        with writing():
            _hold_posts(Post.id.in_(Comment.select(Comment.post).where(Comment.id.in_(ids))))
            let_comments_go(going_comments(her) & Comment.id.in_(ids), now)
    for ids in chunked([each.id for each in Photo.select(Photo.id).where(Photo.owner.in_(her.members))], A_FEW):
        with writing():
            PostPhoto.delete().where(PostPhoto.photo.in_(ids)).execute()
            let_photos_go(Photo.id.in_(ids))


def forget(her, now):
    """Everything of this person, table by table, in the caller's transaction; pages that showed her are stale from then on."""
    voted = Elector.select(Elector.contest).where(Elector.member.in_(her.members))
    sent = Entry.select(Entry.contest).where(Entry.author.in_(her.members))
    hold(Contest, Contest.id.in_(voted) | Contest.id.in_(sent))  # these two before everything else (db/base.py writing)
    coming = Registration.select(Registration.event).where(Registration.member.in_(her.members))
    markets = (Event.kind == "market") & Event.neighborhood.in_(her.places)  # her stamps, and those she is given just now
    hold(Event, Event.creator.in_(her.members) | Event.id.in_(coming) | markets | ambassador_ends.with_call(her.places))
    hold(User, User.id.in_(her.users))
    answered = Comment.select(Comment.post).where(Comment.author.in_(her.members))
    _hold_posts(Post.author.in_(her.members) | Post.id.in_(answered) | Post.id.in_(makings.touched(her) + stories.touched(her)))
    hold(Service, going_services(her) | Service.suggested_by.in_(her.members))
    hold(Need, Need.author.in_(her.members))
    hold(Membership, Membership.user.in_(her.users))
    for line in BOOK:
        line.forget(line, her, now)
    for place in her.places:
        refresh(place)
