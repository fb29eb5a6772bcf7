"""Every main page, by who looks at it: (name, address, what to do there first). test_looks.py and bin/shots walk it."""


def _send(button):
    def act(page):
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()

    return act


def _send_in_place(button):
    def act(page):
        page.get_by_role("button", name=button, exact=True).click()
        page.locator("[aria-invalid=true]").first.wait_for()

    return act


def _open(text):
    return lambda page: page.locator("summary", has_text=text).first.click()


def _sheet(page):
    page.locator("[data-opens]").click()
    page.locator("dialog[open]").wait_for()


def _talk(page):
    page.locator(".tap", has_text="评论").first.click()
    page.locator(".talk form").first.wait_for()


def _wrong_phone(page):
    page.get_by_label("手机号").fill("123")
    _send("发验证码")(page)


def _ask_code(page):
    page.get_by_label("手机号").fill("13900001234")
    _send("发验证码")(page)


def _approve(page):
    page.get_by_role("button", name="通过", exact=True).first.click()
    page.locator(".done").wait_for()


def _preview(page):
    page.get_by_label("词，一行一个").fill("红烧肉")
    _send("先看看会碰到什么")(page)


def guest(here):
    n = "/n/cuihu/"
    return [
        ("start", "/", None),
        ("about", "/about", None),
        ("demo", "/demo", None),
        ("living-room", n, None),
        ("living-room-howto", n + "?tab=howto", None),
        ("living-room-promo", n + "?tab=promo", None),
        ("living-room-nobody", n + "?tab=help", None),
        ("living-room-readonly", "/n/yangguangli/", None),
        ("post-photos", f"{n}posts/{here.one.id}", None),
        ("post-long", f"{n}posts/{here.howto.id}", None),
        ("post-link", f"{n}posts/{here.link.id}", None),
        ("post-gone", f"{n}posts/{here.gone.id}", None),
        ("post-history", f"{n}posts/{here.edited.id}/history", None),
        ("topics", n + "topics/", None),
        ("topics-none", "/n/yangguangli/topics/", None),
        ("topic", f"{n}topics/{here.topic.id}", None),
        ("topic-over", f"{n}topics/{here.topic_over.id}", None),
        ("host", n + "host", None),
        ("host-nobody", "/n/yangguangli/host", None),
        ("join", n + "join", None),
        ("join-422", n + "join", _send("坐下")),
        ("signin", "/signin", None),
        ("signin-422", "/signin", _wrong_phone),
        ("signin-code", "/signin", _ask_code),
        ("signin-password", "/signin/password", None),
        ("signin-password-422", "/signin/password", _send("登录")),
        ("signin-recover", "/signin/recover", None),
        ("signin-recover-422", "/signin/recover", _send("找回")),
        ("look", "/look", None),
        ("error-404", "/n/nowhere/", None),
        ("scan-card", f"/q/{here.card}", None),
        ("scan-revoked", f"/q/{here.old_card}", None),
        ("scan-unknown", "/q/ABCDEFGH", None),
    ]


def resident(here):
    n = "/n/cuihu/"
    return [
        ("living-room-member", n, None),
        ("living-room-talk", n, _talk),
        ("living-room-sheet", n, _sheet),
        ("compose", n + "posts/new", None),
        ("compose-howto", n + "posts/new?kind=howto", None),
        ("compose-topic", f"{n}posts/new?topic={here.topic.id}", None),
        ("compose-422", n + "posts/new?kind=meetup", _send_in_place("发出去")),
        ("post-member", f"{n}posts/{here.one.id}", None),
        ("post-mine", f"{n}posts/{here.mine.id}", None),
        ("post-pending", f"{n}posts/{here.pending.id}", None),
        ("post-returned", f"{n}posts/{here.returned.id}", None),
        ("post-edit", f"{n}posts/{here.returned.id}/edit", None),
        ("post-delete", f"{n}posts/{here.mine.id}/delete", None),
        ("reply", f"{n}posts/{here.one.id}/comments/say?answers={here.comment.id}", None),
        ("welcome", n + "welcome", None),
        ("me", n + "me/", None),
        ("me-edit", n + "me/edit", None),
        ("me-phone", "/me/phone", None),
        ("me-phone-code", "/me/phone", _ask_code),
        ("me-password", "/me/password", None),
        ("look-member", "/look", None),
        ("aid", n + "aid/", None),
        ("aid-new", n + "aid/new", None),
        ("aid-new-422", n + "aid/new", _send_in_place("发出去")),
        ("aid-offer", f"{n}posts/{here.aid_open.post_id}", _open("捎句话")),
        ("aid-offers", f"{n}posts/{here.aid_asked.post_id}", _open("就给")),
        ("aid-willing", f"{n}posts/{here.aid_willing.post_id}", None),
        ("aid-matched", f"{n}posts/{here.aid_matched.post_id}", _open("没约成")),
        ("aid-done", f"{n}posts/{here.aid_done.post_id}", None),
        ("aid-over", f"{n}posts/{here.aid_over.post_id}", None),
        ("inbox", "/inbox", None),
        ("report", f"{n}report/post/{here.one.id}", None),
        ("report-422", f"{n}report/post/{here.one.id}", _send("举报")),
        ("reports-mine", n + "me/reports", None),
        ("blocks", n + "me/blocks", None),
        ("post-more", f"{n}posts/{here.two.id}", _open("更多")),
        ("post-hidden", f"{n}posts/{here.hidden.id}", None),
        ("comment-edit", f"{n}posts/{here.one.id}/comments/{here.returned_comment.id}/edit", None),
        ("join-another", "/n/yangguangli/join", None),
        ("error-403", n + "desk/", None),
    ]


def host(here):
    n = "/n/cuihu/"
    return [
        ("living-room-host", n, None),
        ("desk", n + "desk/", None),
        ("desk-return", n + "desk/", _open("请作者改一改")),
        ("desk-members", n + "desk/members", None),
        ("desk-members-none", n + "desk/members?name=没有这个人", None),
        ("desk-member", f"{n}desk/members/{here.twin.id}", None),
        ("desk-member-recovery", f"{n}desk/members/{here.twin.id}", _send("生成找回码")),
        ("desk-member-card", f"{n}desk/members/{here.twin.id}", _send("做一张卡")),
        ("desk-card", n + "desk/card", None),
        ("desk-poster", n + "desk/poster", None),
        ("desk-log", n + "desk/log", None),
        ("desk-reports", n + "desk/reports", None),
        ("desk-mend", f"{n}desk/post/{here.pending.id}/mend", None),
        ("desk-hide", f"{n}desk/post/{here.one.id}/hide", None),
        ("desk-done", n + "desk/", _approve),
        ("topic-new", n + "desk/topics/new", None),
        ("topic-new-422", n + "desk/topics/new", _send("安排好")),
        ("topic-host", f"{n}topics/{here.topic.id}", _open("结束这个话题")),
        ("post-host", f"{n}posts/{here.one.id}", _open("主理人操作")),
        ("me-host", n + "me/", None),
        ("aid-host", n + "aid/", None),
    ]


def hq(here):
    return [
        ("hq", "/hq/", None),
        ("hq-health", "/hq/health", None),
        ("hq-words", "/hq/words", None),
        ("hq-words-preview", "/hq/words", _preview),
    ]


def district(here):
    return [("district", "/district/", None), ("district-reports", "/district/reports", None)]


ROLES = {"guest": guest, "resident": resident, "host": host, "hq": hq, "district": district}


def person(cast, role):
    return {"guest": None, "resident": cast.wang, "host": cast.li, "hq": cast.lin, "district": cast.sun}[role]


def go(page, address, act):
    page.goto(address)
    if act:
        act(page)
