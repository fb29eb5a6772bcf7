"""How the rows of each table are forgotten: deleted, emptied, or left where only numbers stand in them (X6, I18).

Each act takes the line of db/belongings.py: BOOK that calls it, the person and now.
"""

import functools
from typing import NamedTuple

from peewee import CharField, fn

from db import comments, exports, indexing, lives, phones, photos, posts
from db.audit import AuditLog
from db.blocks import Block
from db.comments import Comment
from db.consents import ConsentLog
from db.doors import SignInCode
from db.events import ONLINE, Event
from db.farewells import GONE
from db.handovers import Handover
from db.limits import Limit
from db.mailboxes import Mailbox
from db.markets import Booth
from db.members import Membership
from db.needs import STATES as ON_THE_WALL
from db.needs import Need
from db.neighborhoods import Neighborhood
from db.notices import Notice
from db.outbox import forget_to
from db.people import User
from db.photos import Photo
from db.posts import Post
from db.recommends import ServiceRecommend, ServiceStill
from db.reports import Report
from db.scans import QrToken
from db.search import SearchEntry
from db.services import Service
from db.topics import Topic


class Person(NamedTuple):
    """Somebody with all the accounts that were merged into hers, and all her memberships."""

    user: User
    users: list
    members: list
    places: list
    names: list  # what she is found by in words: a single letter would be found in too many
    phone: str
    keeps: bool = True  # her published words stay, under another name

    @property
    def words(self):
        return [*self.names, *([self.phone] if self.phone else [])]


def person(user, *, keeps=True):
    """Everything one needs to know to find what is hers."""
    accounts = list(User.select().where((User.id == user.id) | (User.merged_into == user.id)).order_by(User.id))
    users = [each.id for each in accounts]
    mine = list(Membership.select().where(Membership.user.in_(users)).order_by(Membership.id))
    names = sorted({each.name for each in accounts if len(each.name) > 1 and each.name != GONE}, key=len, reverse=True)
    phone = phones.unseal(user.phone_sealed) if user.phone_sealed else ""
    places = sorted({each.neighborhood_id for each in mine})
    return Person(user, users, [each.id for each in mine], places, names, phone, keeps)


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
    for column in columns:
        found, said = None, column
        for word in her.words:
            found = column.contains(word) if found is None else found | column.contains(word)
            said = fn.REPLACE(said, word, GONE)
        if her.words:
            if isinstance(column, CharField):
                said = fn.SUBSTR(said, 1, column.max_length)
            line.table.update({column: said}).where(found & (line.rows(her) if rows is None else rows)).execute()


def going_posts(her):
    """Published words stay if she wants that; drafts, what was returned or taken down, and posts of photos alone never do."""
    mine = Post.author.in_(her.members) & (Post.state != "purged")
    return mine & (Post.state.not_in(posts.SEEN) | ((Post.title == "") & (Post.body == ""))) if her.keeps else mine


def let_posts_go(which, now):
    """Take down these posts, words and all."""
    for post in list(Post.select().where(which).order_by(Post.id)):
        posts.forget(post, now)


def of_posts(line, her, now):
    """Words that go, and words that stay without her name."""
    let_posts_go(going_posts(her), now)
    Post.update(return_reason="", version=Post.version + 1).where(line.rows(her)).execute()
    unnamed(line, her, now, Post.title, Post.body, Post.aside)


def of_found(line, her, now):
    """What of hers is still there is found by the words it has now."""
    for entry in list(SearchEntry.select().where(line.rows(her)).order_by(SearchEntry.place)):
        indexing.again(entry.kind, entry.object_id)


def going_comments(her):
    """Which of her comments go: all, or only those nobody sees."""
    mine = Comment.author.in_(her.members)
    mine &= Comment.state.in_([state for state, to in comments.TRANSITIONS if to == "withdrawn"])
    return mine & (Comment.state != "published") if her.keeps else mine


def let_comments_go(which, now):
    """Take back these comments."""
    for comment in list(Comment.select().where(which).order_by(Comment.id)):
        comments.withdraw(comment, comment.author, now)


def of_comments(line, her, now):
    """They keep their place: with the words, or as a stone under which the answers keep their sense."""
    mine = line.rows(her)
    let_comments_go(going_comments(her), now)
    Comment.update(body="").where(mine & (Comment.state != "published")).execute()
    Comment.update(return_reason="").where(mine).execute()
    unnamed(line, her, now, Comment.body)


def let_photos_go(which):
    """Drop these photos, used or not, from rows and shelf."""
    ids = [photo.id for photo in Photo.select(Photo.id).where(which)]
    photos.drop(ids, used=True)
    photos.drop(ids)


def of_photos(line, her, now):
    """Photos of a person never stay."""
    let_photos_go(line.rows(her))


def of_topics(line, her, now):
    """What a topic asks stays, without her name."""
    unnamed(line, her, now, Topic.prompt, Topic.blurb)


def of_events(line, her, now):
    """That neighbours met stays, for those who were there; her words stay without her name, if she wants that, and where it was
    does not: it may have been at her home."""
    mine = line.rows(her)
    Event.update(place="", bring="", allergy="", ages="", reason="").where(mine).execute()
    if not her.keeps:
        Event.update(title="一场活动", body="", recap="").where(mine).execute()
    unnamed(line, her, now, Event.title, Event.body, Event.recap)
    for event in list(Event.select(Event.id).where(mine & Event.kind.in_(ONLINE)).order_by(Event.id)):
        lives.stir(event.id, now, urgent=True)  # its page says her name


def of_booths(line, her, now):
    """The booths she kept stay in their markets without her name: on the list, under their codes and in the book."""
    hers = list(Booth.select().where(line.rows(her)).order_by(Booth.id))
    ids = [booth.id for booth in hers]
    QrToken.update(label="").where((QrToken.target_type == "booth") & QrToken.target_id.in_(ids)).execute()
    AuditLog.update(before="{}", after="{}").where((AuditLog.object_type == "Booth") & AuditLog.object_id.in_(ids)).execute()
    unnamed(line, her, now, Booth.words)
    for booth in hers:
        name = functools.reduce(lambda said, word: said.replace(word, GONE), her.words, booth.name)[: Booth.name.max_length]
        others = (Booth.event == booth.event_id) & (Booth.id != booth.id)
        if Booth.select().where(others & (Booth.name == name)).exists():  # two of one market who have both left
            name = f"摊位 {booth.id}"
        Booth.update(name=name, keeper=None).where(Booth.id == booth.id).execute()


def of_handovers(line, her, now):
    """Who looked after a 小区 stays in its book; what was said along with it does not, and nobody waits for her answer."""
    hers = line.rows(her) | Handover.outgoing.in_(her.members)
    Handover.update(note="").where(hers).execute()
    Handover.update(state="cancelled", decided_at=now).where(hers & Handover.decided_at.is_null()).execute()


def going_services(her):
    """Shops that are her own go, whoever suggested them; of the others those she suggested, if she wants that or nobody
    sees them."""
    own = Service.phone == (her.phone or "-")
    for name in her.names:
        own |= Service.name.contains(name)
    mine = Service.suggested_by.in_(her.members)
    return (own & Service.neighborhood.in_(her.places)) | (mine & (Service.state != "published") if her.keeps else mine)


def of_services(line, her, now):
    """Her own shops go; what she suggested stays or goes as she chose."""
    ids = [service.id for service in Service.select(Service.id).where(going_services(her))]
    for table in (ServiceRecommend, ServiceStill):
        table.delete().where(table.service.in_(ids)).execute()
    Service.delete().where(Service.id.in_(ids)).execute()
    for each in ids:
        indexing.again("service", each)
    told = (AuditLog.object_type == "Service") & AuditLog.object_id.in_(ids)
    AuditLog.update(before="{}", after="{}").where(told).execute()  # a host may have corrected her number
    Service.update(return_reason="").where(line.rows(her)).execute()
    unnamed(line, her, now, Service.hours, Service.address, Service.note)


def of_needs(line, her, now):
    """What stands on the wall may stay without her; of the rest the words go, and the row keeps its place for those who were
    led on from it."""
    mine = line.rows(her)
    going = mine & Need.state.not_in(list(ON_THE_WALL)) if her.keeps else mine
    Need.update(state="removed").where(going & (Need.state != "merged")).execute()
    Need.update(body="", answered_note="").where(mine & Need.state.not_in(list(ON_THE_WALL))).execute()
    Need.update(return_reason="").where(mine).execute()
    unnamed(line, her, now, Need.body, Need.answered_note)


def of_reports(line, her, now):
    """That something was reported, and how it ended, stays; what she said of others, and others of her, does not."""
    mine = line.rows(her) | Report.about.in_(her.members)
    Report.update(words="", answer="", appeal_words="").where(mine).execute()


def of_blocks(line, her, now):
    """Nobody has blocked her any more, and she nobody."""
    mine = line.rows(her) | Block.blocked.in_(her.members)
    theirs = [block.member_id for block in Block.select(Block.member).where(mine)]
    Block.delete().where(mine).execute()
    left = Block.select(fn.COUNT(Block.id)).where(Block.member == Membership.id)
    Membership.update(blocks=left).where(Membership.id.in_(theirs)).execute()


def of_cards(line, her, now):
    """No paper card opens her door; what she called the codes she printed as a host goes, the codes still lead where they did."""
    QrToken.update(revoked_at=now).where(line.rows(her) & QrToken.revoked_at.is_null()).execute()
    QrToken.update(label="").where(QrToken.created_by.in_(her.members)).execute()


def of_audit(line, her, now):
    """That something was done stays on record, and by whom; her words, and what was said about her, do not. Lines of others
    are left alone: a name chosen for it must not rewrite them."""
    AuditLog.update(before="{}", after="{}", reason="本人已注销，内容清空").where(line.rows(her)).execute()
    unnamed(line, her, now, AuditLog.reason, rows=AuditLog.actor.in_(her.users))


def of_notices(line, her, now):
    """Hers go; what her neighbours were told keeps its place in their inboxes, without her name."""
    gone(line, her, now)
    unnamed(line, her, now, Notice.sentence, rows=Notice.neighborhood.in_(her.places) | Notice.neighborhood.is_null())


def of_codes(line, her, now):
    """No code on its way to her phone opens anything."""
    SignInCode.delete().where(SignInCode.phone_digest == her.user.phone_digest).execute()


def of_messages(line, her, now):
    """Nothing is sent to her number any more."""
    if her.phone:
        forget_to("sms", her.phone)


def of_mailboxes(line, her, now):
    """The address, and the letters that are still under way to it."""
    for box in Mailbox.select().where(line.rows(her)):
        forget_to("mail", box.address)
    gone(line, her, now)


def of_limits(line, her, now):
    """Nothing is remembered under her number."""
    if her.user.phone_digest:
        Limit.delete().where(Limit.key.contains(her.user.phone_digest)).execute()


def of_exports(line, her, now):
    """Her exports go, files too."""
    exports.drop(line.rows(her))


def of_consents(line, her, now):
    """What she agreed to is taken back."""
    ConsentLog.update(withdrawn_at=now).where(line.rows(her) & ConsentLog.withdrawn_at.is_null()).execute()


def of_memberships(line, her, now):
    """She lives nowhere any more, and no count says otherwise."""
    for member in list(Membership.select().where(line.rows(her)).order_by(Membership.id)):
        here = (Membership.id == member.id) & (Membership.status == "active")
        if Membership.update(status="left").where(here).execute():
            Neighborhood.update(members=Neighborhood.members - 1).where(Neighborhood.id == member.neighborhood_id).execute()
    Membership.update(role="resident", building="", face="").where(line.rows(her)).execute()
