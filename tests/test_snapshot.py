"""What every test starts from is what the rules would have made: the rows put back are the rows that were written."""

from db import people
from tests import make, snapshot


def test_rows_put_back_are_the_rows_that_were_made_and_numbers_go_on_after_them(db, now):
    def lived():
        made.append(make.staff("孙\"片'区; 100%", "district", now))
        return made[-1]

    made, scripts, next_ones = [], [], []
    for _ in range(2):
        snapshot.empty()
        given = snapshot.once("one of these", now, lived)
        scripts.append(snapshot.script())
        next_ones.append(make.staff("林总部", "hq", now).id)
        assert people.User.get_by_id(given.id).name == made[0].name == given.name
    assert len(made) == 1
    assert scripts[0] == scripts[1] and next_ones == [made[0].id + 1] * 2


def test_made_for_another_time_it_is_made_again(db, now):
    made = [snapshot.once("one of those", time, lambda time=time: [time]) for time in (1, 2)]
    assert made == [[1], [2]]
    assert snapshot.once("one of those", 2, lambda: None) == [2]
