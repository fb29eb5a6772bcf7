"""Every main page, by who looks at it: (name, address, what to do there first). test_looks.py and bin/shots walk it."""

from tests.browser import outings


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


def _step_down(page):
    _open("暂时没有人接")(page)
    _send("放下主理人")(page)


def _ask_phone(page):
    _open("看完整号码")(page)
    _send("写好了，看号码")(page)


def _see_phone(page):
    page.get_by_role("button", name="看完整号码").click()
    page.locator(".big-code").wait_for()


def _approve(page):
    page.get_by_role("button", name="通过", exact=True).first.click()
    page.locator(".done").wait_for()


def _preview(page):
    page.get_by_label("词，一行一个").fill("红烧肉")
    _send("先看看会碰到什么")(page)


def _scale_points(page):
    _open("评论")(page)
    _send("就这样给")(page)


def guest(here):
    n = "/n/cuihu/"
    return [
        ("start", "/", None),
        ("about", "/about", None),
        ("demo", "/demo", None),
        ("living-room", n, None),
        ("living-room-howto", n + "?tab=howto", None),
        ("living-room-story", n + "?tab=story", None),
        ("howtos", n + "howtos/", None),
        ("howtos-none", "/n/yangguangli/howtos/?season=夏", None),
        ("howto", f"{n}posts/{here.recipe.id}", None),
        ("howto-print", f"{n}posts/{here.recipe.id}/print", None),
        ("story", f"{n}posts/{here.story_out.post_id}", None),
        ("story-by-link", here.story_link, _open("请改一改")),
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
        ("search", n + "search", None),
        ("search-found", n + "search?q=馄饨", None),
        ("search-by-author", f"{n}search?author={here.one.author_id}&q=一", None),
        ("search-nothing", n + "search?q=热气球&kind=howto", None),
        ("search-422", n + "search?q=？", None),
        ("host", n + "host", None),
        ("host-nobody", "/n/yangguangli/host", None),
        ("host-scanned", f"{n}host/{here.host.id}", None),
        ("host-gone", f"{n}host/{here.old_host.id}", None),
        ("post-poster", f"{n}posts/{here.one.id}/poster", None),
        ("services", n + "services/", None),
        ("services-category", n + "services/?category=food", None),
        ("services-none", "/n/yangguangli/services/", None),
        ("service", f"{n}services/{here.shop.id}", None),
        ("needs", n + "needs/", None),
        ("needs-answered", n + "needs/?state=answered", None),
        ("needs-none", "/n/yangguangli/needs/", None),
        ("need", f"{n}needs/{here.need.id}", None),
        ("showcase", n + "showcase", None),
        ("showcase-none", "/n/yangguangli/showcase", None),
        ("showcase-work", f"{n}showcase/{here.pick.id}", None),
        ("contests", n + "contests/", None),
        ("contests-none", "/n/yangguangli/contests/", None),
        ("contest", f"{n}contests/{here.contest.id}", _open("规则")),
        ("contest-voting", f"{n}contests/{here.voting.id}", None),
        ("receipts", f"{n}contests/{here.published}/receipts", _open("哪些票会先留着")),
        ("receipts-none", f"{n}contests/{here.published}/receipts?receipt=AAAAAAAAAAAA", None),
        ("contest-cancelled", f"{n}contests/{here.cancelled.id}", None),
        ("contest-board", f"{n}contests/{here.voting.id}/board", None),
        ("entry", f"{n}contests/entries/{here.entry.id}", None),
        ("certificate", f"{n}contests/entries/{here.won.id}/certificate", None),
        ("entry-voting", f"{n}contests/entries/{here.choice.id}", None),
        *outings.guest(here),
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
        ("scan-early", f"/q/{here.code_early.code}", None),
        ("scan-gone", f"/q/{here.code_gone.code}", None),
        ("scan-type", "/q/", None),
        ("scan-type-422", "/q/?code=AC0DEFGH", None),
    ]


def resident(here):
    n = "/n/cuihu/"
    return [
        ("living-room-member", n, None),
        ("living-room-talk", n, _talk),
        ("living-room-sheet", n, _sheet),
        ("works-mine", n + "me/works", None),
        ("release-ask", f"{n}picks/{here.pick_asked.id}", None),
        ("release-ask-422", f"{n}picks/{here.pick_asked.id}", _send("可以，只去勾了的地方")),
        ("release-given", f"{n}picks/{here.pick.id}", _open("收回同意")),
        ("compose", n + "posts/new", None),
        ("compose-howto", n + "howtos/new", None),
        ("compose-howto-422", n + "howtos/new", _send_in_place("发出去")),
        ("howto-edit", f"{n}howtos/{here.my_recipe.id}/edit", None),
        ("howto-member", f"{n}posts/{here.recipe.id}", None),
        ("howto-made-form", f"{n}posts/{here.howto_made.id}", _open("照着做了")),
        ("howto-made-alone", f"{n}posts/{here.howto_made.id}/made", None),
        ("saved", n + "saved", None),
        ("stories-mine", "/me/stories", None),
        ("story-consent", f"/me/stories/{here.story.id}", _open("不同意")),
        ("compose-topic", f"{n}posts/new?topic={here.topic.id}", None),
        ("compose-422", n + "posts/new?kind=meetup", _send_in_place("发出去")),
        ("post-member", f"{n}posts/{here.one.id}", None),
        ("post-mine", f"{n}posts/{here.mine.id}", None),
        ("post-pending", f"{n}posts/{here.pending.id}", None),
        ("post-returned", f"{n}posts/{here.returned.id}", None),
        ("post-edit", f"{n}posts/{here.returned.id}/edit", None),
        ("post-delete", f"{n}posts/{here.mine.id}/delete", None),
        ("reply", f"{n}posts/{here.one.id}/comments/say?answers={here.comment.id}", None),
        ("services-member", n + "services/", None),
        ("service-old", f"{n}services/{here.old_shop.id}", None),
        ("service-returned", f"{n}services/{here.my_shop.id}", None),
        ("service-edit", f"{n}services/{here.my_shop.id}/edit", None),
        ("service-new", n + "services/new", None),
        ("service-new-422", n + "services/new", _send("推荐")),
        ("needs-member", n + "needs/", None),
        ("need-returned", f"{n}needs/{here.my_need.id}", _open("不需要了")),
        ("need-new", n + "needs/new", None),
        ("need-new-422", n + "needs/new", _send("说出来")),
        ("contest-member", f"{n}contests/{here.contest.id}", None),
        ("contest-voter", f"{n}contests/{here.voting.id}", None),
        ("entry-new", f"{n}contests/{here.contest.id}/enter", None),
        ("entry-new-422", f"{n}contests/{here.contest.id}/enter", _send("送出去")),
        ("entry-waiting", f"{n}contests/entries/{here.my_entry.id}", None),
        ("entry-returned", f"{n}contests/entries/{here.returned_entry.id}", None),
        ("entry-edit", f"{n}contests/entries/{here.returned_entry.id}/edit", None),
        *outings.resident(here, _open, _send),
        ("welcome", n + "welcome", None),
        ("handover", here.handover.url, None),
        ("points", n + "points", None),
        ("me", n + "me/", None),
        ("me-edit", n + "me/edit", None),
        ("me-phone", "/me/phone", None),
        ("me-phone-code", "/me/phone", _ask_code),
        ("me-password", "/me/password", None),
        ("privacy", "/me/privacy", None),
        ("privacy-phone", "/me/privacy", _see_phone),
        ("privacy-log", "/me/privacy/log", None),
        ("privacy-exports", "/me/privacy/exports", None),
        ("privacy-leave", "/me/privacy/leave", None),
        ("privacy-leave-422", "/me/privacy/leave", _send("申请注销")),
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
        ("inbox-settings", "/inbox/settings", None),
        ("inbox-settings-422", "/inbox/settings", _send("换一个邮箱")),
        ("digest", f"/inbox/digest/{here.day}", None),
        ("unsubscribe", here.unsubscribe, None),
        ("unsubscribe-off", here.unsubscribe_off, None),
        ("unsubscribe-404", "/unsubscribe/0123456789", None),
        ("mail-confirm", here.mail, None),
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
        ("desk-services", n + "desk/services/", None),
        ("desk-services-return", n + "desk/services/", _open("请推荐的邻居改一改")),
        ("service-host", f"{n}services/{here.shop.id}", _open("主理人操作")),
        ("desk-needs", n + "desk/needs/", None),
        ("desk-needs-return", n + "desk/needs/", _open("请提出的邻居改一改")),
        ("need-host", f"{n}needs/{here.need.id}", _open("主理人操作")),
        ("need-answer", f"{n}needs/{here.need.id}", _open("回应大家")),
        ("need-merge", f"{n}needs/{here.need.id}", _open("和另一条合在一起")),
        ("desk-points", n + "desk/points", _open("评论")),
        ("desk-points-422", n + "desk/points", _scale_points),
        ("desk-member-points", f"{n}desk/members/{here.wang.id}/points", None),
        ("desk-member-points-422", f"{n}desk/members/{here.wang.id}/points", _send("改好")),
        ("desk-members", n + "desk/members", None),
        ("desk-members-none", n + "desk/members?name=没有这个人", None),
        ("desk-member", f"{n}desk/members/{here.twin.id}", None),
        ("desk-member-recovery", f"{n}desk/members/{here.twin.id}", _send("生成找回码")),
        ("desk-member-card", f"{n}desk/members/{here.twin.id}", _send("做一张卡")),
        ("desk-member-phone", f"{n}desk/members/{here.wang.id}", _open("看完整号码")),
        ("desk-member-phone-422", f"{n}desk/members/{here.wang.id}", _ask_phone),
        ("desk-card", n + "desk/card", None),
        ("desk-poster", n + "desk/poster", None),
        ("desk-log", n + "desk/log", None),
        ("desk-dormant", n + "desk/dormant", None),
        ("desk-dormant-one", f"{n}desk/dormant/{here.quiet.id}", None),
        ("desk-dormant-asked", f"{n}desk/dormant/{here.silent.id}", None),
        ("desk-handover", n + "desk/handover", None),
        ("desk-handover-422", n + "desk/handover", _step_down),
        ("desk-handover-ask", f"{n}desk/members/{here.twin.id}/handover", None),
        ("desk-announce", f"{n}desk/posts/{here.one.id}/announce", None),
        ("desk-kind", f"{n}desk/posts/{here.howto.id}/kind", None),
        ("desk-kind-422", f"{n}desk/posts/{here.howto.id}/kind", _send("改好了")),
        ("codes", n + "codes", None),
        ("codes-new", n + "codes/new", _open("只在一段时间里有用")),
        ("codes-new-422", n + "codes/new", _send("做好")),
        ("code", f"{n}codes/{here.code.id}", _open("换个去处")),
        ("code-gone", f"{n}codes/{here.code_gone.id}", _open("停用")),
        ("code-print", f"{n}codes/{here.code.id}/print", None),
        ("codes-print", n + "codes/print", None),
        ("desk-wecom", n + "desk/wecom", None),
        ("desk-wecom-422", n + "desk/wecom", _send("换一个机器人")),
        ("inbox-none", "/inbox", None),
        ("desk-reports", n + "desk/reports", None),
        ("desk-mend", f"{n}desk/post/{here.pending.id}/mend", None),
        ("desk-hide", f"{n}desk/post/{here.one.id}/hide", None),
        ("desk-done", n + "desk/", _approve),
        ("topic-new", n + "desk/topics/new", None),
        ("topic-new-422", n + "desk/topics/new", _send("安排好")),
        ("topic-host", f"{n}topics/{here.topic.id}", _open("结束这个话题")),
        ("post-host", f"{n}posts/{here.one.id}", _open("主理人操作")),
        ("howto-host", f"{n}posts/{here.recipe.id}", _open("拿下这一条")),
        ("spreads", n + "desk/spreads/", None),
        ("spread", f"{n}desk/spreads/{here.pick.id}", None),
        ("spread-422", f"{n}desk/spreads/{here.pick.id}", _send_in_place("记下来")),
        ("stories", n + "desk/stories/", None),
        ("story-new", n + "desk/stories/new", None),
        ("story-new-422", n + "desk/stories/new", _send_in_place("记下来")),
        ("story-desk", f"{n}desk/stories/{here.story_new.id}", None),
        ("story-link", f"{n}desk/stories/{here.story_new.id}", _send("做一个链接，请 TA 看看")),
        ("story-edit", f"{n}desk/stories/{here.story_new.id}/edit", None),
        ("contests-host", n + "contests/", None),
        ("contest-host", f"{n}contests/{here.voting.id}", None),
        ("contest-draft", f"{n}contests/{here.draft.id}", None),
        ("contest-new", n + "desk/contests/new", None),
        ("contest-new-422", n + "desk/contests/new?preset=blank", _send("存成草稿")),
        ("exhibition", f"{n}contests/{here.voting.id}/exhibition", None),
        ("exhibition-none", f"{n}contests/{here.draft.id}/exhibition", None),
        ("exhibition-works", f"{n}contests/{here.voting.id}/exhibition/works", None),
        ("exhibition-uncoded", f"{n}contests/{here.contest.id}/exhibition/works", None),
        ("exhibition-slips", f"{n}contests/{here.voting.id}/exhibition/slips", None),
        ("contest-manage", f"{n}desk/contests/{here.contest.id}/manage", _open("取消这场比赛")),
        ("paper-enter", f"{n}desk/contests/{here.paper['contest_id']}/paper", None),
        ("paper-enter-422", f"{n}desk/contests/{here.paper['contest_id']}/paper", _send("录好了，请人核对")),
        ("paper-heap", f"{n}contests/paper/{here.paper['token']}", _open("录错了")),
        ("held", f"{n}desk/contests/{here.counting}/held", None),
        ("outcome-waits", f"{n}desk/contests/{here.counting}/outcome", None),
        ("outcome", f"{n}desk/contests/{here.counted}/outcome", None),
        ("outcome-422", f"{n}desk/contests/{here.counted}/outcome", _send("揭晓")),
        ("contest-manage-422", f"{n}desk/contests/{here.contest.id}/manage", _send("延长")),
        ("contest-edit", f"{n}desk/contests/{here.contest.id}/edit", None),
        *outings.host(here, _open, _send),
        ("me-host", n + "me/", None),
        ("aid-host", n + "aid/", None),
        ("privacy-host-leave", "/me/privacy/leave", None),
    ]


def leaving(here):
    """赵敏 has asked to be forgotten, and may think again."""
    return [("me-leaving", "/n/cuihu/me/", None), ("privacy-leaving", "/me/privacy/leave", None)]


def hq(here):
    return [
        ("hq", "/hq/", None),
        ("hq-health", "/hq/health", None),
        ("hq-words", "/hq/words", None),
        ("hq-words-preview", "/hq/words", _preview),
        ("hq-points", "/hq/points?name=王", None),
        ("hq-points-rule-422", "/hq/points/rules/post", _send("定下来")),
        ("hq-points-budget", f"/hq/points/budgets/{here.wang.neighborhood_id}", None),
        ("hq-points-by-hand", f"/hq/points/members/{here.wang.id}", None),
        ("hq-rings-422", "/hq/points/rings", _send("没问题")),
    ]


def district(here):
    return [
        ("district", "/district/", None),
        ("district-reports", "/district/reports", None),
        ("district-codes", "/district/codes", None),
    ]


ROLES = {"guest": guest, "resident": resident, "host": host, "leaving": leaving, "hq": hq, "district": district}


def person(cast, role):
    people = {"resident": cast.wang, "host": cast.li, "leaving": cast.zhao, "hq": cast.lin, "district": cast.sun}
    return people.get(role)


def go(page, address, act):
    page.goto(address)
    if act:
        act(page)
