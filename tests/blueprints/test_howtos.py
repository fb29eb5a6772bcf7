"""干货: a form of steps that works by its buttons, the library, the printed sheet."""

import io
import re

import pytest
from PIL import Image

from db import posts, reviews
from db.howtos import Howto, HowtoStep
from db.posts import Post
from tests import make
from tests.blueprints.answers import (
    beside,
    flash_after,
    is_whole,
    led_to,
    shown_the_door,
    told_to_load,
    typed,
    words,
    written,
)  # fmt: skip

NEW, ALL = "/n/cuihu/howtos/new", "/n/cuihu/howtos/"
FORM = {
    "op_id": "recipe000001", "title": "荠菜馄饨", "minutes": "40", "materials": "荠菜 500 克\n肉糜",
    "step": ["摘菜", "焯水", "包"],
    "position": ["1", "2", "3"], "step_photo": ["", "", ""], "tips": "过凉水", "season": "春", "visibility": "public",
}  # fmt: skip


def page_of(post):
    return f"/n/cuihu/posts/{post.id}"


def editing(post):
    return f"{ALL}{post.id}/edit"


def steps_in(answer):
    return re.findall(r'<textarea id="step-\d+" name="step"[^>]*>([^<]*)</textarea>', words(answer))


def picture():
    out = io.BytesIO()
    Image.new("RGB", (60, 40), "pink").save(out, "PNG")
    out.seek(0)
    return out, "step.png"


# Writing


@pytest.mark.parametrize("part", [False, True])
def test_a_howto_is_written_once_and_read_in_steps(web, cast, part):
    zhao = web.as_(cast.zhao)
    form = zhao.get(NEW, part=part)
    assert is_whole(form) is not part and steps_in(form) == ["", "", ""]
    answer = zhao.post(NEW, FORM, part=part)
    url = page_of(Post.get())
    assert told_to_load(answer, url) if part else led_to(answer, url)
    assert flash_after(zhao, answer) == "发布了，谢谢您的手艺 · 积分 +5"
    zhao.post(NEW, FORM, part=part)
    assert Post.select().count() == Howto.select().count() == 1
    page = words(web.guest().get(url))
    assert all(said in page for said in ("大约 40 分钟", "3 步", "春天做正好", "<li>荠菜 500 克</li>", "过凉水"))
    assert page.index("摘菜") < page.index("焯水") < page.index("包</p>")
    assert "40 分钟 · 3 步 · 春" in Post.get().aside


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("act", "steps"),
    [
        ("add", ["摘菜", "焯水", "包", ""]),
        ("up 3", ["摘菜", "包", "焯水"]),
        ("down 1", ["焯水", "摘菜", "包"]),
        ("drop 2", ["摘菜", "包"]),
        ("stay", ["摘菜", "焯水", "包"]),
        ("up 1", ["摘菜", "焯水", "包"]),
        ("down 99", ["摘菜", "焯水", "包"]),
        ("drop -1", ["摘菜", "焯水", "包"]),
        ("<script>", ["摘菜", "焯水", "包"]),
    ],
)
def test_the_little_buttons_keep_everything(web, cast, act, steps, part):
    answer = web.as_(cast.zhao).post(NEW, FORM | {"act": act}, part=part)
    assert answer.status_code == 200 and is_whole(answer) is not part and steps_in(answer) == steps
    assert {name: typed(answer, name) for name in ("title", "minutes", "op_id")} == {
        name: FORM[name] for name in ("title", "minutes", "op_id")
    }
    assert written(answer, "tips") == FORM["tips"] and 'value="春" checked' in words(answer)
    assert Post.select().count() == 0 and "<script>" not in steps_in(answer)


def test_a_photo_goes_to_its_step_moves_with_it_and_comes_off(web, cast):
    zhao = web.as_(cast.zhao)
    answer = zhao.post(NEW, FORM | {"act": "photo", "file2": picture()})
    codes = re.findall(r'name="step_photo" value="([^"]*)"', words(answer))
    assert [bool(code) for code in codes] == [False, True, False]
    answer = zhao.post(NEW, FORM | {"act": "up 2", "step_photo": codes})
    moved = re.findall(r'name="step_photo" value="([^"]*)"', words(answer))
    assert moved == [codes[1], "", ""] and steps_in(answer) == ["焯水", "摘菜", "包"]
    bare = zhao.post(NEW, FORM | {"act": "bare 1", "step_photo": moved})
    assert re.findall(r'name="step_photo" value="([^"]*)"', words(bare)) == ["", "", ""]
    answer = zhao.post(NEW, FORM | {"step_photo": codes})
    assert answer.status_code == 422 and "征得同意" in beside(answer, "consent")
    zhao.post(NEW, FORM | {"step_photo": codes, "consent": "y", "file3": picture()})
    assert [step.photo_id is not None for step in HowtoStep.select().order_by(HowtoStep.position)] == [False, True, True]
    assert codes[1] in words(web.guest().get(page_of(Post.get())))


def test_what_is_no_picture_is_told_at_its_step_and_the_words_stay(web, cast):
    answer = web.as_(cast.zhao).post(NEW, FORM | {"act": "photo", "file2": (io.BytesIO(b"no picture"), "x.png")})
    assert answer.status_code == 422 and "第 2 步" in beside(answer, "steps") and steps_in(answer) == FORM["step"]


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"step": ["", " "], "position": ["1", "2"], "step_photo": ["", ""]}, "steps"),
        ({"step": [], "position": [], "step_photo": []}, "steps"),
        ({"step": ["走"] * 31, "position": [str(n) for n in range(1, 32)], "step_photo": [""] * 31}, "steps"),
        ({"position": ["1", "3", "2"]}, "steps"),
        ({"position": ["1", "2"]}, "steps"),
        ({"step_photo": ["", ""]}, "steps"),
        ({"step": ["长" * 301, "焯水", "包"]}, "steps"),
        ({"title": ""}, "title"),
        ({"title": "长" * 61}, "title"),
        ({"minutes": "很久"}, "minutes"),
        ({"materials": "长" * 501}, "materials"),
        ({"tips": "a\x1bb"}, "tips"),
    ],
)
def test_a_bad_howto_is_given_back_with_its_words(web, cast, change, field, part):
    answer = web.as_(cast.zhao).post(NEW, FORM | change, part=part)
    assert answer.status_code == 422 and is_whole(answer) is not part and beside(answer, field)
    assert Post.select().count() == 0
    if "step" not in change:
        assert steps_in(answer) == FORM["step"]
    if "title" not in change:
        assert typed(answer, "title") == "荠菜馄饨"


def test_what_looks_like_a_program_is_only_words(web, cast):
    probe = "<script>alert(1)</script>"
    zhao = web.as_(cast.zhao)
    form = FORM | {"title": probe, "step": [probe] * 3, "materials": probe, "tips": probe}
    answers = [zhao.post(NEW, form | {"act": "add"}), zhao.post(NEW, form)]
    answers += [zhao.get(each) for each in (page_of(Post.get()), page_of(Post.get()) + "/print", editing(Post.get()), ALL)]
    assert all("<script>alert" not in words(answer) for answer in answers)


def test_the_composer_leads_here_and_the_plain_form_edits_plain_ones(web, cast, now):
    zhao = web.as_(cast.zhao)
    assert led_to(zhao.get("/n/cuihu/posts/new?kind=howto"), NEW)
    plain, parted = make.post(cast.zhao, now, kind="howto", title="老的一篇"), make.howto(cast.zhao, now)
    assert led_to(zhao.get(editing(plain)), f"/n/cuihu/posts/{plain.id}/edit")
    assert led_to(zhao.get(f"/n/cuihu/posts/{parted.id}/edit"), editing(parted))
    assert "收藏" in words(zhao.get(page_of(plain))) and zhao.get(page_of(plain) + "/print").status_code == 200


# Mending


@pytest.mark.parametrize("part", [False, True])
def test_the_author_mends_it(web, cast, now, part):
    post = make.howto(cast.zhao, now, "摘菜", "下锅", minutes=10)
    zhao = web.as_(cast.zhao)
    form = zhao.get(editing(post), part=part)
    assert is_whole(form) is not part and steps_in(form) == ["摘菜", "下锅"] and typed(form, "minutes") == "10"
    answer = zhao.post(editing(post), FORM, part=part)
    assert told_to_load(answer, page_of(post)) if part else led_to(answer, page_of(post))
    page = words(web.guest().get(page_of(post)))
    assert "焯水" in page and "下锅" not in page and "已编辑" in page
    assert "下锅" in words(web.guest().get(page_of(post) + "/history"))
    assert zhao.post(editing(post), FORM | {"step": ["", "", ""]}, part=part).status_code == 422


def test_a_newcomers_new_steps_wait_and_the_page_says_so(web, cast, now):
    post = make.howto(cast.wang, now, "老步骤")
    reviews.approve(posts.find(cast.cuihu, post.id), cast.li, now)
    wang = web.as_(cast.wang)
    assert "文字和步骤一起" in words(wang.get(editing(post)))
    answer = wang.post(editing(post), FORM)
    assert flash_after(wang, answer) == "改好了，等主理人看一眼"
    page = words(web.guest().get(page_of(post)))
    assert "老步骤" in page and "焯水" not in page and "焯水" in words(web.as_(cast.li).get("/n/cuihu/desk/"))


def test_nobody_else_mends_it(web, cast, now):
    post = make.howto(cast.zhao, now)
    for person, status in ((cast.li, 403), (cast.wang, 403), (cast.lin, 404)):
        browser = web.as_(person)
        assert browser.post(editing(post), FORM).status_code == status
        assert browser.post(editing(post), FORM, part=True).status_code == status
    zhou = web.as_(cast.zhou)
    assert zhou.post(editing(post), FORM).status_code == zhou.post(NEW, FORM).status_code == 404
    assert zhou.get(f"/n/yangguangli/howtos/{post.id}/edit").status_code == 404
    assert zhou.post(f"/n/yangguangli/howtos/{post.id}/edit", FORM).status_code == 404
    assert shown_the_door(web.guest().get(NEW), "/n/cuihu/join", NEW)
    assert shown_the_door(web.guest().get(NEW, part=True), "/n/cuihu/join", "/n/cuihu/", part=True)
    assert Post.select().count() == 1 and Post.get().edited_at is None


# Reading


def test_the_library_shows_what_one_may_read(web, cast, now):
    make.howto(cast.zhao, now, title="春天的", season="春", minutes=20)
    make.howto(cast.zhao, now, title="冬天的", season="冬", visibility="neighborhood")
    guest, wang = web.guest(), web.as_(cast.wang)
    assert "春天的" in words(guest.get(ALL)) and "冬天的" not in words(guest.get(ALL)) and "冬天的" in words(wang.get(ALL))
    assert "换个条件" in words(guest.get(ALL + "?season=夏")) and "春天的" in words(
        guest.get(ALL + "?season=春&time=30&sort=made")
    )
    assert "还没有人写干货" in words(guest.get("/n/yangguangli/howtos/"))
    for number in range(21):
        make.howto(cast.li, now, title=f"第{number}篇")
    more = re.search(r'hx-get="([^"]+)"', words(guest.get(ALL)).split('class="center more"')[1]).group(1).replace("&amp;", "&")
    part = guest.get(more, part=True)
    assert "<html" not in words(part) and "春天的" in words(part) and is_whole(guest.get(more))


def test_the_sheet_to_print(web, cast, now):
    post = make.howto(
        cast.zhao, now, "摘菜", "下锅", materials="荠菜\n肉糜", tips="过凉水", minutes=40, visibility="neighborhood"
    )
    url = page_of(post) + "/print"
    page = words(web.as_(cast.wang).get(url))
    assert all(said in page for said in ("<li>荠菜</li><li>肉糜</li>", "摘菜", "过凉水", "大约 40 分钟", "<svg"))
    assert web.guest().get(url).status_code == web.as_(cast.zhou).get(url).status_code == 404
    chat = make.post(cast.zhao, now)
    assert web.as_(cast.wang).get(page_of(chat) + "/print").status_code == 404
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.zhao, now)
    assert web.as_(cast.wang).get(url).status_code == 404
