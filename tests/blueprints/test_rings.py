"""互相点赞的 over HTTP: HQ looks at each pair and says why it is fine."""

import pytest

from db import rings
from tests.blueprints.answers import is_whole, led_to, told_to_load, words

RINGS = "/hq/points/rings"


@pytest.fixture
def ring(cast, now):
    rings.note(cast.cuihu.id, cast.zhao.id, cast.wang.id, 9, 10, now)
    return rings.listed()[0]


@pytest.mark.parametrize("part", [False, True])
def test_a_pair_is_cleared_once_with_a_reason(web, cast, ring, part):
    lin = web.as_(cast.lin)
    said = words(lin.get(RINGS))
    assert "王阿姨" in said and "赵敏" in said and "9 次是互相的" in said and "count" in words(lin.get("/hq/points"))
    answer = lin.post(f"{RINGS}/{ring.id}/clear", {"reason": "好"}, part=part)
    assert answer.status_code == 422 and 'id="reason-error"' in words(answer) and 'value="好"' in words(answer)
    answer = lin.post(f"{RINGS}/{ring.id}/clear", {"reason": "对门的老姐妹"}, part=part)
    assert (told_to_load if part else led_to)(answer, RINGS)
    assert is_whole(lin.get(RINGS)) and "没有要看的" in words(lin.get(RINGS)) and "对门的老姐妹" in words(lin.get("/hq/"))
    assert lin.post(f"{RINGS}/{ring.id}/clear", {"reason": "再看一次"}, part=part).status_code == 409
    assert lin.post(f"{RINGS}/999/clear", {"reason": "没有这一对"}, part=part).status_code in {404, 409}


def test_for_hq_alone(web, cast, ring):
    for person in (cast.li, cast.wang, cast.sun):
        assert web.as_(person).post(f"{RINGS}/{ring.id}/clear", {"reason": "我们是好邻居"}).status_code == 403
    assert rings.count() == 1
