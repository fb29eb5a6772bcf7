"""同意记录: what was ticked, in which words, when."""

from db import consents, members
from db.consents import ConsentLog
from tests import make


def test_joining_is_agreed_to_once_however_often_the_form_comes(cast, now):
    ConsentLog.delete().execute()
    for _ in range(2):
        member = members.join(cast.cuihu, now, name="新邻居", consent=True, form_key="one form")
    members.join(cast.yangguangli, now, user=member.user)
    (line,) = consents.of([member.user_id])
    assert (line.what, line.at, line.neighborhood_id, line.words) == ("join", now, cast.cuihu.id, consents.WORDS["join"].words)


def test_photos_of_others_are_agreed_to_with_each_post(cast, now):
    ConsentLog.delete().execute()
    codes = [make.photo(cast.wang, now).code for _ in range(3)]
    make.post(cast.wang, now, photo_codes=codes, consent=True)
    make.post(cast.wang, now, "没有照片", consent=True)
    (line,) = consents.of([cast.wang.user_id])
    assert (line.what, line.about, line.version) == ("photos", "3 张照片", consents.WORDS["photos"].version)
