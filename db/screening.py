"""Words that are read before neighbours see them: HQ's word lists, links by newcomers, the same text again and again (X10)."""

import hashlib
import re
import unicodedata
from datetime import timedelta

from ahocorasick_rs import AhoCorasick
from peewee import JOIN, CharField, DateTimeField, ForeignKeyField, IntegrityError, fn

from db import audit
from db.base import Refused, Table, writing
from db.compiled import compiled
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.people import User
from db.words import clean_line, fold

LEVELS = {"hold": "先给主理人看", "refuse": "不能发"}
WHY = {
    "first": "新邻居的前三条",
    "watched": "主理人请 TA 先审后发",
    "link": "新邻居发的链接",
    "words": "有要留意的词",
    "repeat": "同样的话今天说过好几遍",
}
LINK = re.compile(r"https?://|www\.|[a-z0-9-]+\.(?:com|cn|net|top|xyz|shop|vip|cc|me)\b", re.IGNORECASE)
# Neighbours lend, give and swap; whoever names a price keeps a shop (R28). 单元, 元宵, 外卖 and 小卖部 are no prices.
_SOME = "[\\d一二两三四五六七八九十百千万几半]"
PRICE = re.compile(
    rf"[¥$]|{_SOME}\s*元(?![旦宵月气])|\d\s*块(?=$|[\s,.!;、。])|{_SOME}?块钱|\brmb\b|人民币|(?<![外小])卖(?![力萌])|售价|出售|转让费",
    re.MULTILINE,
)
LONG_ENOUGH = 12  # shorter words are said by everybody every day: 早上好
SAME_BY_ONE, SAME_BY_ALL = 2, 4  # said so often today, the next one waits
DAY = timedelta(days=1)


class WatchWord(Table):
    word = CharField(max_length=40)
    folded = CharField(max_length=40, unique=True)
    level = CharField(max_length=10, default="hold")
    added_by = ForeignKeyField(User, null=True, backref="+")
    at = DateTimeField()


class Said(Table):
    """What was said lately, as a digest: enough to notice the same text again."""

    neighborhood = ForeignKeyField(Neighborhood, backref="+")
    member = ForeignKeyField(Membership, backref="+")
    digest = CharField(max_length=32)
    at = DateTimeField(index=True)

    class Meta:
        indexes = ((("neighborhood", "digest", "at"), False),)


def tight(text):
    """Folded, and nothing but letters and digits: 「加 微・信」 is 「加微信」."""
    return "".join(letter for letter in fold(text) if unicodedata.category(letter)[0] in "LN")


@compiled
def _state():
    return WatchWord.select(fn.COUNT(WatchWord.id), fn.MAX(WatchWord.id))


_known = {"state": None, "words": [], "machine": None}


def _lists():
    """The words of all lists and the machine that finds them, built anew when HQ has changed them."""
    state = _state()[0]
    if _known["state"] != state:
        words = list(WatchWord.select())
        _known["words"], _known["machine"] = words, AhoCorasick([word.folded for word in words]) if words else None
        _known["state"] = state
    return _known["words"], _known["machine"]


def hits(text):
    """The listed words that stand in this text, however they are written."""
    words, machine = _lists()
    if machine is None:
        return []
    found = {number for number, _, _ in machine.find_matches_as_indexes(tight(text), overlapping=True)}
    return [words[number] for number in sorted(found)]


def check(text, field, *, priceless=False):
    """Refused beside `field` when the text holds a word that nobody may write here; or a price, where none may stand."""
    if priceless and PRICE.search(fold(text)):
        raise Refused("price", "邻里互助只帮忙、赠送或交换，不买卖。请去掉价钱再发", field=field)
    for word in hits(text):
        if word.level == "refuse":
            raise Refused("bad-words", f"「{word.word}」这个词这里不能发，请换个说法", field=field)


def why_wait(member, text, now):
    """Why this text should be seen by the host first, a key of WHY, or "" where it need not. Hosts' own never wait.

    Called in the transaction that writes the text: it notes that it was said."""
    again = _said_again(member, text, now)
    if member.is_host:
        return ""
    if member.watched_at is not None:
        return "watched"
    if not member.trusted and LINK.search(fold(text)):
        return "link"
    if hits(text):
        return "words"
    return "repeat" if again else ""


def _said_again(member, text, now):
    words = tight(text)
    if len(words) < LONG_ENOUGH:
        return False
    digest = hashlib.md5(words.encode()).hexdigest()
    today = (Said.neighborhood == member.neighborhood_id) & (Said.digest == digest) & (Said.at > now - DAY)
    said_by = [said.member_id for said in Said.select(Said.member).where(today).limit(SAME_BY_ALL)]
    Said.create(neighborhood=member.neighborhood_id, member=member, digest=digest, at=now)
    return len(said_by) >= SAME_BY_ALL or said_by.count(member.id) >= SAME_BY_ONE


def preview(text, texts, most=20):
    """What the words of a box would find among `texts`: (how many texts, [(word, excerpt)] of the first ones)."""
    words = clean_words(text)
    machine, folded = AhoCorasick(list(words)), list(words)
    found, shown = 0, []
    for each in texts:
        hit = next(iter(machine.find_matches_as_indexes(tight(each))), None)
        if hit:
            found += 1
            if len(shown) < most:
                shown.append((words[folded[hit[0]]], " ".join(each.split())[:80]))
    return found, shown


def listed():
    """All words on the lists, latest first."""
    return list(WatchWord.select(WatchWord, User).join(User, JOIN.LEFT_OUTER).order_by(WatchWord.id.desc()))


def clean_words(text):
    """The words of a box, one a line or between commas: 2 to 40 letters each, at most 200 at once; Refused beside `words`."""
    words = [clean_line(each, 40, "words", "词") for each in re.split(r"[\n,，、;；]+", text or "")]
    words = {tight(word): word for word in words if word}
    if not words or len(words) > 200 or any(len(folded) < 2 for folded in words):
        raise Refused("bad-words", "请写 1–200 个词，每个至少两个字，一行一个", field="words")
    return words


def add(text, level, actor, now):
    """Put words on a list; those that stand there already take the new level. Audited (X10). Returns how many."""
    if level not in LEVELS:
        raise Refused("bad-level", "请选择遇到这些词怎么办", field="level")
    words = clean_words(text)
    try:
        with writing():
            WatchWord.delete().where(WatchWord.folded.in_(list(words))).execute()
            for folded, word in words.items():
                row = WatchWord.create(word=word, folded=folded, level=level, added_by=actor, at=now)
            after = {level: "、".join(words.values())[:400]}
            audit.record("add words", row, actor=actor, now=now, reason="更新词表", after=after)
    except IntegrityError as error:  # another person of HQ added the same word at this moment
        raise Refused("moved-on", "刚刚有同事也在改词表，请再看一眼") from error
    return len(words)


def take_off(word_id, actor, now):
    """Take one word off its list; one that is gone already is a conflict. Audited."""
    with writing():
        word = WatchWord.get_or_none(WatchWord.id == word_id)
        if word is None or not WatchWord.delete().where(WatchWord.id == word_id).execute():
            raise Refused("moved-on", "这个词已经不在词表里了")
        audit.record("remove words", word, actor=actor, now=now, reason="更新词表", before={word.level: word.word})


def forget_old(now):
    """What was said over a day ago no longer counts as the same again (the clock calls it daily)."""
    with writing():
        return Said.delete().where(Said.at < now - DAY).execute()
