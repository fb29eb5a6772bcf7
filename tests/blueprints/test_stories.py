"""邻居故事: the host's desk, and the one page where the person told about reads hers and answers."""

import re
from html import unescape

import pytest

from db import posts, stories
from db.posts import Post
from db.stories import Story, StoryLink
from tests import make
from tests.blueprints.answers import beside, flash_after, is_whole, led_to, shown_the_door, told_to_load, typed, words, written

DESK = "/n/cuihu/desk/stories/"
TOLD = {
    "op_id": "story0000001", "subject_name": "林师傅", "title": "修了一辈子鞋", "from_where": "从温州来",
    "what_done": "修鞋四十年", "hardest": "", "visibility": "public",
}  # fmt: skip


def asked_of(member, cast, now, **values):
    story = make.story(cast.li, now, subject=member, **values)
    stories.ask(story, cast.li, now)
    return story


def answering(browser, url, answer, **form):
    """Her answer on the page as she has just read it."""
    seen = typed(browser.get(url), "seen") or ""
    return browser.post(url, {"choice": answer, "seen": seen, **form})


@pytest.mark.parametrize("part", [False, True])
def test_an_interview_becomes_a_draft_nobody_sees(web, cast, part):
    li = web.as_(cast.li)
    form = li.get(DESK + "new", part=part)
    assert is_whole(form) is not part and all(asked in words(form) for asked in stories.QUESTIONS.values())
    answer = li.post(DESK + "new", TOLD, part=part)
    url = f"{DESK}{Story.get().id}"
    assert told_to_load(answer, url) if part else led_to(answer, url)
    li.post(DESK + "new", TOLD, part=part)
    assert Story.select().count() == 1 and Post.get().body == "从哪里来？\n从温州来\n\n做过什么？\n修鞋四十年"
    assert "修鞋四十年" in words(li.get(url)) and "还没有请 TA 看" in words(li.get(DESK))
    for who in (web.guest(), web.as_(cast.wang)):
        assert who.get(f"/n/cuihu/posts/{Post.get().id}").status_code == 404 and "修了一辈子鞋" not in words(who.get("/n/cuihu/"))


@pytest.mark.parametrize("part", [False, True])
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"subject_name": ""}, "subject_name"), ({"subject_name": "长" * 13}, "subject_name"), ({"title": ""}, "title"),
        ({"from_where": "", "what_done": ""}, "from_where"), ({"what_done": "长" * 901}, "what_done"),
        ({"member": "99999"}, "subject_name"), ({"member": "²"}, "subject_name"),
    ],
)  # fmt: skip
def test_a_bad_interview_is_given_back_with_its_words(web, cast, change, field, part):
    form = TOLD | change
    answer = web.as_(cast.li).post(DESK + "new", form, part=part)
    assert answer.status_code == 422 and is_whole(answer) is not part and beside(answer, field)
    assert typed(answer, "title") == form["title"] and written(answer, "what_done") == form["what_done"]
    assert Post.select().count() == 0


def test_of_a_neighbour_it_is_written_from_her_page_and_she_answers_signed_in(web, cast):
    li, wang = web.as_(cast.li), web.as_(cast.wang)
    assert f"desk/stories/new?member={cast.wang.id}" in words(li.get(f"/n/cuihu/desk/members/{cast.wang.id}"))
    form = li.get(f"{DESK}new?member={cast.wang.id}")
    assert typed(form, "member") == str(cast.wang.id) and typed(form, "subject_name") is None
    li.post(DESK + "new", TOLD | {"member": cast.wang.id})
    desk, hers = f"{DESK}{Story.get().id}", f"/me/stories/{Story.get().id}"
    assert wang.get(hers).status_code == 404 and li.post(desk + "/link").status_code == 409
    assert led_to(li.post(desk + "/ask"), desk) and li.post(desk + "/ask").status_code == 409
    assert "/me/stories" in words(wang.get("/n/cuihu/me/")) and "修了一辈子鞋" in words(wang.get("/me/stories"))
    assert "修鞋四十年" in words(wang.get(hers)) and "王阿姨" in words(wang.get(hers))
    answer = answering(wang, hers, "given")
    assert led_to(answer, hers) and flash_after(wang, answer) == "谢谢您，故事发布了"
    page = words(web.guest().get(f"/n/cuihu/posts/{Post.get().id}"))
    assert "修鞋四十年" in page and "王阿姨口述，李姐记录" in page and "为 TA 点赞" in page
    assert "修了一辈子鞋" in words(web.guest().get("/n/cuihu/?tab=story"))
    assert answering(wang, hers, "withdrawn").status_code == 303
    assert web.guest().get(f"/n/cuihu/posts/{Post.get().id}").status_code == 404
    assert "修了一辈子鞋" not in words(web.guest().get("/n/cuihu/"))
    assert "TA 收回了同意" in words(li.get(DESK)) and li.get(desk + "/edit").status_code == 409


def test_a_link_is_shown_once_and_opens_this_story_alone(web, cast, now):
    li, guest = web.as_(cast.li), web.guest()
    photo = make.photo(cast.li, now)
    story = make.story(cast.li, now, photo_codes=[photo.code], consent=True)
    other = make.story(cast.li, now, title="另一个")
    page = words(li.post(f"{DESK}{story.id}/link"))
    link = re.search(r"http://localhost(/s/\w+)", page).group(1)
    assert "<svg" in page and link not in words(li.get(f"{DESK}{story.id}")) and link not in str(StoryLink.get().__data__)
    shown = words(guest.get(link))
    assert "那年我二十岁" in shown and f"{link}/photos/{photo.code}/800.webp" in shown and "另一个" not in shown
    assert guest.get(f"{link}/photos/{photo.code}/800.webp").status_code == 200
    assert guest.get(f"/n/cuihu/photos/{photo.code}/800.webp").status_code == 404
    assert (
        guest.get(f"{link}/photos/{'0' * 32}/800.webp").status_code
        == guest.get(f"{link}/photos/{photo.code}/1.webp").status_code
        == 404
    )
    assert guest.get("/s/" + "A" * 24).status_code == 404 and guest.get(f"/me/stories/{other.id}").status_code == 303
    assert answering(li, link, "given").status_code == 403  # not by who wrote it
    assert led_to(answering(guest, link, "given"), link)
    assert web.guest().get(f"/n/cuihu/posts/{story.post_id}").status_code == 200
    assert answering(guest, link, "given").status_code == 409 and answering(guest, link, "withdrawn").status_code == 303
    assert web.guest().get(f"/n/cuihu/photos/{photo.code}/800.webp").status_code == 404


def test_she_asks_for_another_wording_and_is_asked_again(web, cast, now):
    story = asked_of(cast.wang, cast, now)
    wang, li, hers, desk = web.as_(cast.wang), web.as_(cast.li), f"/me/stories/{story.id}", f"{DESK}{story.id}"
    for odd in ("", "长" * 501, "a\x1bb"):
        answer = answering(wang, hers, "wish", words=odd)
        assert (
            answer.status_code == 422 and is_whole(answer) and beside(answer, "words") and (written(answer, "words") or "") == odd
        )
    assert led_to(answering(wang, hers, "wish", words="别写年份"), hers)
    assert "别写年份" in words(li.get(desk)) and "别写年份" in words(li.get(desk + "/edit"))
    old = typed(wang.get(hers), "seen")
    for part in (False, True):
        bad = li.post(desk + "/edit", {"title": "", "body": "有一年"}, part=part)
        assert bad.status_code == 422 and beside(bad, "title") and written(bad, "body") == "有一年"
    answer = li.post(desk + "/edit", {"title": "标题", "body": "有一年"})
    assert led_to(answer, desk) and "再看一遍" in flash_after(li, answer)
    stale = wang.post(hers, {"choice": "given", "seen": old})
    assert stale.status_code == 409 and is_whole(stale) and "再看一遍" in words(stale) and "有一年" in words(stale)
    assert Post.get().state == "draft" and answering(wang, hers, "given").status_code == 303 and Post.get().state == "published"


@pytest.mark.parametrize("answer", ["", "draft", "asked", "<script>", "同意"])
def test_an_odd_answer_is_none(web, cast, now, answer):
    story = asked_of(cast.wang, cast, now)
    got = answering(web.as_(cast.wang), f"/me/stories/{story.id}", answer)
    assert got.status_code == 422 and "<script>" not in words(got) and stories.find(cast.cuihu, story.id).consent == "asked"


def test_photos_are_taken_off_and_put_on_with_plain_buttons(web, cast, now):
    one, two = make.photo(cast.li, now), make.photo(cast.li, now)
    story = make.story(cast.li, now, photo_codes=[one.code], consent=True)
    li, url = web.as_(cast.li), f"{DESK}{story.id}/edit"
    assert typed(li.get(url), "photo") == one.code
    assert typed(li.post(url, {"title": "标", "body": "文", "photo": one.code, "drop": one.code}), "photo") is None
    form = {"title": "标", "body": "文", "photo": [two.code, one.code]}
    assert li.post(url, form).status_code == 422
    assert li.post(url, form | {"consent": "y"}).status_code == 303
    assert [photo.code for photo in posts.photos_of([story.post_id])[story.post_id]] == [two.code, one.code]


def test_what_looks_like_a_program_is_only_words(web, cast):
    probe, li = "<script>alert(1)</script>", web.as_(cast.li)
    li.post(DESK + "new", TOLD | {"title": probe, "what_done": probe, "subject_name": "<b>x</b>"})
    desk = f"{DESK}{Story.get().id}"
    link = re.search(r"http://localhost(/s/\w+)", words(li.post(desk + "/link"))).group(1)
    guest = web.guest()
    answering(guest, link, "wish", words=probe)
    answers = [li.get(DESK), li.get(desk), li.get(desk + "/edit"), guest.get(link)]
    answering(guest, link, "given")
    answers += [guest.get(link), guest.get(f"/n/cuihu/posts/{Post.get().id}"), guest.get("/n/cuihu/")]
    assert all("<script>alert" not in words(each) and "<b>x</b>" not in words(each) for each in answers)
    assert probe in unescape(words(answers[0]))


def test_the_desk_is_the_hosts_of_this_place_and_the_answer_hers_alone(web, cast, now):
    story = asked_of(cast.wang, cast, now)
    qian = web.as_(make.host(cast.yangguangli, "钱主理", now))
    gets = [DESK, DESK + "new", f"{DESK}{story.id}", f"{DESK}{story.id}/edit"]
    sends = [(DESK + "new", TOLD)] + [
        (f"{DESK}{story.id}/{end}", {"title": "标", "body": "文"}) for end in ("edit", "ask", "link")
    ]
    for part in (False, True):
        for browser, status in ((web.as_(cast.wang), 403), (web.as_(cast.zhou), 404), (qian, 404)):
            assert {browser.get(url, part=part).status_code for url in gets} == {status}
            assert {browser.post(url, form, part=part).status_code for url, form in sends} == {status}
        own = [url.replace("cuihu", "yangguangli") for url, _ in sends[1:]]
        assert {qian.post(url, {"title": "标", "body": "文"}, part=part).status_code for url in own} == {404}
    for person in (cast.li, cast.zhao, cast.zhou, cast.lin):
        browser, url = web.as_(person), f"/me/stories/{story.id}"
        assert browser.get(url).status_code == browser.post(url, {"choice": "refused"}).status_code == 404
    assert shown_the_door(web.guest().get(f"/me/stories/{story.id}"), "/signin", f"/me/stories/{story.id}")
    assert shown_the_door(web.guest().get(DESK), "/signin", DESK)
    assert stories.find(cast.cuihu, story.id).consent == "asked" and Story.select().count() == 1
