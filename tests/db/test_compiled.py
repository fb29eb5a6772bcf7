"""A query written once as Peewee and run as text gives the very rows Peewee would give."""

from db import schema
from db.compiled import PAGE, as_row, compiled
from db.members import Membership
from db.neighborhoods import Neighborhood
from db.posts import Post
from tests import make


@compiled
def _posts(neighborhood, promo):
    wanted = (Post.neighborhood == neighborhood) & (Post.is_promo == promo)
    return Post.select().where(wanted).order_by(Post.id)


@compiled
def _names(place_ids):
    return Neighborhood.select(Neighborhood.slug).where(Neighborhood.id.in_(place_ids)).order_by(Neighborhood.id)


def test_the_rows_are_those_of_the_plain_query(cast, now):
    for words in ("一", "二", "三"):
        make.post(cast.zhao, now, words)
    make.post(cast.zhou, now, "别处的")
    plain = list(Post.select().where(Post.neighborhood == cast.cuihu.id).order_by(Post.id))
    rows = [as_row(Post, values) for values in _posts(neighborhood=cast.cuihu.id, promo=False)]
    assert [row.__data__ for row in rows] == [row.__data__ for row in plain]
    assert (rows[0].created_at, rows[0].is_promo, rows[0].comments_open) == (now, False, True)
    assert rows[0].author.name == "赵敏"


def test_the_second_run_takes_its_own_values(cast, now):
    make.post(cast.zhao, now)
    assert len(_posts(neighborhood=cast.cuihu.id, promo=False)) == 1
    assert _posts(neighborhood=cast.yangguangli.id, promo=False) == []
    assert _posts(neighborhood=cast.cuihu.id, promo=True) == []


def test_a_list_may_have_any_length_up_to_a_page(cast):
    both = [cast.cuihu.id, cast.yangguangli.id]
    assert [row[0] for row in _names(place_ids=both)] == ["cuihu", "yangguangli"]
    assert [row[0] for row in _names(place_ids=both[:1])] == ["cuihu"]
    assert _names(place_ids=[]) == []
    assert len(_names(place_ids=both + [2**40 + n for n in range(PAGE - 2)])) == 2


def test_the_query_follows_when_another_database_is_opened(cast, now, request):
    assert [row[0] for row in _names(place_ids=[cast.cuihu.id])] == ["cuihu"]
    request.getfixturevalue("empty_file")
    schema.migrate()
    only = Neighborhood.create(slug="lake", name="湖边", created_at=now)
    assert [row[0] for row in _names(place_ids=[only.id])] == ["lake"]


def test_a_row_made_from_values_can_be_asked_like_any_other(cast, now):
    values = Membership.select().where(Membership.id == cast.li.id).tuples().get()
    li = as_row(Membership, values)
    assert (li.name, li.is_host, li.neighborhood.slug) == ("李姐", True, "cuihu")
