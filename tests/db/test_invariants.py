"""Whatever neighbours do, in whatever order: counters are what can be counted, and only what is published is seen (I1, I8)."""

from datetime import timedelta
from itertools import count

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from peewee import fn

from db import comments, likes, living_room, members, merging, point_entries, posts, reviews, revisions, topics
from db.audit import AuditLog
from db.base import Refused
from db.comments import Comment
from db.likes import Like
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.point_entries import PointEntry
from db.posts import Post, PostRevision
from db.topics import Topic
from tests import make, snapshot

PEOPLE = st.integers(0, 5)
WHICH = st.integers(0, 99)
ON = st.booleans()
SMALL = {
    "max_examples": 25,
    "database": None,
    "stateful_step_count": 30,
    "deadline": None,
    "suppress_health_check": list(HealthCheck),
}


class Life(RuleBasedStateMachine):
    """Six neighbours of 翠湖, one of them the host; rules may refuse, but never leave half a thing behind."""

    place = people = topic = now = None  # given by the test

    def __init__(self):
        super().__init__()
        self.numbers = count(1)
        snapshot.clear("point_entry")
        Membership.update(points=0, points_held=0, points_owed=0).execute()
        for table in (Comment, Like, PostRevision, Post):
            table.delete().execute()
        Topic.update(posts=0).execute()

    def tick(self):
        type(self).now += timedelta(seconds=next(self.numbers) % 3)
        return self.now

    def who(self, number):
        member = Membership.get_by_id(self.people[number].id)
        member.user, member.neighborhood = User.get_by_id(member.user_id), self.place
        return member

    def pick(self, table, number):
        rows = list(table.select().order_by(table.id))
        return rows[number % len(rows)] if rows else None

    def post(self, number):
        row = self.pick(Post, number)
        return row and posts.find(self.place, row.id)

    def attempt(self, act, *args, **kwargs):
        try:
            return act(*args, **kwargs)
        except Refused:
            return None

    @rule(who=PEOPLE, answers=ON, hidden=ON)
    def write(self, who, answers, hidden):
        number = next(self.numbers)
        values = {"topic": self.topic if answers else None, "visibility": "neighborhood" if hidden else "public"}
        self.attempt(posts.create, self.who(who), self.tick(), op_id=f"post {number}", kind="chat", body=f"{number}", **values)

    @rule(which=WHICH, ok=ON)
    def review(self, which, ok):
        if post := self.post(which):
            act, words = (reviews.approve, ()) if ok else (reviews.give_back, ("请不要写门牌号和电话",))
            self.attempt(act, post, self.people[0], self.tick(), *words)

    @rule(which=WHICH, who=PEOPLE)
    def edit(self, which, who):
        if post := self.post(which):
            self.attempt(revisions.edit, post, self.who(who), self.tick(), body=f"改 {next(self.numbers)}")

    @rule(ok=ON)
    def decide_edit(self, ok):
        for revision in reviews.waiting_edits(self.place)[:1]:
            self.attempt(reviews.decide_edit, revision, self.people[0], self.tick(), accept=ok, reason="原来的更好些")

    @rule(which=WHICH)
    def take_down(self, which):
        if post := self.post(which):
            self.attempt(posts.withdraw, post, Membership.get_by_id(post.author_id), self.tick())

    @rule(which=WHICH, who=PEOPLE, on=ON)
    def like(self, which, who, on):
        if post := self.post(which):
            self.attempt(likes.set_like, self.who(who), post, on, self.tick())

    @rule(which=WHICH, who=PEOPLE, again=ON)
    def say(self, which, who, again):
        if post := self.post(which):
            op_id = "again" if again else f"say {next(self.numbers)}"
            self.attempt(comments.say, self.who(who), post, self.tick(), body="真好看", op_id=op_id)

    @rule(which=WHICH)
    def unsay(self, which):
        if comment := self.pick(Comment, which):
            self.attempt(comments.withdraw, comment, Membership.get_by_id(comment.author_id), self.tick())

    @rule(which=WHICH, on=ON)
    def feature_or_hold(self, which, on):
        if post := self.post(which):
            self.attempt(reviews.feature, post, self.people[0], self.tick(), on)
            self.attempt(reviews.hold_comments, post, self.people[0], self.tick(), comments_open=on)

    @rule(days=st.integers(1, 40))
    def wait(self, days):
        posts.purge_due(self.now + timedelta(days=days))

    @rule(who=st.integers(1, 5))
    def leave_and_come_back(self, who):
        self.attempt(members.leave, self.who(who), self.tick())
        self.attempt(members.join, Neighborhood.get_by_id(self.place.id), self.tick(), user=self.who(who).user)

    @rule(who=st.integers(1, 5), into=st.integers(1, 5))
    def merge_a_twin(self, who, into):
        """A second account of somebody likes what she may like too, and is then merged."""
        twin = make.neighbor(self.place, "分身", self.now)
        for post in list(Post.select().where(Post.state == "published").limit(2)):
            self.attempt(likes.set_like, twin, post, True, self.tick())
        self.attempt(merging.merge, twin.user, self.who(into).user, self.people[0].user, self.tick(), "同一个人，当面确认过")

    @invariant()
    def counters_are_what_can_be_counted(self):
        for post in Post.select():
            assert post.likes == Like.select().where(Like.post == post.id).count()
            assert post.comments == Comment.select().where((Comment.post == post.id) & (Comment.state == "published")).count()
            assert (post.featured_at is None) or post.state == "published"
            assert (post.published_at is not None) >= (post.state == "published")
        answers = Post.select().where((Post.topic == self.topic.id) & (Post.state == "published")).count()
        assert Topic.get_by_id(self.topic.id).posts == answers
        living = Membership.select().where((Membership.neighborhood == self.place.id) & (Membership.status == "active")).count()
        assert Neighborhood.get_by_id(self.place.id).members == living

    @invariant()
    def the_feed_is_what_is_published(self):
        for member, may_see in ((None, ("public",)), (self.people[1], ("public", "neighborhood"))):
            seen, after = [], ""
            while True:
                page = living_room.feed(self.place, member, "", after)
                seen += [each.id for each in page.listed]
                if not (after := page.after):
                    break
            wanted = Post.select(Post.id).where((Post.state == "published") & Post.visibility.in_(may_see))
            assert sorted(seen) == sorted(post.id for post in wanted)

    @invariant()
    def only_what_is_seen_is_paid(self):
        assert point_entries.differences() == []
        for table in (Post, Comment):
            gone = table.select(table.id).where(table.state != "published")
            paid = (PointEntry.source_type == table.__name__) & PointEntry.source_id.in_(gone)
            assert not PointEntry.select(fn.SUM(PointEntry.delta)).where(paid).scalar()

    @invariant()
    def every_decision_has_a_reason(self):
        assert not AuditLog.select().where((AuditLog.reason == "") | AuditLog.subject.is_null()).exists()


def test_whatever_neighbours_do(cast, now):
    qian, sun = make.neighbor(cast.cuihu, "钱奶奶", now), make.neighbor(cast.cuihu, "小孙", now)
    Life.place, Life.now = cast.cuihu, now
    Life.people = [cast.li, cast.wang, cast.zhao, cast.chen, qian, sun]
    Life.topic = topics.schedule(cast.li, now, prompt="聊聊你的周末计划", opens_at=now, closes_at=now + timedelta(days=50))
    run_state_machine_as_test(Life, settings=settings(**SMALL))
