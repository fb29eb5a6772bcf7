"""邻居故事: a host asks, a neighbour tells; nothing is seen before the person told about has agreed to these words and photos,
and it is gone at once when she takes that back (R27).

The story is a post that is a draft until then. What becomes of the consent is TRANSITIONS; the post follows along ARROWS, in the
same transaction, and no other module knows these arrows.
"""

import hashlib
from datetime import timedelta

from peewee import CharField, DateTimeField, ForeignKeyField

from db import albums, audit, consents, notices, photos, posts, screening
from db.base import Refused, Table, hold, new_code, writing
from db.members import Membership
from db.neighborhoods import Neighborhood, refresh
from db.people import User
from db.posts import Post
from db.words import clean_line, clean_text

LATELY = timedelta(days=30)
QUESTIONS = {
    "from_where": "从哪里来？",
    "what_done": "做过什么？",
    "why_willing": "为什么愿意？",
    "hardest": "最难的时候",
    "to_neighbors": "想对邻居说",
}
LONGEST_ANSWER, LONGEST_WISH = 900, 500

TRANSITIONS = {
    ("draft", "asked"),  # the host has written it, and shows it to the person told about
    ("asked", "given"),  # she agrees to these very words and photos
    ("asked", "refused"),
    ("given", "withdrawn"),  # at any time
    ("given", "asked"),  # the host has changed something
}
ARROWS = {("draft", "published"), ("published", "draft"), ("hidden", "draft")}
ANSWERS = {"given": "同意发布", "refused": "没有同意", "withdrawn": "收回了同意"}
CONSENTS = {
    "draft": "还没有请 TA 看",
    "asked": "等 TA 点头",
    "given": "TA 同意了",
    "refused": "TA 没有同意",
    "withdrawn": "TA 收回了同意",
}


class Story(Table):
    post = ForeignKeyField(Post, unique=True, backref="+")
    subject_member = ForeignKeyField(Membership, null=True, backref="+")
    subject_name = CharField(max_length=12)
    consent = CharField(max_length=10, default="draft")  # see TRANSITIONS
    wish = CharField(max_length=LONGEST_WISH, default="")  # what she would like to read otherwise
    asked_at = DateTimeField(null=True)
    decided_at = DateTimeField(null=True)

    @property
    def consent_name(self):
        return CONSENTS[self.consent]

    @property
    def gone(self):
        """Whether the host has taken it down, or has not asked her yet: there is nothing for her to read."""
        return self.consent == "draft" or self.post.state in {"withdrawn", "removed", "purged"}

    @property
    def open(self):
        """Whether the host may still work on it; a no is a no."""
        return self.consent in {"draft", "asked", "given"} and self.post.state in {"draft", "published"}


class StoryLink(Table):
    """A link for somebody without an account: to read this one story, and to say yes or no to it. Its code rests as a hash; older
    ones stay good, as she must always find back to take her consent back."""

    story = ForeignKeyField(Story, backref="+", on_delete="CASCADE")
    token_hash = CharField(max_length=64, unique=True)
    made_at = DateTimeField()


def interview(answers):
    """The answers of an interview as the first draft of a story."""
    told = [f"{asked}\n{answers[key].strip()}" for key, asked in QUESTIONS.items() if (answers.get(key) or "").strip()]
    return "\n\n".join(told)


def _found():
    return (
        Story.select(Story, Post, Membership, User, Neighborhood)
        .join(Post)
        .join(Membership)
        .join(User)
        .switch(Post)
        .join(Neighborhood)
    )


def find(neighborhood, story_id):
    """A story of this 小区 with its post and who wrote it, or None (G1)."""
    return _found().where((Story.id == story_id) & (Post.neighborhood == neighborhood.id)).first()


def of(post):
    """The story behind this post, or None."""
    return Story.get_or_none(Story.post == post.id) if post.kind == "story" else None


def listed(neighborhood, limit=100):
    """The stories of a 小区, the latest first, those that were taken down left out."""
    gone = ("withdrawn", "removed", "purged")
    return list(
        _found().where((Post.neighborhood == neighborhood.id) & Post.state.not_in(gone)).order_by(Story.id.desc()).limit(limit)
    )


def count_lately(neighborhood, now):
    """How many stories were published in the last thirty days and can still be read (R27)."""
    told = (Post.neighborhood == neighborhood.id) & (Post.state == "published") & (Post.published_at > now - LATELY)
    return Story.select().join(Post).where(told).count()


def _about(user):
    asked = Story.subject_member.in_(Membership.select(Membership.id).where(Membership.user == user.id))
    return asked & (Story.consent != "draft") & (Post.state != "purged")


def about(user):
    """The stories that tell about this person, in every 小区, once she has been asked."""
    return list(_found().where(_about(user)).order_by(Story.id.desc()))


def find_about(user, story_id):
    """A story that tells about this person, or None."""
    return _found().where(_about(user) & (Story.id == story_id)).first()


def _hash(token):
    return hashlib.sha256(token.upper().encode()).hexdigest()


def by_token(token):
    """The story behind a link, or None for a forged one. The link opens nothing else."""
    return _found().join(StoryLink, on=StoryLink.story == Story.id).where(StoryLink.token_hash == _hash(token)).first()


def print_of(post):
    """A fingerprint of all a reader would see: what she says yes to is what she has read."""
    shown = "\n".join((post.title, post.body, post.visibility, *albums.codes_of(post)))
    return hashlib.sha256(shown.encode()).hexdigest()[:24]


def write(
    host, now, *, op_id, title="", body="", photo_codes=(), consent=False, subject=None, subject_name="", visibility="public"
):
    """A story about a neighbour (`subject`) or somebody without an account, for nobody to see yet; the same `op_id` again gives
    the first one back. Refused beside the field: no name, oneself, and whatever a post is refused for."""
    name = subject.user.name if subject else clean_line(subject_name, 12, "subject_name", "称呼")
    if not name:
        raise Refused("name-needed", "这是谁的故事？写上怎么称呼 TA", field="subject_name")
    if subject and subject.user_id == host.user_id:
        raise Refused("oneself", "自己的故事，发一条普通的帖子就好", field="subject_name")

    def note(post):
        Story.create(post=post, subject_member=subject, subject_name=name)
        Post.update(aside=f"{name}口述").where(Post.id == post.id).execute()

    post = posts.create(
        host, now, op_id=op_id, kind="story", title=title, body=body, photo_codes=photo_codes, consent=consent,
        visibility=visibility, draft=True, also=note,
    )  # fmt: skip
    return Story.get(Story.post == post.id)


def moved_on():
    """The refusal for an arrow of TRANSITIONS that is not drawn, or that somebody else was quicker with (409)."""
    return Refused("moved-on", "这个故事刚刚有了变化，请刷新看看")


def _move(story, to, **values):
    sources = [source for source, target in TRANSITIONS if target == to]
    as_it_was = (Story.id == story.id) & (Story.consent == story.consent) & Story.consent.in_(sources)
    if not Story.update(consent=to, **values).where(as_it_was).execute():
        raise moved_on()


def _held(story):
    """The story's post as it is now, nobody else changing it until this transaction ends."""
    hold(Post, Post.id == story.post_id)
    return posts.find(story.post.neighborhood, story.post_id)


def _hide(post, now):
    """Out of sight at once, wherever it was."""
    posts.move(post, "draft", arrows=ARROWS, pinned_until=None, featured_at=None)
    photos.show_to([photo.id for photo in posts.photos_of([post.id]).get(post.id, ())], "owner")
    if post.published:
        posts.went_away(post, now)
    refresh(post.neighborhood_id)


def _tell_subject(story, sentence, now):
    if story.subject_member_id:
        user, place = story.subject_member.user_id, story.post.neighborhood_id
        notices.tell([user], "account", sentence, f"/me/stories/{story.id}", now, neighborhood=place, key=f"story {story.id}")


def _tell_host(story, sentence, now):
    place = story.post.neighborhood
    url = f"/n/{place.slug}/desk/stories/{story.id}"
    notices.tell([story.post.author.user_id], "desk", sentence, url, now, neighborhood=place, key=f"story {story.id}")


def ask(story, host, now):
    """Show the draft to the neighbour it tells about, and ask her. Refused where she has no account: she gets a link."""
    if story.subject_member_id is None:
        raise Refused("no-account", "TA 还不是邻居，请给 TA 一个链接")
    with writing():
        _draft_stands(story)
        _move(story, "asked", asked_at=now)
        _tell_subject(story, f"{host.name}写了您的故事，发布前想请您看一看", now)


def _draft_stands(story):
    if _held(story).state not in {"draft", "published"}:
        raise posts.moved_on()


def link_for(story, now):
    """A link for somebody without an account, who is asked by it; shown once. Returns its code.

    Refused for a neighbour: she answers for herself, signed in; and where the answer was no."""
    if story.subject_member_id is not None:
        raise Refused("has-account", "TA 是邻居，会在自己的「我的」里看到，不用链接")
    token = new_code(24)
    with writing():
        _draft_stands(story)
        if story.consent == "draft":
            _move(story, "asked", asked_at=now)
        elif not story.open:
            raise moved_on()
        StoryLink.create(story=story, token_hash=_hash(token), made_at=now)
    return token


def edit(story, host, now, *, title="", body="", photo_codes=(), consent=False):
    """The host's new words and photos. Whatever was agreed to before is asked again, and nobody sees the story until then.
    Earlier texts are not kept for readers: only what she agreed to is theirs. Returns whether anything changed."""
    if not story.open:
        raise Refused("closed", f"{story.consent_name}，这个故事不能再改了")
    title, body = posts.checked_words(host, "story", title, body, len(photo_codes))
    with writing():
        post = _held(story)
        if post.state not in {"draft", "published"}:
            raise posts.moved_on()
        rehung = albums.change(post, host, photo_codes, now, consent=consent)
        if (title, body) == (post.title, post.body) and not rehung:
            return False
        if story.consent == "given":
            _hide(post, now)
            _move(story, "asked", asked_at=now, wish="")
            if story.subject_member_id:
                consents.take_back(story.subject_member.user_id, "story", now, about=f"故事 {story.id}")
        else:
            same = (Story.id == story.id) & (Story.consent == story.consent)
            if not Story.update(wish="").where(same).execute():
                raise moved_on()
        Post.update(title=title, body=body, version=Post.version + 1).where(Post.id == post.id).execute()
        if story.consent != "draft":
            _tell_subject(story, f"{host.name}改了您的故事，请您再看一看，同意了才会发布", now)
        return True


def decide(story, answer, now, *, seen="", by=None):
    """The answer of the person told about (`by` is her User, None where she came by a link): given publishes, withdrawn takes it
    away from everybody at once. `seen` is the fingerprint of what she read; Refused where the host has changed it since, and for
    every arrow that is not drawn."""
    if answer not in ANSWERS:
        raise Refused("bad-answer", "请选一个：同意、不同意，或请改一改", field="choice")
    with writing():
        post = _held(story)
        if answer == "given" and seen != print_of(post):
            raise Refused("changed", "主理人刚刚改过，请再看一遍")
        if answer == "given":
            posts.move(post, "published", arrows=ARROWS, published_at=post.published_at or now)
        elif answer == "withdrawn" and post.state in {"published", "hidden"}:
            _hide(post, now)
        _move(story, answer, decided_at=now, wish="")
        _tell_host(story, f"{story.subject_name}{ANSWERS[answer]}：《{post.title[:20]}》", now)
        audit.record(
            f"story {answer}", story, actor=by, now=now, reason=f"受访者本人{ANSWERS[answer]}" + ("" if by else "（凭链接）"),
            neighborhood=post.neighborhood_id, subject=by, before={"consent": story.consent}, after={"consent": answer},
        )  # fmt: skip
        if by and answer != "refused":
            note = consents.note if answer == "given" else consents.take_back
            note(by.id, "story", now, neighborhood=post.neighborhood_id, about=f"故事 {story.id}")
        if answer == "given":
            refresh(post.neighborhood_id) if post.published_at else posts.went_public(post, now)


def wish(story, words, now):
    """She would like something changed before she answers; the host is told. Refused when she is not being asked."""
    words = clean_text(words, LONGEST_WISH, "words", "这段话")
    if not words:
        raise Refused("empty", "写一写哪里想改，主理人会照着改", field="words")
    screening.check(words, "words")
    with writing():
        _held(story)
        if not Story.update(wish=words).where((Story.id == story.id) & (Story.consent == "asked")).execute():
            raise moved_on()
        _tell_host(story, f"{story.subject_name}想请您改一改《{story.post.title[:20]}》", now)


def follow(member, into):
    """Two memberships of one person become one (db/merging.py)."""
    Story.update(subject_member=into.id).where(Story.subject_member == member.id).execute()


def purge_due(now, most=200):
    """Forget whose story it was where its words are forgotten (posts.purge_due); returns how many (the clock calls it daily)."""
    gone = list(Story.select(Story.id).join(Post).where(Post.state == "purged").order_by(Story.id).limit(most))
    with writing():
        return Story.delete().where(Story.id.in_([story.id for story in gone])).execute()


def forget(line, her, now):
    """Act of db/belongings.py: what a host wrote down about her goes with her, photos too, whatever becomes of her own words."""
    told = [story.post_id for story in Story.select(Story.post).where(line.rows(her))]
    shown = [photo.id for photos_of_one in posts.photos_of(told).values() for photo in photos_of_one]
    posts.PostPhoto.delete().where(posts.PostPhoto.post.in_(told)).execute()
    photos.drop(shown, used=True)
    for post in list(Post.select().where(Post.id.in_(told)).order_by(Post.id)):
        posts.forget(post, now)
    Story.delete().where(line.rows(her)).execute()


def touched(her):
    """The ids of the posts that tell about this person (db/belongings.py)."""
    return [story.post_id for story in Story.select(Story.post).where(Story.subject_member.in_(her.members))]
