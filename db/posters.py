"""What leaves the living room for a 微信群: a few words and one picture of a public post, without pressing anybody."""

from db.base import Refused
from db.posts import PRESSURE

LONGEST = 300
EXCERPT = 120


def may_go_out(post):
    """Only what everybody may read anyway."""
    return post.published and post.visibility == "public"


def refuse_private(post):
    """Refused for a post that is not for everybody (409)."""
    if not may_go_out(post):
        raise Refused("not-public", "只有公开的帖子可以转到群里；「只给本小区」的，就留在客厅里")


def calm(text):
    """The words without any that hurry people (R12d)."""
    return PRESSURE.sub("", text)


def opening(post, longest=EXCERPT):
    """The first lines of a post, cut at a whole sentence where there is one."""
    text = "\n".join(line.strip() for line in calm(post.body).splitlines() if line.strip())
    if len(text) <= longest:
        return text
    cut = text[:longest]
    end = max(cut.rfind(mark) for mark in "。！？\n")
    return cut[: end + 1].rstrip() + "……" if end > longest // 2 else cut.rstrip() + "……"


def announcement(post, place, link):
    """Title, first lines, author and link as one text to paste into a group: at most 300 characters."""
    refuse_private(post)
    head = f"【{place.name} · 邻里客厅】"
    title = calm(post.title).strip()
    tail = f"—— {post.author.user.name}\n来客厅看看：{link}"
    room = LONGEST - len(head) - len(title) - len(tail) - 8
    lines = (head, title, opening(post, min(EXCERPT, max(room, 0))), tail)
    return "\n".join(line for line in lines if line)
