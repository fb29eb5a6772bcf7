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


def picks_and_spreads(cast, now):
    """A work of 赵敏 that may go anywhere and is recorded once, and one she is asked about."""
    asked, given = (make.post(cast.zhao, now, "阳台上的月季") for _ in range(2))
    pick = make.picked(cast.li, given, now, "article", "poster", "showcase", credit="敏敏")
    shot = photos.Photo.create(
        code=make.secrets.token_hex(16), neighborhood=cast.cuihu, owner=cast.li, width=4, height=3, colour="#ffffff",
        sha256="0" * 64, created_at=now,
    )  # fmt: skip
    spread = make.spread(cast.li, pick, now, photo_code=shot.code)
    return {"pick_id": pick.id, "spread_id": spread.id, "releases.": {"pick_id": make.picked(cast.li, asked, now).id}}


def printed(cast, now, post, other, topic):
    """A code for each way a code can go: looked at, led elsewhere, ended."""
    ids = [codes.make(cast.li, word, now)[0].id for word in (f"post-{post.id}", f"post-{other.id}", f"topic-{topic.id}")]
    return {f"codes.{act}": {"code_id": number} for act, number in zip(("", "point", "revoke"), ids, strict=True)}
