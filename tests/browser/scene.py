"""A 小区 full of life for the pages to show: one of everything, with the lengths that break layouts."""

import io
import secrets
from datetime import timedelta
from types import SimpleNamespace

from PIL import Image, ImageDraw

from db import (
    aid_matches,
    blocks,
    comments,
    exports,
    farewells,
    hiding,
    hooks,
    hosts,
    invitations,
    likes,
    links,
    mailboxes,
    makings,
    members,
    mutual_aid,
    neighborhoods,
    notices,
    people,
    photos,
    pictures,
    points,
    posts,
    privacy,
    releases,
    reports,
    reviews,
    revisions,
    rings,
    scans,
    screening,
    stories,
    topics,
)
from tests import make
from tests.browser import clubs, outings, places, shop, walls

LONG = (
    "今早去菜场，荠菜终于上市了，嫩得掐出水来。回来洗了三遍，切碎和肉糜一起拌，包了六十个馄饨，"
    "给楼上的小朋友送了一碗。汤里放点虾皮、紫菜、蛋皮，比外面卖的香多了。\n\n"
    "做法其实很简单：荠菜焯水十秒马上过凉水，挤干，切碎；肉要七分瘦三分肥，顺着一个方向搅上劲。\n"
)


def picture(width, height, hue, kind="JPEG"):
    """The bytes of a small scene: a sky, a field, a sun."""
    image = Image.new("HSV", (width, height), (hue * 255 // 360, 90, 230)).convert("RGB")
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, height * 2 // 3, width, height), fill=(96, 130, 84))
    draw.ellipse((width // 5, height // 5, width // 2, height // 5 + width * 3 // 10), fill=(244, 196, 90))
    out = io.BytesIO()
    image.save(out, kind, quality=80)
    return out.getvalue()


_reduced = {}


def photo(member, now, hue=40, size=(900, 675)):
    """A photo in this neighbour's tray."""
    if (hue, size) not in _reduced:
        _reduced[hue, size] = pictures.reduce(picture(*size, hue))
    return photos.keep(member, _reduced[hue, size], now, original=secrets.token_bytes(8)).code


def with_photos(author, now, body, count, **values):
    codes = [photo(author, now, 30 + 40 * number, (675, 900) if number % 3 else (900, 675)) for number in range(count)]
    return make.post(author, now, body, photo_codes=codes, consent=True, **values)


def lively(cast, now):
    place, li, zhao, wang = cast.cuihu, cast.li, cast.zhao, cast.wang
    here = SimpleNamespace()
    hour = timedelta(hours=1)
    hosts.describe(
        li, now, title="绿洲生活主理人", mission=hosts.MISSIONS[1], greeting="欢迎回家，来客厅坐坐。",
        skills="烘焙、种菜、修自行车", hours="工作日晚上 7–9 点", story="在翠湖住了十一年，孩子在这里长大。\n有事敲 3 栋的门。",
    )  # fmt: skip
    here.topic = make.topic(li, now - 2 * hour)
    here.topic_two = make.topic(li, now - 3 * hour, "分享你最近读的一本好书")
    here.topic_three = make.topic(li, now - 4 * hour, "聊聊你的周末计划，去哪里走走，想和谁一起")
    here.topic_over = topics.schedule(li, now - 90 * hour, prompt="冬天吃什么", opens_at=now - 90 * hour, closes_at=now - hour)
    for number in range(22):
        make.post(zhao, now - (30 + number) * hour, f"第 {number + 1} 天：楼下的玉兰又开了一朵")
    here.long = make.post(zhao, now - 9 * hour, LONG * 3)
    here.link = make.post(zhao, now - 8 * hour, "菜谱在这里 https://example.org/" + "very-long-address/" * 6 + " 大家看看")
    here.howto = make.post(zhao, now - 7 * hour, LONG, kind="howto", title="荠菜馄饨，从摘菜到下锅一步一步来，厨房新手也不会失手")
    here.meetup = make.post(zhao, now - 6 * hour, "周六早上八点，东门集合，走到湖边。", kind="meetup", title="周六环湖走一走")
    here.promo = make.post(li, now - 5 * hour, "老家的橙子，自己吃了三年。", kind="promo", title="赣南的橙子，可以一起买")
    here.notice = make.post(li, now - 4 * hour, "周三上午停水两小时，大家提前接一点。", kind="notice", title="停水通知")
    here.private = make.post(zhao, now - 4 * hour, "快递柜的密码换了。", visibility="neighborhood")
    here.many = with_photos(zhao, now - 3 * hour, "阳台上的六张照片", 6)
    here.two = with_photos(li, now - 2 * hour, "两张照片", 2, topic=here.topic)
    here.one = with_photos(zhao, now - hour, "昨晚的红烧肉，小火慢炖两个钟头。", 1, topic=here.topic)
    reviews.feature(here.one, li, now, True)
    reviews.pin(here.notice, li, now, "大家都要知道")
    here.edited = make.post(zhao, now - hour, "写错了一个字")
    revisions.edit(here.edited, zhao, now, body="改好了一个字")
    here.gone = make.post(zhao, now - hour, "不想要了")
    here.quiet = make.post(zhao, now - 2 * hour, "这条关上了评论")
    reviews.hold_comments(here.quiet, li, now, comments_open=False)
    for number in range(6):
        said = _say(wang, here.one, now, "好香啊，隔着屏幕都闻到了" if number else "请问放冰糖还是白糖？")
        here.comment = here.comment if number else said
    _say(li, here.one, now, "冰糖，颜色亮。", answers=here.comment)
    comments.withdraw(_say(zhao, here.one, now, "说错了"), zhao, now)
    _say(wang, here.gone, now, "别删呀")
    posts.withdraw(posts.find(place, here.gone.id), zhao, now)
    for member in (wang, li):
        likes.set_like(member, here.one, True, now)
    here.mine = make.post(wang, now - hour, "我家的猫")
    reviews.approve(here.mine, li, now - hour)
    here.mine = posts.find(place, here.mine.id)
    revisions.edit(here.mine, make.again(wang), now, body="我家的猫，叫年糕")
    here.returned = make.post(wang, now - hour, "便宜卖")
    reviews.give_back(here.returned, li, now, reviews.RETURN_REASONS[1])
    here.pending = with_photos(wang, now, "窗外的晚霞", 2)
    here.hidden = make.post(wang, now - hour, "一句难听的话")
    posts.Post.update(state="published").where(posts.Post.id == here.hidden.id).execute()
    hiding.hide(posts.find(place, here.hidden.id), li.user, now, hiding.HIDE_REASONS[1])
    here.returned_comment = _say(wang, here.one, now, "看这里 https://a.example/x")
    reviews.give_back(comments.find_here(place, here.returned_comment.id), li, now, "请不要放链接")
    _say(wang, here.one, now, "还有这里 https://a.example/y")
    answered = reports.file(wang, posts.find(place, here.many.id), now - hour, reason="other", words="照片里好像有我家孩子")
    reports.decide(answered, li.user, now, uphold=False, answer="看过了，没有孩子")
    reports.file(wang, posts.find(place, here.long.id), now, reason="ad", words="天天发")
    reports.file(wang, posts.find(place, here.two.id), now, reason="rude")
    neighborhoods.look_after(place, cast.sun)
    screening.add("代开发票\n加微信", "hold", cast.lin, now)
    blocks.set_block(cast.chen, zhao, True, now)
    places.fill(here, cast, now)
    places.printed(here, cast, now)
    walls.fill(here, cast, now)
    shop.fill(here, cast, now, photo)
    outings.fill(here, cast, now)
    clubs.fill(here, cast, now, photo)
    here.twin = make.neighbor(place, "王阿姨", now, building="3栋")
    _howtos_and_stories(here, cast, now)
    _picks(here, cast, now)
    here.card = scans.issue_card(cast.chen, li, now)
    here.old_card = scans.issue_card(wang, li, now)
    scans.issue_card(wang, li, now)
    _inbox(here, cast, now)
    _helping(here, cast, now)
    here.wang = wang
    points.adjust(wang, 60, cast.lin, now - hour, "春日邻里节布置场地", op_id="scene0001")
    points.hold(wang, 30, "Redemption", 1, now, "兑换")
    rings.note(place.id, wang.id, zhao.id, 9, 12, now)
    people.bind_phone(wang.user, "13812345678")
    people.bind_phone(here.twin.user, "13812345679")
    wang = make.again(wang)
    privacy.see_phone(wang.user, li.user, now, reason="送药上门，敲门没有人", neighborhood=place)
    for number, state in enumerate(("ready", "expired", "failed", "working")):
        exports.Export.create(
            user=wang.user, op_id=f"export00{number}", state=state, done=4, of=9, size=2_400_000, created_at=now, claimed_at=now,
            expires_at=now + 7 * 24 * hour,
        )  # fmt: skip
    farewells.ask(zhao.user, now, traces="keep", confirm=zhao.user.name, op_id="leaving001")
    here.host, here.quiet, here.silent = li, cast.chen, make.neighbor(place, "周老师", now, building="12栋")
    for member in (here.quiet, here.silent):
        make.quiet(member, now)
    invitations.invite(li, make.again(here.silent), invitations.to(li, "topics", here.topic.id, now), now)
    here.old_host = make.neighbor(place, "钱奶奶", now)
    for role in ("host", "resident"):
        members.appoint(here.old_host, role, None, now, "做过一阵主理人")
    here.handover = make.handover(li, wang, now, "这两年谢谢你总来帮忙，交给你我放心。")
    neighborhoods.set_status(cast.yangguangli, "readonly", "搬迁中，下周开门")
    return here


def _helping(here, cast, now):
    """互助 in every state, as 王阿姨 meets it: hers and other people's."""
    li, zhao, wang = cast.li, cast.zhao, cast.wang
    hour = timedelta(hours=1)
    people.bind_phone(cast.chen.user, "13800138000")
    chen = make.again(cast.chen)
    here.aid_open = make.aid(
        zhao, now - 3 * hour, category="childcare", title="周三下午帮忙接一下孩子，四点半到六点", when_text="周三下午四点半"
    )
    here.aid_asked = make.aid(wang, now - 2 * hour, aid_kind="give", category="things", title="婴儿床送人")
    for member, words in ((chen, "孙子正好用得上，周末我让儿子来搬"), (li, "")):
        aid_matches.offer(here.aid_asked, member, now, words=words, shares_phone=member is chen)
    here.aid_willing = make.aid(li, now - 2 * hour, category="medicine", title="明早帮李爷爷取药")
    aid_matches.offer(here.aid_willing, wang, now, words="我明早去医院")
    here.aid_matched = make.aid(wang, now - 2 * hour, category="pets", title="周六帮忙遛狗", when_text="周六上午")
    aid_matches.accept(here.aid_matched, aid_matches.offer(here.aid_matched, chen, now, shares_phone=True), wang, now)
    aid_matches.note(
        mutual_aid.find(cast.cuihu, here.aid_matched.post_id), chen, "八点我在东门等您", now, op_id=secrets.token_hex(8)
    )
    here.aid_done = make.aid(wang, now - 2 * hour, category="tools", title="借一把电钻")
    aid_matches.accept(here.aid_done, aid_matches.offer(here.aid_done, zhao, now), wang, now)
    for member in (wang, zhao):
        aid_matches.confirm(mutual_aid.find(cast.cuihu, here.aid_done.post_id), member, now)
    here.aid_over = make.aid(wang, now - timedelta(days=8), days=7, category="errand", title="取个快递")


def _howtos_and_stories(here, cast, now):
    """A how-to of many steps that two neighbours have made; stories in each state of consent."""
    li, zhao, wang = cast.li, cast.zhao, cast.wang
    stir = "肉要七分瘦三分肥，顺着一个方向搅上劲，" * 3
    steps = ("荠菜摘掉黄叶，洗三遍。", "开水焯十秒，马上过凉水，挤干切碎。", stir, "包好下锅，浮起来再煮一分钟。")
    here.recipe = make.howto(
        zhao, now - timedelta(hours=2), *steps, photo_codes=[photo(zhao, now, 90), "", photo(zhao, now, 20)], minutes=40,
        materials="荠菜 500 克\n肉糜 300 克\n馄饨皮一斤\n虾皮、紫菜、蛋皮", tips="过凉水才绿，挤干才不出水。", season="春",
    )  # fmt: skip
    make.made(wang, here.recipe, now, "孩子吃了十八个！", photo_codes=[photo(wang, now, 40)], consent=True)
    make.made(cast.chen, here.recipe, now, "少放盐，我们老人家也爱吃")
    makings.set_saved(wang, here.recipe, True, now)
    here.howto_made = make.howto(li, now, "揉面", "醒面", "上锅蒸二十分钟", title="老面馒头", minutes=90)
    here.my_recipe = make.howto(wang, now, "泡豆", "磨浆", "点卤")

    def told(subject, title):
        words = "从哪里来？\n" + LONG + "\n想对邻居说\n有事就来敲门。"
        return make.story(li, now, subject=subject, title=title, body=words, photo_codes=[photo(li, now)], consent=True)

    here.story, here.story_out = told(wang, "从护士站到社区食堂"), told(zhao, "阳台上的菜园")
    for each in (here.story, here.story_out):
        stories.ask(each, li, now)
    read = stories.print_of(here.story_out.post)
    stories.decide(stories.find(cast.cuihu, here.story_out.id), "given", now, seen=read, by=zhao.user)
    here.story_new = told(None, "修了一辈子鞋")
    here.story_link = "/s/" + stories.link_for(told(None, "门口的早点摊"), now)


def _picks(here, cast, now):
    """Works of 王阿姨 that were picked: one she is asked about, one that is outside in three places, one to be taken down."""
    li, wang = cast.li, make.again(cast.wang)
    rose, kite, cat = (with_photos(wang, now, LONG if many else "楼下的猫又来了", many) for many in (2, 1, 0))
    for each in (rose, kite, cat):
        if each.state == "pending":
            reviews.approve(each, li, now)
    here.pick_asked = make.picked(li, rose, now, reason="光线抓得真好，大家都想知道是哪一层的阳台")
    here.pick = make.picked(li, kite, now, "article", "video", "poster", "showcase", credit="三栋爱做饭的王阿姨")
    shot = photo(li, now, 200, (675, 1200))
    make.spread(li, here.pick, now, credit="图文：三栋爱做饭的王阿姨", photo_code=shot)
    make.spread(li, here.pick, now, channel="poster", url="")
    down = make.picked(li, cat, now, "article", credit="王阿姨")
    make.spread(li, down, now)
    releases.answer(down, "withdrawn", now)


def _say(member, post, now, body, answers=None):
    return comments.say(member, post, now, body=body, op_id=secrets.token_hex(8), answers=answers)


def _inbox(here, cast, now):
    """王阿姨 has been told this and that, gets a digest, and her letter waits; 李姐 has a robot in her group."""
    for number, kind in enumerate(("talk", "review", "aid", "place")):
        sentence = "赵敏 等 3 位邻居" + "说了很长很长的一句话，一行放不下" * (1 + number)
        notices.tell([cast.wang.user], kind, sentence, "/about", now - timedelta(hours=number), key=f"{number}")
    notices.tell([cast.wang.user], "talk", "李姐评论了您的「我家的猫」", "/about", now, key="0")
    here.day = "2026-03-20"
    make.digest(cast.wang, now, [here.one, here.many, here.meetup, here.promo], [here.topic, here.topic_three])
    mailboxes.ask(cast.wang.user, "wang.a.long.name@mail.example.com", now)
    here.mail = f"/inbox/mail/{links.sign('confirm mail', cast.wang.user_id, mailboxes.of(cast.wang.user).digest)}"
    here.unsubscribe = notices.unsubscribe_path(cast.wang.user_id, "digest")
    here.unsubscribe_off = notices.unsubscribe_path(cast.zhao.user_id, "digest")
    notices.listen(cast.zhao.user_id, "digest", False)
    notices.Notice.delete().where(notices.Notice.user == cast.li.user_id).execute()
    hooks.connect(cast.li, "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7c2e-4bc4-97a0-0ec2512345ab", now)
