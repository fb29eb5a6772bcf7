"""主理人: a person with a face, a title of their own and a signed mission; never 「团长」 (R14–R16)."""

from peewee import JOIN, BooleanField, CharField, DateTimeField, ForeignKeyField, TextField

from db import phones
from db.audit import AuditLog
from db.base import Refused, Table, writing
from db.compiled import compiled
from db.members import HOSTS, Membership
from db.neighborhoods import refresh
from db.people import User
from db.words import clean_line, clean_text

FORBIDDEN_IN_TITLE = ("总部", "官方", "警", "政府", "团长")
MISSIONS = (
    "我的使命是让每一位邻居都能享受到安心、健康、美好的生活。",
    "我想让每一扇门后面的人，都有一个可以打招呼的邻居。",
    "把小区过成一个大院：有事有人帮，有喜一起乐。",
)


class HostProfile(Table):
    membership = ForeignKeyField(Membership, backref="+", unique=True)
    title = CharField(max_length=16, default="绿洲生活主理人")
    mission = CharField(max_length=80, default="")
    mission_signed_at = DateTimeField(null=True)
    greeting = CharField(max_length=120, default="")
    story = TextField(default="")
    skills = CharField(max_length=60, default="")
    hours = CharField(max_length=40, default="")
    # Three questions that make a self-introduction easy (R16); `story` is for whatever else one likes to say.
    lived = CharField(max_length=40, default="")
    why = CharField(max_length=120, default="")
    talks = CharField(max_length=120, default="")
    phone_on_card = BooleanField(default=False)


class SignedMission(Table):
    """Every mission a host ever signed, the current one too (R15)."""

    profile = ForeignKeyField(HostProfile, backref="missions")
    text = CharField(max_length=80)
    signed_at = DateTimeField()


def title_choices(neighborhood):
    """The titles HQ suggests; a host may write another of up to 16 characters."""
    return ("绿洲生活主理人", f"{neighborhood.name}生活顾问"[:16])


def profile_of(member):
    """The profile of a host, made empty the first time it is asked for by its owner."""
    with writing():
        return HostProfile.get_or_create(membership=member.id)[0]


class HostCard:
    """What everybody may see of the person who looks after a 小区."""

    __slots__ = (
        "member_id", "name", "face", "building", "title", "mission", "signed_at", "greeting", "story", "skills", "hours", "lived",
        "why", "talks",
    )  # fmt: skip

    def __init__(self, *values):
        for name, value in zip(self.__slots__, values, strict=True):
            setattr(self, name, value)
        self.signed_at = HostProfile.mission_signed_at.python_value(self.signed_at)
        self.title = self.title or "绿洲生活主理人"


@compiled
def _card(neighborhood):
    return (
        Membership.select(
            Membership.id,
            User.name,
            Membership.face,
            Membership.building,
            HostProfile.title,
            HostProfile.mission,
            HostProfile.mission_signed_at,
            HostProfile.greeting,
            HostProfile.story,
            HostProfile.skills,
            HostProfile.hours,
            HostProfile.lived,
            HostProfile.why,
            HostProfile.talks,
        )
        .join(User, on=Membership.user == User.id)
        .join(HostProfile, JOIN.LEFT_OUTER, on=HostProfile.membership == Membership.id)
        .where((Membership.neighborhood == neighborhood) & Membership.role.in_(list(HOSTS)) & (Membership.status == "active"))
        .order_by(Membership.role.desc(), Membership.id)
        .limit(1)
    )


def card(neighborhood):
    """The host card of a 小区 (the host before an acting host), or None while there is none."""
    rows = _card(neighborhood=neighborhood.id)
    return HostCard(*rows[0]) if rows else None


def was_host(neighborhood, member_id):
    """Whether this membership was ever appointed here, as the books say: a card saved long ago still leads somewhere."""
    line = (AuditLog.object_id == member_id) & (AuditLog.object_type == "Membership") & (AuditLog.action == "appoint")
    return AuditLog.select().where(line & (AuditLog.neighborhood == neighborhood.id)).exists()


def phone_on_card(card):
    """The number a host has ticked to be on her card, in full; empty unless she did (G10, R16)."""
    ticked = (HostProfile.membership == card.member_id) & (HostProfile.phone_on_card == True)  # noqa: E712
    hers = HostProfile.select(User.phone_sealed).join(Membership).join(User, on=Membership.user)
    sealed = hers.where(ticked).scalar()
    return phones.unseal(sealed) if sealed else ""


def describe(
    member, now, *, title, mission, greeting="", story="", skills="", hours="", lived="", why="", talks="", phone_on_card=False
):
    """The host writes her own card. A changed mission is signed with today's date, and the old one kept (R15)."""
    title = clean_line(title, 16, "title", "称谓") or "绿洲生活主理人"
    if any(word in title.replace(" ", "") for word in FORBIDDEN_IN_TITLE):
        raise Refused("bad-title", "称谓里不能有「总部、官方、警、政府」这类字眼", field="title")
    mission = clean_line(mission, 80, "mission", "使命宣言")
    if mission and len(mission) < 10:
        raise Refused("short-mission", "使命宣言请写 10–80 个字，慢慢想，不着急", field="mission")
    values = {
        "title": title,
        "greeting": clean_line(greeting, 120, "greeting", "欢迎的话"),
        "skills": clean_line(skills, 60, "skills", "专长"),
        "hours": clean_line(hours, 40, "hours", "服务时间"),
        "lived": clean_line(lived, 40, "lived", "住了几年"),
        "why": clean_line(why, 120, "why", "为什么愿意"),
        "talks": clean_line(talks, 120, "talks", "可以聊什么"),
        "story": clean_text(story, 600, "story", "自我介绍"),
        "phone_on_card": bool(phone_on_card),
    }
    with writing():
        profile = HostProfile.get_or_create(membership=member.id)[0]
        if mission != profile.mission:
            values |= {"mission": mission, "mission_signed_at": now if mission else None}
            if mission:
                SignedMission.create(profile=profile, text=mission, signed_at=now)
        HostProfile.update(**values).where(HostProfile.id == profile.id).execute()
        refresh(member.neighborhood_id)


def missions_of(member_id):
    """What this host has signed over time, latest first."""
    return list(
        SignedMission.select()
        .join(HostProfile)
        .where(HostProfile.membership == member_id)
        .order_by(SignedMission.signed_at.desc(), SignedMission.id.desc())
    )
