"""互助: a post that asks for a hand or holds one out, and the one neighbour who takes it (R28).

The words are a post of kind "help"; what is here is how far it has come. Its states are TRANSITIONS; anything not drawn there
is refused. How to reach each other is seen by the two of a match alone, and only after the author has chosen.
"""

import re
from datetime import timedelta

from peewee import BooleanField, CharField, Check, DateTimeField, ForeignKeyField

from db import notices, posts, screening
from db.base import Refused, Table, hold
from db.members import Membership, clean_building
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI
from db.people import User
from db.posts import Post
from db.words import clean_line, fold

KINDS = {"ask": "求助", "offer": "提供", "give": "闲置", "lend": "借用"}
HINTS = {"ask": "需要搭把手", "offer": "我能帮上忙", "give": "送人或交换", "lend": "可以借给邻居"}
TAKES = {"ask": "我来帮忙", "offer": "我需要", "give": "我想要", "lend": "我想借"}  # what a neighbour says to it
CHOOSES = {"ask": "请 TA 来帮忙", "offer": "就帮 TA", "give": "就给 TA", "lend": "就借给 TA"}  # what the author says to her
CATEGORIES = {
    "errand": "跑腿",
    "childcare": "照看孩子",
    "pets": "照看宠物",
    "medicine": "送药",
    "tools": "工具",
    "things": "闲置物品",
    "other": "其他",
}
SAFETY = {
    "childcare": "孩子的事请与家人商量好：先见面认识，说清时间、过敏和接送人；有拿不准的，先问问主理人。",
    "medicine": "药品只帮忙取送，不推荐、不转让、不替人决定用药；急症请马上拨打 120。",
}
DAYS = (3, 7, 14, 30)
USUAL_DAYS = 14
AGAIN = timedelta(days=3)  # a request that goes looking anew has at least so long
LONGEST_WORDS, LONGEST_NOTE = 140, 200

TRANSITIONS = {
    ("open", "matched"),  # the author accepts one of those who offered
    ("open", "expired"),  # by the clock
    ("open", "cancelled"),
    ("matched", "done"),  # both say so
    ("matched", "open"),  # it came to nothing: the author looks for somebody else, or the helper cannot come
    ("matched", "cancelled"),
    ("matched", "expired"),  # nobody said anything for two weeks after its end
    ("expired", "open"),  # renewed, once
}
OFFERS = {
    ("offered", "accepted"),
    ("offered", "withdrawn"),
    ("accepted", "withdrawn"),
    ("accepted", "declined"),
    ("withdrawn", "offered"),
}

# A building is near enough; a door is nobody's business (G10): 「室」, a number of three digits that names no building, 3-2-301.
DOOR = re.compile(r"[室房户]|(?<!\d)\d{3,}(?!\d|\s*[栋幢座弄号])|\d\s*[-—~/]\s*\d+\s*[-—~/]\s*\d")


class Aid(Table):
    post = ForeignKeyField(Post, unique=True, backref="+")
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    aid_kind = CharField(max_length=10)
    category = CharField(max_length=10)
    when_text = CharField(max_length=40, default="")
    building = CharField(max_length=12, default="")
    state = CharField(max_length=10, default="open")  # see TRANSITIONS
    expires_at = DateTimeField()
    renewed = BooleanField(default=False)
    reminded = BooleanField(default=False)
    matched_at = DateTimeField(null=True)  # when somebody was found for the first time
    done_by_author = BooleanField(default=False)
    done_by_helper = BooleanField(default=False)
    thanks = CharField(max_length=LONGEST_WORDS, default="")

    class Meta:
        indexes = ((("neighborhood", "state", "id"), False), (("state", "expires_at"), False))
        constraints = [Check("state IN ('open', 'matched', 'done', 'expired', 'cancelled')", name="aid_states")]

    def phase(self, now):
        """Its state as everybody should see it: what has ended is over, whether or not the timetable has been here (G15)."""
        return "expired" if self.state == "open" and now >= self.expires_at else self.state

    def days_left(self, now):
        return max(0, -((now - self.expires_at) // timedelta(days=1)))

    @property
    def kind_name(self):
        return KINDS[self.aid_kind]

    @property
    def category_name(self):
        return CATEGORIES[self.category]

    @property
    def takes(self):
        """The words of the button a neighbour presses."""
        return TAKES[self.aid_kind]

    @property
    def chooses(self):
        """The words of the button the author presses at one of the offers."""
        return CHOOSES[self.aid_kind]

    @property
    def safety(self):
        return SAFETY.get(self.category, "")

    @property
    def author_is_helped(self):
        """Whose thanks it is to give: for a 求助 the author's, otherwise of whom the author has chosen."""
        return self.aid_kind == "ask"


class AidOffer(Table):
    aid = ForeignKeyField(Aid, backref="+")
    helper = ForeignKeyField(Membership, backref="+", index=False)
    words = CharField(max_length=LONGEST_WORDS, default="")
    state = CharField(max_length=10, default="offered")  # see OFFERS
    helper_shares = BooleanField(default=False)  # her phone, should she be chosen
    author_shares = BooleanField(default=False)  # the author's, given with the choice
    at = DateTimeField()

    class Meta:
        indexes = ((("aid", "helper"), True), (("helper", "id"), False))


# The database itself keeps two from being chosen at once.
AidOffer.add_index(AidOffer.aid, unique=True, where=AidOffer.state == "accepted", name="aid_offer_accepted")


class AidNote(Table):
    """A word between the two of a match, for nobody else: where to meet, when to come."""

    offer = ForeignKeyField(AidOffer, backref="+", index=False)
    author = ForeignKeyField(Membership, backref="+", index=False)
    words = CharField(max_length=LONGEST_NOTE)
    op_id = CharField(max_length=40)
    at = DateTimeField(index=True)

    class Meta:
        indexes = ((("offer", "id"), False), (("author", "op_id"), True))


def ask(
    member, now, *, op_id, aid_kind, category, title, body="", when_text="", building="", days=USUAL_DAYS, photo_codes=(),
    consent=False, visibility="neighborhood",
):  # fmt: skip
    """Ask for a hand or hold one out, for 3, 7, 14 or 30 days; the same `op_id` again gives the first post back (G5).

    Refused beside the field: no such kind, category or time, no title, a door number, a price (db/posts.py), and whatever a post
    may not say."""
    if aid_kind not in KINDS:
        raise Refused("bad-kind", "请选一种：求助、提供、闲置、借用", field="aid_kind")
    if category not in CATEGORIES:
        raise Refused("bad-category", "请选一类", field="category")
    if days not in DAYS:
        raise Refused("bad-days", "请选多久以后自动收起来", field="days")
    if not clean_line(title, 60, "title", "标题"):
        raise Refused("title-needed", "一句话写清楚要什么、有什么", field="title")
    when_text = clean_line(when_text, 40, "when_text", "时间")
    screening.check(when_text, "when_text", priceless=True)
    building = clean_area(building)

    def also(post):
        aid = Aid.create(
            post=post,
            neighborhood=post.neighborhood_id,
            aid_kind=aid_kind,
            category=category,
            when_text=when_text,
            building=building,
            expires_at=now + timedelta(days=days),
        )
        Post.update(aside=aside(aid)).where(Post.id == post.id).execute()

    return posts.create(
        member, now, op_id=op_id, kind="help", title=title, body=body, photo_codes=photo_codes, consent=consent,
        visibility=visibility, also=also,
    )  # fmt: skip


def clean_area(text):
    """The building, never the door (G10); Refused beside `building`."""
    building = clean_building(text)
    if DOOR.search(fold(building)):
        raise Refused("door-number", "写到楼栋就好，比如「3栋」，门牌号等约好了再私下说", field="building")
    screening.check(building, "building")
    return building


def find(neighborhood, post_id):
    """The request of this post of the 小区, with post, author and user; or None (G1)."""
    return whole().where((Aid.post == post_id) & (Aid.neighborhood == neighborhood.id)).first()


def whole():
    """Requests with their posts, authors and users: what every rule about them asks for."""
    return Aid.select(Aid, Post, Membership, User).join(Post).join(Membership).join(User)


def accepted(aid):
    """The offer the author has chosen, with the helper; or None."""
    chosen = AidOffer.select(AidOffer, Membership, User).join(Membership).join(User)
    return chosen.where((AidOffer.aid == aid.id) & (AidOffer.state == "accepted")).first()


def waiting(aid):
    """Offers that nobody has taken up or taken back, the first one first, each with its helper."""
    found = AidOffer.select(AidOffer, Membership, User).join(Membership).join(User)
    standing = (AidOffer.aid == aid.id) & (AidOffer.state == "offered") & (Membership.status == "active")
    return list(found.where(standing).order_by(AidOffer.at, AidOffer.id))


def aside(aid):
    """The line a card shows: what, when, where, and how far it is. Words that hold on every day, as cards are kept."""
    end = aid.expires_at + SHANGHAI
    words = [KINDS[aid.aid_kind], CATEGORIES[aid.category]]
    if aid.state == "open":
        words += [aid.when_text, aid.building, f"到 {end.month}月{end.day}日"]
    else:
        words.append({"matched": "约好了", "done": "完成了", "expired": "到期了", "cancelled": "不用了"}[aid.state])
    return " · ".join(filter(None, words))


def called(aid):
    """「帮忙遛狗」: how a sentence names it."""
    words = " ".join((aid.post.title or aid.post.body).split())
    return f"「{words[:20] or '互助'}」"


def moved_on():
    """The refusal for whoever acts on a request or an offer that somebody else changed meanwhile (409)."""
    return Refused("moved-on", "这件互助刚刚变了，请刷新看看")


def move(aid, to, *, guard=None, **values):
    """Carry a request along one arrow of TRANSITIONS, in the caller's transaction; its card is drawn anew by `show`.

    Refused when it is not where it was any more, or the arrow is not drawn."""
    sources = [source for source, target in TRANSITIONS if target == to]
    as_it_was = (Aid.id == aid.id) & (Aid.state == aid.state) & Aid.state.in_(sources)
    if guard is not None:
        as_it_was &= guard
    if not Aid.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()


def move_offer(offer, to, **values):
    """Carry an offer along one arrow of OFFERS, in the caller's transaction; Refused like `move`."""
    sources = [source for source, target in OFFERS if target == to]
    as_it_was = (AidOffer.id == offer.id) & (AidOffer.state == offer.state) & AidOffer.state.in_(sources)
    if not AidOffer.update(state=to, **values).where(as_it_was).execute():
        raise moved_on()


def part(aid):
    """The two of a match go their ways, in the caller's transaction; returns the offer that had been chosen, or None."""
    if offer := accepted(aid):
        move_offer(offer, "declined")
    return offer


def look_again(aid, now):
    """A match came to nothing: its request is open again, for three days at least. In the caller's transaction."""
    fresh = {"done_by_author": False, "done_by_helper": False}
    if aid.expires_at < now + AGAIN:
        fresh |= {"expires_at": now + AGAIN, "reminded": False}
    move(aid, "open", guard=Aid.state == "matched", **fresh)


def show(aid):
    """Its card as it is now. Last in the caller's transaction, as it takes the 小区."""
    posts.redraw(aid.post_id, aid.neighborhood_id, aside(Aid.get_by_id(aid.id)))


def take(aid, *, seen=True):
    """Hold the post, on which everything about this request waits its turn. Refused when it is not to be seen any more."""
    hold(Post, Post.id == aid.post_id)
    if seen and not Post.select().where((Post.id == aid.post_id) & (Post.state == "published")).exists():
        raise Refused("not-published", "这条帖子现在看不到了")


def only_author(aid, member):
    """Refused (403) for everybody but who asked."""
    if member.id != aid.post.author_id:
        raise Refused("not-yours", "只有发起人可以这样做", status=403)


def tell(aid, people, sentence, now, key=""):
    """Tell these neighbours one thing about this request; lines with the same `key` are one line while unread."""
    url = f"/n/{Neighborhood.get_by_id(aid.neighborhood_id).slug}/posts/{aid.post_id}#aid"
    told = [member.user_id for member in people]
    notices.tell(told, "aid", sentence, url, now, neighborhood=aid.neighborhood_id, key=f"{aid.id} {key}")
