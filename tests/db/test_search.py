"""搜一搜: any piece of what neighbours may read is found, newest first; nothing else, and nobody else's."""

import random
from datetime import timedelta

import pytest

from db import base, indexing, merging, needs, posts, reviews, revisions, search, services
from db.base import database, writing
from db.search import PAGE, SearchEntry
from tests import make


def bodies(cast, words, now, member="zhao", **narrowed):
    """The texts of what is found, newest first."""
    who = getattr(cast, member) if member else None
    found = search.find(who.neighborhood if who else cast.cuihu, who, words, now + timedelta(seconds=1), **narrowed)
    return [posts.Post.get_by_id(int(hit.path.removeprefix("posts/"))).body for hit in found.hits]


def pieces_listed():
    """How many entries the index itself holds."""
    here = "SELECT COUNT(*) FROM search_words"
    if base.on_sqlite():
        here = "SELECT COUNT(*) FROM search_words WHERE search_words MATCH '\"1.as.\"*'"
    return database.execute_sql(here).fetchone()[0]


def test_any_one_to_four_characters_are_found_and_more(cast, now):
    body = "今早去菜场，荠菜终于上市了。WiFi 密码换成 8888"
    make.post(cast.zhao, now, body)
    for length in (1, 2, 3, 4, 6):
        for run in ("今早去菜场", "荠菜终于上市了"):
            for start in range(max(0, len(run) - length + 1)):
                assert bodies(cast, run[start : start + length], now) == [body]
    assert bodies(cast, "wifi 荠菜", now) == bodies(cast, "88", now) == bodies(cast, "场，荠", now) == [body]
    assert bodies(cast, "菜荠", now) == bodies(cast, "荠菜 馄饨", now) == bodies(cast, "场荠", now) == []


@pytest.mark.parametrize(
    ("written", "asked"),
    [("後山的麵館", "后山的面馆"), ("后山的面馆", "後山"), ("ＷｉＦｉ很慢", "wifi"), ("WIFI很慢", "ｗｉｆｉ"), ("乾隆年间", "干"),
     ("花开了🌸好看", "🌸"), ("爱你❤️", "❤"), ("C++ 谁会", "c++"), ("𫠝师傅", "𫠝师"), ("㈱会社", "株")],
)  # fmt: skip
def test_what_reads_the_same_is_found_the_same(cast, now, written, asked):
    make.post(cast.zhao, now, written)
    assert bodies(cast, asked, now) == [written]


@pytest.mark.parametrize(
    ("text", "asked", "said"),
    [("老張的麵館", "面馆", "老張的[麵館]"), ("用ＷＩＦＩ吧", "wifi", "用[ＷＩＦＩ]吧"), ("㈱会社在这", "株", "[㈱]会社在这"),
     ("花花草草", "花 草", "[花花草草]"), ("<b>粗</b>", "粗", "<b>[粗]</b>"), ("平方㎡数", "m2数", "平方[㎡数]")],
)  # fmt: skip
def test_the_word_is_marked_as_it_was_written(cast, now, text, asked, said):
    make.post(cast.zhao, now, text)
    hit = search.find(cast.cuihu, cast.zhao, asked, now).hits[0]
    assert "".join(f"[{words}]" if mark else words for words, mark in hit.excerpt) == said


def test_the_excerpt_stands_around_the_word(cast, now):
    make.post(cast.zhao, now, "一" * 300 + "\n馄饨\n" + "二" * 300, kind="howto", title="包馄饨")
    hit = search.find(cast.cuihu, cast.zhao, "馄饨", now).hits[0]
    assert hit.title == [("包", False), ("馄饨", True)]
    assert ("馄饨", True) in hit.excerpt and hit.excerpt[0] == hit.excerpt[-1] == ("…", False)
    assert sum(len(words) for words, _ in hit.excerpt) == search.EXCERPT + 2


def test_newest_first_page_by_page_nothing_twice(cast, now):
    made = [make.post(cast.li, now + timedelta(minutes=n // 3), f"第{n}条樱花") for n in range(2 * PAGE + 5)]
    seen, after = [], ""
    while True:
        found = search.find(cast.cuihu, cast.zhao, "樱花", now + timedelta(days=900), after=after)
        seen += [hit.path for hit in found.hits]
        if not (after := found.after):
            break
        assert len(found.hits) == PAGE
    assert seen == [f"posts/{post.id}" for post in reversed(made)]


def test_words_spread_over_years_are_all_found(cast, now):
    """PostgreSQL is asked in windows that grow: hours, days, weeks, a year, all."""
    days = (0, 0.4, 1, 3, 7, 20, 60, 100, 380, 500, 900, 4000)
    for back in sorted(days, reverse=True):
        make.post(cast.li, now - timedelta(days=back), f"{back}天前的荠菜")
    assert bodies(cast, "荠菜", now) == [f"{back}天前的荠菜" for back in days]


def test_guests_find_what_is_public_and_nobody_what_is_of_another_place(cast, now):
    make.post(cast.zhao, now, "公开的暗号")
    make.post(cast.li, now, "邻居的暗号", visibility="neighborhood")
    make.post(cast.wang, now, "待审的暗号")
    assert bodies(cast, "暗号", now) == ["邻居的暗号", "公开的暗号"]
    assert bodies(cast, "暗号", now, member=None) == ["公开的暗号"]
    assert bodies(cast, "暗号", now, member="zhou") == []
    assert search.find(cast.yangguangli, cast.zhou, "", now, author=cast.zhao.id).hits == []


def test_kinds_authors_and_whom_one_does_not_want_to_see(cast, now):
    make.post(cast.zhao, now, "赵敏的花")
    make.post(cast.li, now, "李姐的花", kind="howto", title="种花")
    assert bodies(cast, "花", now, kind="howto") == ["李姐的花"]
    assert bodies(cast, "花", now, author=cast.zhao.id) == bodies(cast, "", now, author=cast.zhao.id) == ["赵敏的花"]
    assert bodies(cast, "花", now, without={cast.li.id}) == ["赵敏的花"]
    assert bodies(cast, "花", now, kind="howto", author=cast.zhao.id) == []
    assert not search.find(cast.cuihu, cast.zhao, " ", now).asked


def test_only_what_everybody_may_see_is_found_at_every_step(cast, now):
    post = make.post(cast.wang, now, "第一次的馄饨")
    assert not bodies(cast, "馄饨", now)
    reviews.give_back(post, cast.li, now, "请再写清楚一些")
    revisions.edit(posts.find(cast.cuihu, post.id), cast.wang, now, body="第二次的馄饨")
    assert not bodies(cast, "馄饨", now)
    reviews.approve(posts.find(cast.cuihu, post.id), cast.li, now)
    assert bodies(cast, "第二次", now) == ["第二次的馄饨"] and not bodies(cast, "第一次", now)
    revisions.edit(posts.find(cast.cuihu, post.id), make.again(cast.wang), now, body="第三次的饺子")
    assert bodies(cast, "馄饨", now) == ["第二次的馄饨"]  # a newcomer's edit waits
    reviews.decide_edit(revisions.waiting_edit(post), cast.li, now, accept=True)
    assert bodies(cast, "饺子", now) == ["第三次的饺子"] and not bodies(cast, "馄饨", now)
    posts.withdraw(posts.find(cast.cuihu, post.id), cast.wang, now)
    assert not bodies(cast, "饺子", now)
    assert SearchEntry.select().count() == pieces_listed() == 0


def test_shops_are_found_while_they_are_in_the_directory(cast, now):
    def seen(words="修鞋"):
        return [(hit.sort, hit.path, hit.author) for hit in search.find(cast.cuihu, None, words, now).hits]

    shop = make.service(cast.wang, now, note="配钥匙也会")
    assert not seen()
    services.approve(services.find(cast.cuihu, shop.id), cast.li, now)
    assert seen() == seen("钥匙") == [("service", f"services/{shop.id}", "")]
    assert not search.find(cast.cuihu, cast.li, "", now, author=cast.wang.id).hits
    words = {"category": "repair", "name": "小李修伞", "phone": shop.phone}
    words |= dict.fromkeys(("hours", "address", "note"), "") | {"paid": False}
    services.rewrite(services.find(cast.cuihu, shop.id), cast.li, now, **words)
    assert not seen("钥匙") and len(seen("修伞")) == 1
    services.hide(services.find(cast.cuihu, shop.id), cast.li, now, "电话打不通了")
    assert not seen("修伞") and pieces_listed() == 0


def test_needs_are_found_while_they_are_on_the_wall_and_tell_no_name(cast, now):
    need = make.need(cast.zhao, now, anonymous=True)
    make.need(cast.wang, now, "想学做馄饨的老师傅")  # waits for the host
    for without in ((), {cast.zhao.id}):  # who blocks her must not learn from a gap whose it is
        hits = search.find(cast.cuihu, cast.wang, "师傅", now, without=without).hits
        assert [(hit.path, hit.author, hit.author_id) for hit in hits] == [(f"needs/{need.id}", "", None)]
    assert not search.find(cast.cuihu, cast.wang, "师傅", now, author=cast.zhao.id).hits
    needs.close(needs.find(cast.cuihu, need.id), cast.zhao, now)
    assert not search.find(cast.cuihu, cast.wang, "师傅", now).hits and pieces_listed() == 0


def test_every_kind_is_put_in_again(cast, now):
    shop, need = make.service(cast.li, now), make.need(cast.li, now, "修鞋的师傅")
    made = {"post": make.post(cast.li, now, "修鞋"), "service": shop, "need": need}
    for kind, thing in made.items():
        search.drop(kind, thing.id)
    assert pieces_listed() == 0
    assert [kind for kind, *_ in indexing.everything()] == ["post", "service", "need"]
    assert len(search.find(cast.cuihu, None, "修鞋", now).hits) == pieces_listed() == 3


def test_what_is_rolled_back_is_not_found(cast, now):
    with pytest.raises(ZeroDivisionError), writing():
        make.post(cast.zhao, now, "没有发出去的话")
        raise ZeroDivisionError
    assert not bodies(cast, "没有发", now) and pieces_listed() == 0


def test_one_who_was_two_is_found_as_one(cast, now):
    twin = make.neighbor(cast.cuihu, "赵敏", now, trusted=True)
    make.post(twin, now, "双胞胎的帖子")
    merging.merge(twin.user, cast.zhao.user, cast.li.user, now, "同一个人扫了两次")
    assert bodies(cast, "双胞胎", now, author=cast.zhao.id) == ["双胞胎的帖子"]
    assert not bodies(cast, "双胞胎", now, author=twin.id) and pieces_listed() == 1


def test_forty_things_of_one_moment_each_have_a_place(cast, now):
    with writing():
        for number in range(20):
            for kind in ("service", "need"):
                search.put(
                    kind, number, neighborhood=cast.cuihu.id, author=cast.zhao.id, text="修鞋", at=now, audience="public",
                    path=f"{kind}s/{number}",
                )  # fmt: skip
    found = search.find(cast.cuihu, None, "修鞋", now)
    rest = search.find(cast.cuihu, None, "修鞋", now, after=found.after)
    assert len({hit.path for hit in found.hits + rest.hits}) == 40 and rest.after == ""


def test_writing_at_once_keeps_everything_found(cast, now):
    def write(number):
        post = make.post(make.again(cast.li), now, f"抢着说的第{number}句")
        revisions.edit(posts.find(cast.cuihu, post.id), make.again(cast.li), now, body=f"改过的第{number}句")

    make.at_once(6, write)
    assert sorted(bodies(cast, "改过", now)) == [f"改过的第{number}句" for number in range(6)]
    assert not bodies(cast, "抢着", now) and pieces_listed() == 6


def test_reindexing_mends_and_changes_nothing_twice(cast, now):
    kept, hidden = make.post(cast.zhao, now, "找得到的樱花"), make.post(cast.li, now, "撤下的樱花")
    search.drop("post", kept.id)
    posts.Post.update(state="withdrawn").where(posts.Post.id == hidden.id).execute()
    for _ in range(2):
        assert list(indexing.everything(most=1)) == [("post", kept.id, hidden.id), ("post", hidden.id, hidden.id)]
        assert bodies(cast, "樱花", now) == ["找得到的樱花"] and pieces_listed() == 1


def test_pieces_that_are_all_there_but_not_together_are_looked_through_in_portions(cast, now, monkeypatch):
    monkeypatch.setattr(search, "BATCH", 5)
    monkeypatch.setattr(search, "ROUNDS", 1)
    make.post(cast.li, now, "天上晴空")
    make.post(cast.li, now, "今天晴")
    for _ in range(60):
        make.post(cast.li, now, "今天见，天晴了")
    found, asked = search.find(cast.cuihu, None, "今天晴", now), 1
    while found.after:
        assert not found.hits
        found, asked = search.find(cast.cuihu, None, "今天晴", now, after=found.after), asked + 1
    assert len(found.hits) == 1 and asked == 3


@pytest.mark.parametrize(("words", "code"), [("长" * 41, "too-long"), ("a\x07b", "bad-letters"), ("？！", "no-words")])
def test_what_cannot_be_looked_for_is_refused_beside_the_box(cast, now, words, code):
    with make.refused(code, 422):
        search.find(cast.cuihu, None, words, now)


def test_every_odd_cursor_is_the_first_page(cast, now):
    make.post(cast.zhao, now, "樱花")
    for after in ("x", "-1", "１２", "9" * 19, "1.5"):
        assert len(search.find(cast.cuihu, None, "樱花", now, after=after).hits) == 1


def test_a_page_costs_the_same_few_queries(cast, now, queries):
    for number in range(30):
        make.post(cast.li, now, f"樱花{number}")
    del queries[:]
    search.find(cast.cuihu, cast.zhao, "樱花", now)
    assert len(queries) == 2


def test_random_words_are_found_as_a_plain_reader_would(cast, now):
    """A reader with patience is the measure: what she finds by reading everything is found, in her order, nothing more."""
    dice = random.Random(4)
    texts = ["".join(dice.choices("花开好看，今天Aa了\n一", k=dice.randint(1, 30))) + "。" for _ in range(60)]
    for number, text in enumerate(texts):
        make.post(cast.li, now + timedelta(seconds=number), text)
    texts = [post.body for post in posts.Post.select().order_by(posts.Post.id)]
    for _ in range(60):
        word = "".join(dice.choices("花开好看今天a了一", k=dice.randint(1, 4)))
        wanted = [text for text in reversed(texts) if word in text.lower()]
        seen, after = [], ""
        while True:
            found = search.find(cast.cuihu, cast.zhao, word, now + timedelta(days=1), after=after)
            seen += [posts.Post.get_by_id(int(hit.path[6:])).body for hit in found.hits]
            if not (after := found.after):
                break
        assert seen == wanted, word
