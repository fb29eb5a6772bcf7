"""What to do on a page before it is looked at: press, open, ask (tests/browser/pages.py)."""


def send(button):
    def act(page):
        with page.expect_navigation():
            page.get_by_role("button", name=button).click()

    return act


def send_in_place(button):
    def act(page):
        page.get_by_role("button", name=button, exact=True).click()
        page.locator("[aria-invalid=true]").first.wait_for()

    return act


def open(text):
    return lambda page: page.locator("summary", has_text=text).first.click()


def sheet(page):
    page.locator("[data-opens]").click()
    page.locator("dialog[open]").wait_for()


def talk(page):
    page.locator(".tap", has_text="评论").first.click()
    page.locator(".talk form").first.wait_for()


def wrong_phone(page):
    page.get_by_label("手机号").fill("123")
    send("发验证码")(page)


def ask_code(page):
    page.get_by_label("手机号").fill("13900001234")
    send("发验证码")(page)


def step_down(page):
    open("暂时没有人接")(page)
    send("放下主理人")(page)


def ask_phone(page):
    open("看完整号码")(page)
    send("写好了，看号码")(page)


def see_phone(page):
    page.get_by_role("button", name="看完整号码").click()
    page.locator(".big-code").wait_for()


def approve(page):
    page.get_by_role("button", name="通过", exact=True).first.click()
    page.locator(".done").wait_for()


def preview(page):
    page.get_by_label("词，一行一个").fill("红烧肉")
    send("先看看会碰到什么")(page)


def scale_points(page):
    open("评论")(page)
    send("就这样给")(page)
