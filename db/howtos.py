"""干货: what a neighbour knows how to do, step by step (R25).

A how-to is a post, and its words stand in the post's body, where review, search, history and a newcomer's waiting edit find
them. The rows here say the same in parts. Parts are shown only where they say, letter for letter, what the body says: however
it was changed, nobody reads anything that has not come past those who had to look at it.
"""

import hashlib
from typing import NamedTuple

from peewee import JOIN, CharField, Check, ForeignKeyField, IntegerField, Tuple

from db import albums, posts, revisions
from db.base import Refused, Table, hold, writing
from db.neighborhoods import Neighborhood
from db.photos import Photo
from db.posts import Post, PostPhoto
from db.words import clean_text

SEASONS = ("春", "夏", "秋", "冬")
TIMES = {"30": "半小时内", "60": "一小时内", "more": "慢慢来"}
MOST_STEPS = 30
LONGEST_STEP, LONGEST_NOTE, LONGEST_TIME = 300, 500, 2880
PAGE = 20


class Howto(Table):
    """What lists ask of a how-to: as its standing text says, and how many have saved and made it (db/makings.py)."""

    post = ForeignKeyField(Post, unique=True, backref="+", on_delete="CASCADE")
    neighborhood = ForeignKeyField(Neighborhood, backref="+", index=False)
    minutes = IntegerField(null=True)
    season = CharField(max_length=1, default="")
    steps = IntegerField(default=0)
    saves = IntegerField(default=0)
    made = IntegerField(default=0)

    class Meta:
        indexes = ((("neighborhood", "made", "post"), False),)
        constraints = [
            Check("saves >= 0 AND made >= 0", name="howto_counts"),
            Check("minutes BETWEEN 1 AND 2880", name="howto_minutes"),
        ]


class HowtoText(Table):
    """One text of a how-to in parts: the one that stands, earlier ones, and one that waits for the host."""

    howto = ForeignKeyField(Howto, backref="+", on_delete="CASCADE", index=False)
    digest = CharField(max_length=32)  # of the body that says the same
    minutes = IntegerField(null=True)
    season = CharField(max_length=1, default="")
    materials = CharField(max_length=LONGEST_NOTE, default="")
    tips = CharField(max_length=LONGEST_NOTE, default="")

    class Meta:
        indexes = ((("howto", "digest"), True),)


class HowtoStep(Table):
    text = ForeignKeyField(HowtoText, backref="+", on_delete="CASCADE", index=False)
    position = IntegerField()
    body = CharField(max_length=LONGEST_STEP)
    photo = ForeignKeyField(Photo, null=True, backref="+", on_delete="SET NULL")

    class Meta:
        indexes = ((("text", "position"), True),)
        constraints = [Check("position BETWEEN 1 AND 30", name="howto_step_position")]


class Sheet(NamedTuple):
    """A how-to as its author hands it in. `steps` are (words, code of a photo or "")."""

    title: str = ""
    minutes: object = None
    materials: str = ""
    steps: tuple = ()
    tips: str = ""
    season: str = ""

    @property
    def codes(self):
        return [code for _, code in self.steps if code]


class Parts(NamedTuple):
    """A how-to as it is read: the row of counts, the text in parts (None where only the body says it), and its steps."""

    howto: Howto
    text: HowtoText | None
    steps: list


def took(minutes):
    """「30 分钟」, 「1 小时 20 分钟」; empty where nobody said."""
    hours, rest = divmod(minutes or 0, 60)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "小时"), (rest, "分钟")) if number)


def _minutes(given):
    text = str("" if given is None else given).strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= LONGEST_TIME):
        raise Refused("bad-minutes", "大约要多少分钟？请写 1–2880 的数字，也可以不写", field="minutes")
    return int(text)


def _checked(sheet):
    """The sheet in clean words; rows with neither words nor a photo are nothing. Refused beside the field."""
    steps = []
    for words, code in sheet.steps:
        words = clean_text(words, LONGEST_STEP, "steps", f"第 {len(steps) + 1} 步")
        if code and not words:
            raise Refused("empty-step", f"第 {len(steps) + 1} 步有照片，也写一句怎么做吧", field="steps")
        if words:
            steps.append((words, code))
    if not 1 <= len(steps) <= MOST_STEPS:
        said = "至少写一步，邻居才好照着做" if not steps else f"最多 {MOST_STEPS} 步，现在有 {len(steps)} 步，合并几步试试"
        raise Refused("bad-steps", said, field="steps")
    codes = [code for _, code in steps if code]
    if len(set(codes)) < len(codes):
        raise Refused("bad-steps", "同一张照片放在了两步里，请去掉一张", field="steps")
    if sheet.season and sheet.season not in SEASONS:
        raise Refused("bad-season", "请选一个季节，或者不选", field="season")
    return Sheet(
        title=sheet.title,
        minutes=_minutes(sheet.minutes),
        materials=clean_text(sheet.materials, LONGEST_NOTE, "materials", "要准备的东西"),
        steps=tuple(steps),
        tips=clean_text(sheet.tips, LONGEST_NOTE, "tips", "小贴士"),
        season=sheet.season,
    )


def words_of(sheet):
    """The body of the post: everything the sheet says, as one reads it out."""
    takes = [f"大约 {took(sheet.minutes)}"] if sheet.minutes else []
    takes += [f"{sheet.season}天做正好"] if sheet.season else []
    pieces = [
        f"准备：{sheet.materials}" if sheet.materials else "",
        "\n".join(f"{number}. {words}" for number, (words, _) in enumerate(sheet.steps, start=1)),
        f"小贴士：{sheet.tips}" if sheet.tips else "",
        " · ".join(takes),
    ]
    return "\n\n".join(filter(None, pieces))


def _digest(body):
    return hashlib.md5(body.encode()).hexdigest()


def write(member, now, *, op_id, sheet, consent=False, visibility="public"):
    """A how-to, seen when a post of this neighbour is; the same `op_id` again gives the first one back. Returns its post.

    Refused beside the field: no step, 31 of them, one without words or over 300 characters, minutes that are none, a season
    there is not; and whatever a post is refused for (db/posts.py)."""
    sheet = _checked(sheet)

    def take_apart(post):
        howto = Howto.create(post=post, neighborhood=post.neighborhood_id)
        _keep_text(howto, sheet)
        settle(post.id)

    return posts.create(
        member, now, op_id=op_id, kind="howto", title=sheet.title, body=words_of(sheet), photo_codes=sheet.codes,
        consent=consent, visibility=visibility, most=MOST_STEPS, also=take_apart,
    )  # fmt: skip


def _keep_text(howto, sheet):
    """The sheet's parts, under the body that says the same; known words may have other photos now."""
    digest = _digest(words_of(sheet))
    HowtoText.delete().where((HowtoText.howto == howto.id) & (HowtoText.digest == digest)).execute()
    text = HowtoText.create(
        howto=howto, digest=digest, minutes=sheet.minutes, season=sheet.season, materials=sheet.materials, tips=sheet.tips
    )
    hung = PostPhoto.select(PostPhoto, Photo).join(Photo).where(PostPhoto.post == howto.post_id)
    ids = {row.photo.code: row.photo_id for row in hung}
    for position, (words, code) in enumerate(sheet.steps, start=1):
        HowtoStep.create(text=text, position=position, body=words, photo=ids.get(code))


def edit(post, member, now, sheet, *, consent=False):
    """The author's new sheet. Returns the state it is in, as revisions.edit does: where a newcomer's new words wait for the
    host, the steps that go with them wait too. Photos taken away are gone at once; new ones a newcomer can add only before the
    host has let the post in, as neighbours would see them unseen."""
    sheet = _checked(sheet)
    with writing():
        hold(Post, Post.id == post.id)
        howto = Howto.get_or_none(Howto.post == post.id)
        if howto is None or not post.editable_by(member):
            raise Refused("not-editable", "这条帖子现在不能修改")
        fresh = set(sheet.codes) - set(albums.codes_of(post))
        if fresh and post.published and not member.trusted:
            raise Refused("photos-wait", "新照片要等主理人认识您以后才能加，文字和步骤可以先改", field="steps")
        albums.change(post, member, sheet.codes, now, consent=consent, most=MOST_STEPS)
        state = revisions.edit(post, member, now, title=sheet.title, body=words_of(sheet))
        _keep_text(howto, sheet)
        settle(post.id)
        return state


def settle(post_id):
    """What a post says now is what its how-to says: minutes, season and steps for lists and cards. Called after its words have
    changed, in that transaction; does nothing for other posts."""
    howto = Howto.get_or_none(Howto.post == post_id)
    if howto is None:
        return
    post = Post.get_by_id(post_id)
    text = _standing(howto, post)
    if text is not None:
        howto.minutes, howto.season = text.minutes, text.season
        howto.steps = HowtoStep.select().where(HowtoStep.text == text.id).count()
        howto.save(only=[Howto.minutes, Howto.season, Howto.steps])
    line = [took(howto.minutes), f"{howto.steps} 步", howto.season, f"{howto.made} 人做过" if howto.made else ""]
    posts.redraw(post_id, post.neighborhood_id, aside=" · ".join(filter(None, line)))


def _standing(howto, post):
    return HowtoText.get_or_none((HowtoText.howto == howto.id) & (HowtoText.digest == _digest(post.body)))


def of(post):
    """The parts of a how-to, or None for other posts and for a how-to that was written in one piece."""
    howto = Howto.get_or_none(Howto.post == post.id) if post.kind == "howto" else None
    if howto is None:
        return None
    text = _standing(howto, post)
    return Parts(howto, text, _steps(text) if text else [])


def _steps(text):
    wanted = HowtoStep.select(HowtoStep, Photo).join(Photo, JOIN.LEFT_OUTER).where(HowtoStep.text == text.id)
    return list(wanted.order_by(HowtoStep.position))


def sheet_of(post):
    """What the author's form starts from: the sheet she wrote last, whether it stands or waits; None for other posts."""
    howto = Howto.get_or_none(Howto.post == post.id)
    text = howto and HowtoText.select().where(HowtoText.howto == howto.id).order_by(HowtoText.id.desc()).first()
    if text is None:
        return None
    waiting = revisions.waiting_edit(post)
    steps = tuple((step.body, step.photo.code if step.photo_id else "") for step in _steps(text))
    return Sheet(waiting.title if waiting else post.title, text.minutes, text.materials, steps, text.tips, text.season)


class Listed(NamedTuple):
    id: int
    version: int


def library(neighborhood, member, *, sort="", season="", time="", after=""):
    """(cards, cursor of the next page) of the how-tos here, the newest first or (`sort="made"`) the most made, those of a season
    or that take so long. Old ones in one piece are among the newest when nothing narrows the search."""
    wanted = (Post.neighborhood == neighborhood.id) & (Post.kind == "howto") & (Post.state == "published")
    if member is None:
        wanted &= Post.visibility == "public"
    if season in SEASONS:
        wanted &= Howto.season == season
    if time in TIMES:
        wanted &= Howto.minutes > 60 if time == "more" else Howto.minutes <= int(time)
    order = (Howto.made, Post.id) if sort == "made" else (Post.published_at, Post.id)
    if sort == "made":
        wanted &= Howto.neighborhood == neighborhood.id
    if last := after.isascii() and after.isdigit() and len(after) < 16 and posts.find(neighborhood, int(after)):
        made = Howto.select(Howto.made).where(Howto.post == last.id).scalar() or 0
        wanted &= Tuple(*order) < Tuple(made if sort == "made" else last.published_at, last.id)
    rows = (
        Post.select(Post.id, Post.version)
        .join(Howto, JOIN.LEFT_OUTER, on=Howto.post == Post.id)
        .where(wanted)
        .order_by(*(column.desc() for column in order))
        .limit(PAGE + 1)
    )
    found = [Listed(row.id, row.version) for row in rows]
    return found[:PAGE], str(found[PAGE - 1].id) if len(found) > PAGE else ""


def forget(line, her, now):
    """Act of db/belongings.py: a how-to of hers goes on as its post does, in one piece; the parts would still name her."""
    texts = [text.id for text in HowtoText.select().where(line.rows(her))]
    howtos = list(Howto.select().join(HowtoText, on=HowtoText.howto == Howto.id).where(HowtoText.id.in_(texts)).distinct())
    HowtoText.delete().where(HowtoText.id.in_(texts)).execute()
    for howto in sorted(howtos, key=lambda howto: howto.post_id):
        settle(howto.post_id)
