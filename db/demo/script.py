"""How the story is written down: one `said(...)` a post, its comments below it as people talk: 「李姐：…」「王阿姨→李姐：…」."""

import re
from typing import NamedTuple


class Line(NamedTuple):
    """A post with all that became of it."""

    days: int  # how many days ago; 0 means `clock` is waking minutes before now
    clock: str
    author: str
    kind: str
    body: str
    title: str
    shots: str
    topic: str
    likes: int
    talk: list
    fate: str  # "" seen at once | approved | waiting | returned | withdrawn
    then: str  # the reason of a return, otherwise the words after an edit
    featured: bool
    only_here: bool
    pinned: bool
    help: object


class Help(NamedTuple):
    """What a call for help says of itself, and who came; without `helper` it still waits."""

    kind: str
    category: str
    title: str
    when: str = ""
    helper: str = ""
    thanks: str = ""


class Word(NamedTuple):
    author: str
    answers: str  # whose latest comment it answers, or empty
    body: str


def said(
    days, clock, author, kind, body, *, title="", shots="", topic="", likes=0, talk="", fate="", then="", featured=False,
    only_here=False, pinned=False, help=None,
):  # fmt: skip
    return Line(
        days, clock, author, kind, _text(body), title, shots, topic, likes, _talk(talk), fate, _text(then), featured, only_here,
        pinned, help,
    )  # fmt: skip


def _text(text):
    """Lines flow together as in a book; a blank line, a 「· 」 or a 「1. 」 begins a new one."""
    lines = "\n".join(line.strip() for line in text.strip().splitlines())
    return re.sub(r"\n(?!\n|· |\d\. )(?<!\n\n)", "", lines).replace("\n\n", "\n")


def _talk(text):
    words = []
    for line in filter(None, map(str.strip, text.splitlines())):
        author, answers, body = re.fullmatch(r"([^：→]+)(?:→([^：]+))?：(.+)", line).groups()
        words.append(Word(author, answers or "", body))
    return words
