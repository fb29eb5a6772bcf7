"""邻居故事: the host's desk of them, and the page where the person told about reads hers and answers."""

from flask import Blueprint, abort, g, make_response, render_template, request, send_file, url_for

from db import limits, members, photos, pictures, posts, stories
from db.base import Refused
from web import qr, uploads
from web.access import address, host, public, signed_in
from web.errors import said_no
from web.forms import BooleanField, Form, HiddenField, Line, OpId, Text
from web.render import go, wants_part

pages = Blueprint("stories", __name__)

DESK = "/n/<slug:slug>/desk/stories"


class PhotosForm(Form):
    """What both forms of a host have."""

    title = Line("标题", 60)
    consent = BooleanField("照片里如果有别人（尤其是孩子），我已征得同意")


class InterviewForm(PhotosForm):
    op_id = OpId()
    member = HiddenField()
    subject_name = Line("这是谁的故事？", 12)
    from_where = Text(stories.QUESTIONS["from_where"], stories.LONGEST_ANSWER)
    what_done = Text(stories.QUESTIONS["what_done"], stories.LONGEST_ANSWER)
    why_willing = Text(stories.QUESTIONS["why_willing"], stories.LONGEST_ANSWER)
    hardest = Text(stories.QUESTIONS["hardest"], stories.LONGEST_ANSWER)
    to_neighbors = Text(stories.QUESTIONS["to_neighbors"], stories.LONGEST_ANSWER)
    visibility = HiddenField(default="public")


class StoryForm(PhotosForm):
    body = Text("正文", posts.LONGEST)


class AnswerForm(Form):
    choice = HiddenField()
    seen = HiddenField()
    words = Text("哪里想改一改？", stories.LONGEST_WISH)


def _load(story_id):
    return stories.find(g.neighborhood, story_id) or abort(404)


def _hung(story):
    return posts.photos_of([story.post_id]).get(story.post_id, [])


@pages.get(f"{DESK}/")
@host
def index():
    listed = stories.listed(g.neighborhood)
    return render_template("stories/index.html", listed=listed, lately=stories.count_lately(g.neighborhood, g.now))


def _subject(text):
    """The neighbour a form names by her number, or None; Refused where there is none of this number."""
    if not text:
        return None
    known = text.isascii() and text.isdigit() and len(text) < 16 and members.get(g.neighborhood, int(text))
    if not known:
        raise Refused("no-member", "没有找到这位邻居，写上怎么称呼 TA 就好", field="subject_name")
    return known


def _interview(form, tray, subject, status=200):
    values = {"form": form, "tray": tray, "subject": subject, "questions": stories.QUESTIONS, "most": posts.MOST_PHOTOS}
    template = "stories/_interview.html" if wants_part() else "stories/new.html"
    return make_response(render_template(template, **values), status)


@pages.get(f"{DESK}/new")
@host
def new():
    asked = request.args.get("member", "")
    form = InterviewForm(formdata=None)
    subject = _subject(asked) if asked.isascii() and asked.isdigit() else None
    form.member.data = subject.id if subject else ""
    return _interview(form, [], subject)


def _taken(kept=()):
    """The codes of the form's photos, with the one chosen just now and without the one dropped."""
    codes = [code for code in uploads.codes() if code != request.form.get("drop")]
    if request.files.get("file") and request.files["file"].filename:
        if len([code for code in codes if code in kept]) + len(photos.in_tray(g.member, codes)) >= posts.MOST_PHOTOS:
            raise posts.too_many_photos()
        codes.append(uploads.take("file").code)
    return codes


@pages.post(f"{DESK}/new")
@host
def create():
    form, subject, codes = InterviewForm(), None, uploads.codes()
    try:
        subject, codes = _subject(form.member.data), _taken()
        tray = photos.in_tray(g.member, codes)
        if "add" in request.form or "drop" in request.form:
            return _interview(form, tray, subject)
        if not form.validate():
            return _interview(form, tray, subject, 422)
        story = stories.write(
            g.member,
            g.now,
            op_id=form.op_id.data,
            title=form.title.data,
            body=stories.interview(form.data),
            photo_codes=codes,
            consent=form.consent.data,
            subject=subject,
            subject_name=form.subject_name.data,
            visibility=form.visibility.data,
        )
    except Refused as refused:
        if refused.code == "no-member":
            form.member.data = ""
        form.refuse(refused, "from_where")
        return said_no(_interview(form, photos.in_tray(g.member, codes), subject), refused)
    return go(url_for(".show", story_id=story.id), "记下来了。看一遍，再请 TA 看")


@pages.get(f"{DESK}/<id:story_id>")
@host
def show(story_id):
    story = _load(story_id)
    return render_template("stories/show.html", story=story, post=story.post, photos=_hung(story), base=_photo_base())


def _photo_base():
    return f"/n/{g.neighborhood.slug}/photos/"


def _editor(story, form, hung, status=200):
    template = "stories/_editor.html" if wants_part() else "stories/edit.html"
    return make_response(render_template(template, story=story, form=form, tray=hung, most=posts.MOST_PHOTOS), status)


@pages.get(f"{DESK}/<id:story_id>/edit")
@host
def edit(story_id):
    story = _load(story_id)
    if not story.open:
        raise Refused("closed", f"{story.consent_name}，这个故事不能再改了")
    return _editor(story, StoryForm(formdata=None, title=story.post.title, body=story.post.body), _hung(story))


@pages.post(f"{DESK}/<id:story_id>/edit")
@host
def save(story_id):
    story, form, codes = _load(story_id), StoryForm(), uploads.codes()
    kept = {photo.code: photo for photo in _hung(story)}

    def shown():
        tray = {photo.code: photo for photo in photos.in_tray(g.member, codes)}
        return [photo for code in codes if (photo := kept.get(code) or tray.get(code))]

    try:
        codes = _taken(kept)
        if "add" in request.form or "drop" in request.form:
            return _editor(story, form, shown())
        if not form.validate():
            return _editor(story, form, shown(), 422)
        wanted = {"title": form.title.data, "body": form.body.data, "photo_codes": codes, "consent": form.consent.data}
        changed = stories.edit(story, g.member, g.now, **wanted)
    except Refused as refused:
        form.refuse(refused, "body")
        return said_no(_editor(story, form, shown()), refused)
    said = "改好了" if not changed or story.consent == "draft" else "改好了，等 TA 再看一遍才会发布"
    return go(url_for(".show", story_id=story.id), said)


@pages.post(f"{DESK}/<id:story_id>/ask")
@host
def ask(story_id):
    story = _load(story_id)
    stories.ask(story, g.member, g.now)
    return go(url_for(".show", story_id=story.id), f"已经请{story.subject_name}看了")


@pages.post(f"{DESK}/<id:story_id>/link")
@host
def link(story_id):
    """A link for somebody without an account: shown on this answer and never again."""
    story = _load(story_id)
    url = qr.link(url_for(".read_by_link", token=stories.link_for(story, g.now)))
    return render_template("stories/link.html", story=story, url=url, drawing=qr.inline_svg(url))


# What the person told about sees: signed in under /me/, or by her link. One page, one rule.


def _consent_page(story, base, action, form=None, said=""):
    values = {"story": story, "post": story.post, "photos": _hung(story), "base": base, "action": action}
    seen = stories.print_of(story.post)
    page = render_template("stories/consent.html", **values, seen=seen, said=said, form=form or AnswerForm(formdata=None))
    return make_response(page)


def _answered(story, base, action, by=None):
    """Yes, no, not any more, or please change this: each is done by the one rule, whoever came by whichever way."""
    form = AnswerForm()
    try:
        if not form.validate():
            raise Refused("bad-words", form.words.errors[0] if form.words.errors else "请再按一次", field="words")
        if form.choice.data == "wish":
            stories.wish(story, form.words.data, g.now)
            return go(action, "告诉主理人了，改好再请您看")
        stories.decide(story, form.choice.data, g.now, seen=form.seen.data, by=by)
    except Refused as refused:
        if wants_part():
            raise
        at_words = refused.field == "words"
        form.words.errors = [refused.sentence] if at_words else []
        again = stories.find(story.post.neighborhood, story.id)  # as it is by now
        return said_no(_consent_page(again, base, action, form, "" if at_words else refused.sentence), refused)
    said = {"given": "谢谢您，故事发布了", "refused": "好的，不会发布", "withdrawn": "收回了，大家看不到了"}
    return go(action, said[form.choice.data])


def _picture(story, code, width):
    """A photo of this story, for the person it tells about."""
    found = {photo.code for photo in _hung(story) if not story.gone}
    if width not in pictures.WIDTHS or code not in found or not photos.file_of(code, width).exists():
        abort(404)
    answer = send_file(photos.file_of(code, width), mimetype="image/webp", conditional=True, etag=code)
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _about_me(story_id):
    return stories.find_about(g.user, story_id) or abort(404)


@pages.get("/me/stories")
@signed_in
def mine():
    return render_template("stories/mine.html", listed=stories.about(g.user))


@pages.get("/me/stories/<id:story_id>")
@signed_in
def read(story_id):
    action = url_for(".read", story_id=story_id)
    return _consent_page(_about_me(story_id), f"{action}/photos/", action)


@pages.post("/me/stories/<id:story_id>")
@signed_in
def answer(story_id):
    action = url_for(".read", story_id=story_id)
    return _answered(_about_me(story_id), f"{action}/photos/", action, by=g.user)


@pages.get("/me/stories/<id:story_id>/photos/<photo:code>/<int:width>.webp")
@signed_in
def picture(story_id, code, width):
    return _picture(_about_me(story_id), code, width)


def _by_link(token):
    limits.spend("scan", address(), g.now)
    return stories.by_token(token) or abort(404)


@pages.get("/s/<string(minlength=20,maxlength=30):token>")
@public
def read_by_link(token):
    action = url_for(".read_by_link", token=token)
    return _consent_page(_by_link(token), f"{action}/photos/", action)


@pages.post("/s/<string(minlength=20,maxlength=30):token>")
@public
def answer_by_link(token):
    story, action = _by_link(token), url_for(".read_by_link", token=token)
    if g.user and g.user.id == story.post.author.user_id:
        raise Refused("not-yours", "这一步要 TA 本人来：请把链接交给 TA", status=403)
    return _answered(story, f"{action}/photos/", action)


@pages.get("/s/<string(minlength=20,maxlength=30):token>/photos/<photo:code>/<int:width>.webp")
@public
def picture_by_link(token, code, width):
    return _picture(stories.by_token(token) or abort(404), code, width)
