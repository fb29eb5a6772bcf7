"""话题: something light for everybody to say a word about, for a while (R26). Open or closed is what the clock says."""

from datetime import timedelta

from peewee import CharField, Check, DateTimeField, ForeignKeyField, IntegerField

from db.base import Refused, Table, writing
from db.compiled import compiled
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.words import clean_line

PRESETS = ("晒出你家的拿手菜", "分享你最近读的一本好书", "聊聊你的周末计划")
LONGEST = timedelta(days=60)


class Topic(Table):
    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    prompt = CharField(max_length=40)
    blurb = CharField(max_length=200, default="")
    opens_at = DateTimeField()
    closes_at = DateTimeField()
    created_by = ForeignKeyField(Membership, backref="+")
    created_at = DateTimeField()
    posts = IntegerField(default=0)

    class Meta:
        indexes = ((("neighborhood", "opens_at"), False),)
        constraints = [Check("closes_at > opens_at", name="topic_dates"), Check("posts >= 0", name="topic_counts")]

    def phase(self, now):
        """coming | open | closed: the one function every banner and rule asks (G15)."""
        if now < self.opens_at:
            return "coming"
        return "open" if now < self.closes_at else "closed"


def find(neighborhood, topic_id):
    """The topic with this id in this 小区, or None: those of others do not exist here (G1)."""
    return Topic.get_or_none((Topic.id == topic_id) & (Topic.neighborhood == neighborhood.id))


class RunningTopic:
    __slots__ = ("id", "prompt", "blurb", "closes_at", "posts")

    def __init__(self, *values):
        self.id, self.prompt, self.blurb, closes_at, self.posts = values
        self.closes_at = Topic.closes_at.python_value(closes_at)


@compiled
def _current(neighborhood, now):
    return (
        Topic.select(Topic.id, Topic.prompt, Topic.blurb, Topic.closes_at, Topic.posts)
        .where((Topic.neighborhood == neighborhood) & (Topic.opens_at <= now) & (Topic.closes_at > now))
        .order_by(Topic.opens_at.desc(), Topic.id.desc())
        .limit(6)
    )


def current(neighborhood, now):
    """The open topics, the youngest first: that one is 今天的话题."""
    return [RunningTopic(*row) for row in _current(neighborhood=neighborhood.id, now=now)]


def listed(neighborhood, limit=60):
    """All topics of a 小区, the latest first: coming, open and closed."""
    return list(
        Topic.select().where(Topic.neighborhood == neighborhood.id).order_by(Topic.opens_at.desc(), Topic.id.desc()).limit(limit)
    )


def open_twin(neighborhood, prompt, now):
    """A topic with the same words that has not closed yet, or None."""
    return (
        Topic.select().where((Topic.neighborhood == neighborhood.id) & (Topic.prompt == prompt) & (Topic.closes_at > now)).first()
    )


def schedule(host, now, *, prompt, blurb="", opens_at, closes_at, twin_ok=False):
    """The host asks the 小区 something from `opens_at` to `closes_at` (UTC). Warned once of a twin that is still open.

    Refused beside the field: no words, over 40 characters, end before start or in the past, over 60 days."""
    prompt, blurb = clean_line(prompt, 40, "prompt", "话题"), clean_line(blurb, 200, "blurb", "补充说明")
    if len(prompt) < 2:
        raise Refused("bad-prompt", "话题请写 2–40 个字", field="prompt")
    if closes_at <= max(opens_at, now):
        raise Refused("bad-dates", "结束时间要晚于开始时间，也要晚于现在", field="closes_at")
    if closes_at - opens_at > LONGEST:
        raise Refused("bad-dates", "一个话题最长 60 天，久了大家就忘了", field="closes_at")
    if not twin_ok and open_twin(host.neighborhood, prompt, now):
        raise Refused("twin", "同样的话题还没结束。真要再开一个，请再按一次", field="prompt")
    with writing():
        topic = Topic.create(
            neighborhood=host.neighborhood_id,
            prompt=prompt,
            blurb=blurb,
            opens_at=opens_at,
            closes_at=closes_at,
            created_by=host,
            created_at=now,
        )
        refresh(host.neighborhood_id)
        return topic


def close(topic, now):
    """End an open topic now, or call off a coming one; closing a closed one changes nothing."""
    with writing():
        running = (Topic.id == topic.id) & (Topic.closes_at > now)
        if Topic.update(opens_at=min(topic.opens_at, now - timedelta(seconds=1)), closes_at=now).where(running).execute():
            refresh(topic.neighborhood_id)


def count_post(topic_id, by):
    """One post more, or less, in a topic; called in the transaction that changes the post."""
    Topic.update(posts=Topic.posts + by).where(Topic.id == topic_id).execute()
