"""Writing on a bad day: no network, a wrong field, a double tap. Nothing typed is ever lost."""

import re

from playwright.sync_api import expect

from db import comments, posts, topics
from tests import make


def test_without_a_network_the_words_stay_and_later_make_one_post(phone, watch, cast):
    watch.allow("offline")
    page = phone(cast.zhao)
    page.goto("/n/cuihu/posts/new")
    page.get_by_role("textbox").fill("写了很久的一段话")
    page.context.set_offline(True)
    page.get_by_role("button", name="发出去").tap()
    expect(page.get_by_role("status")).to_contain_text("网络不好，已帮你记下")
    expect(page.get_by_role("textbox")).to_have_value("写了很久的一段话")
    page.context.set_offline(False)
    page.get_by_role("button", name="发出去").tap()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    assert [post.body for post in posts.Post.select()] == ["写了很久的一段话"]


def test_an_answer_lost_on_the_way_does_not_make_two_posts(phone, watch, cast):
    watch.allow("offline")
    page = phone(cast.zhao)
    page.goto("/n/cuihu/posts/new")
    page.get_by_role("textbox").fill("到了，但是没有回音")

    def deliver_and_lose_the_answer(route):
        route.fetch(max_redirects=0)
        route.abort("internetdisconnected")

    page.route("**/posts", deliver_and_lose_the_answer, times=1)
    page.get_by_role("button", name="发出去").tap()
    expect(page.get_by_role("status")).to_contain_text("网络不好")
    page.get_by_role("button", name="发出去").tap()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    assert posts.Post.select().count() == 1


def test_an_impatient_double_tap_makes_one_comment(phone, cast, now):
    post = make.post(cast.zhao, now)
    page = phone(cast.wang)
    page.goto(f"/n/cuihu/posts/{post.id}")
    page.get_by_role("textbox", name="评论").fill("好看")
    page.locator(".say button").dblclick()
    expect(page.locator(".comments li")).to_have_count(1)
    assert comments.Comment.select().count() == 1


def test_a_wrong_field_gets_the_focus_and_the_rest_is_kept(phone, watch, cast):
    watch.allow(422)
    page = phone(cast.zhao)
    page.goto("/n/cuihu/posts/new?kind=meetup")
    page.get_by_label("内容").or_(page.locator("#body")).first.fill("周六早上八点，东门集合")
    page.get_by_role("button", name="发出去").tap()
    expect(page.locator("#title")).to_be_focused()
    expect(page.locator("#title")).to_have_attribute("aria-describedby", "title-error")
    expect(page.locator("#title-error")).to_be_visible()
    expect(page.locator("#body")).to_have_value("周六早上八点，东门集合")


def test_a_whole_page_with_a_wrong_field_starts_at_it(phone, watch):
    watch.allow(422)
    page = phone()
    page.goto("/n/cuihu/join")
    page.get_by_label("怎么称呼您").fill("王阿姨")
    page.get_by_role("button", name="坐下").tap()
    expect(page.get_by_role("alert")).to_contain_text("勾选同意")
    expect(page.get_by_role("checkbox")).to_be_focused()
    expect(page.get_by_label("怎么称呼您")).to_have_value("王阿姨")


def test_an_empty_comment_asks_for_a_word_in_its_place(phone, watch, cast, now):
    watch.allow(422)
    make.post(cast.zhao, now)
    page = phone(cast.wang)
    page.goto("/n/cuihu/")
    page.locator(".card .tap", has_text="评论").tap()
    page.get_by_role("button", name="发送").tap()
    expect(page.locator(".card .field-error")).to_contain_text("说点什么吧")
    expect(page.get_by_role("textbox", name="评论")).to_be_focused()


def test_a_topic_that_closed_meanwhile_takes_no_answer_but_the_words_go_out_plain(phone, watch, cast, now):
    watch.allow(409)
    topic = make.topic(cast.li, now)
    page = phone(cast.zhao)
    page.goto(f"/n/cuihu/posts/new?topic={topic.id}")
    page.get_by_role("textbox").fill("红烧肉，小火慢炖")
    topics.close(topic, now)
    page.get_by_role("button", name="发出去").tap()
    expect(page.locator("#body-error")).to_contain_text("普通的帖子")
    expect(page.get_by_role("textbox")).to_have_value("红烧肉，小火慢炖")
    page.get_by_role("button", name="发出去").tap()
    expect(page).to_have_url(re.compile(r"/posts/\d+$"))
    assert [(post.body, post.topic_id) for post in posts.Post.select()] == [("红烧肉，小火慢炖", None)]
