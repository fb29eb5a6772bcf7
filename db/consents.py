"""同意记录: what a person has agreed to, in which words and when. Lines are added; leaving for good takes them all back."""

from typing import NamedTuple

from peewee import CharField, DateTimeField, ForeignKeyField

from db.base import Table
from db.neighborhoods import Neighborhood
from db.people import User


class Wording(NamedTuple):
    version: str  # grows with the words: a line says to which of them she agreed
    words: str


WORDS = {
    "join": Wording("2026-03", "我同意保存我的称呼和楼栋，用来在这里和邻居往来"),
    "photos": Wording("2026-03", "照片里如果有别人（尤其是孩子），我已征得同意"),
    "story": Wording("2026-03", "我看过主理人写的我的故事，文字和照片都同意发布"),
    "outside": Wording("2026-11", "我的作品可以到小区外面去，只去我勾的地方，署名按我写的"),
}


class ConsentLog(Table):
    user = ForeignKeyField(User, backref="+", on_delete="CASCADE")
    neighborhood = ForeignKeyField(Neighborhood, null=True, backref="+")
    what = CharField(max_length=10)  # a key of WORDS
    version = CharField(max_length=10)
    about = CharField(max_length=20, default="")  # 「3 张照片」
    at = DateTimeField()
    withdrawn_at = DateTimeField(null=True)

    @property
    def words(self):
        return WORDS[self.what].words


def note(user_id, what, now, *, neighborhood=None, about=""):
    """She has ticked this just now; in the transaction of what she agreed to."""
    place = getattr(neighborhood, "id", neighborhood)
    ConsentLog.create(user=user_id, neighborhood=place, what=what, version=WORDS[what].version, about=about, at=now)


def take_back(user_id, what, now, *, about, neighborhood=None):
    """What she agreed to does not hold any more, by her own word or because it has been changed; in that transaction."""
    mine = (ConsentLog.user == user_id) & (ConsentLog.what == what) & (ConsentLog.about == about)
    ConsentLog.update(withdrawn_at=now).where(mine & ConsentLog.withdrawn_at.is_null()).execute()


def of(user_ids, limit=50):
    """What these accounts of one person have agreed to, latest first."""
    mine = ConsentLog.user.in_(list(user_ids))
    return list(ConsentLog.select().where(mine).order_by(ConsentLog.at.desc(), ConsentLog.id.desc()).limit(limit))
