"""Rows of single features for the walker: every address of theirs needs something that is there."""

from db import codes, photos, stories
from tests import make


def howtos_and_stories(cast, now, secret):
    """A how-to of 赵敏 and one of 李姐 that two neighbours have made; stories about 赵敏, 王阿姨 and somebody from
    outside. The dicts under the names of routes are for those alone."""
    mine, theirs, third = (make.howto(author, now, secret, visibility="neighborhood") for author in (cast.zhao, cast.li, cast.li))
    photo = photos.Photo.create(
        code=make.secrets.token_hex(16), neighborhood=cast.cuihu, owner=cast.wang, width=4, height=3, colour="#ffffff",
        sha256="0" * 64, created_at=now,
    )  # fmt: skip
    made = make.made(cast.wang, theirs, now, secret, photo_codes=[photo.code], consent=True)
    asked, draft, outside = (make.story(cast.li, now, body=secret, subject=each) for each in (cast.zhao, cast.wang, None))
    stories.ask(asked, cast.li, now)
    return {
        "makings.": {"post_id": theirs.id}, "howtos.": {"post_id": theirs.id}, "howtos.edit": {"post_id": mine.id},
        "howtos.save": {"post_id": mine.id}, "makings.remove": {"made_id": make.made(cast.zhao, third, now, secret).id},
        "stories.": {"token": stories.link_for(outside, now)}, "stories.ask": {"story_id": draft.id},
        "stories.link": {"story_id": outside.id}, "made_id": made.id, "story_id": asked.id,
    }  # fmt: skip


def printed(cast, now, post, other, topic):
    """A code for each way a code can go: looked at, led elsewhere, ended."""
    ids = [codes.make(cast.li, word, now)[0].id for word in (f"post-{post.id}", f"post-{other.id}", f"topic-{topic.id}")]
    return {f"codes.{act}": {"code_id": number} for act, number in zip(("", "point", "revoke"), ids, strict=True)}
