"""Who did what with whose right, and why: lines are added and never changed (G8, S22)."""

import json

import pytest

from db import audit
from db.audit import AuditLog
from db.people import User


def _line(cast, now, **values):
    told = {"actor": cast.li.user, "now": now, "reason": "当面看过了", "neighborhood": cast.cuihu, "subject": cast.wang.user}
    audit.record("vouch", cast.wang, **(told | values))


def test_a_line_tells_who_what_when_before_after_and_why(cast, now):
    _line(cast, now, before={"role": "resident"}, after={"role": "host", "at": now})
    line = audit.latest(cast.cuihu)[0]
    assert (line.action, line.object_type, line.object_id) == ("vouch", "Membership", cast.wang.id)
    assert (line.actor.name, line.at, line.reason) == ("李姐", now, "当面看过了")
    assert json.loads(line.before) == {"role": "resident"}
    assert json.loads(line.after)["role"] == "host"


@pytest.mark.parametrize("reason", ["当面核验", "x" * 200, "  当面   核验  "])
def test_these_are_reasons(reason):
    assert 4 <= len(audit.reason_of(reason)) <= 200


@pytest.mark.parametrize("reason", ["", None, "   ", "好的吧", "a b", "x" * 201, "原因\0在此", "\n\n\n\n\n"])
def test_these_are_not_and_nothing_is_written(cast, now, reason):
    lines = AuditLog.select().count()
    with pytest.raises(audit.Refused) as met:
        _line(cast, now, reason=reason)
    assert (met.value.field, met.value.status) == ("reason", 422)
    assert AuditLog.select().count() == lines


def test_lines_are_added_and_never_changed():
    """The module offers no way to change one; whoever adds one will have to change this list."""
    own = {name for name, thing in vars(audit).items() if callable(thing) and getattr(thing, "__module__", "") == "db.audit"}
    assert own == {"AuditLog", "reason_of", "record", "latest", "about"}


def test_a_host_reads_the_lines_of_her_own_place_and_hq_all(cast, now):
    AuditLog.delete().execute()
    _line(cast, now)
    _line(cast, now, neighborhood=cast.yangguangli, reason="隔壁的事情", actor=None)
    assert [line.reason for line in audit.latest(cast.cuihu)] == ["当面看过了"]
    assert [line.reason for line in audit.latest()] == ["隔壁的事情", "当面看过了"]
    assert len(audit.latest(limit=1)) == 1


def test_one_reads_what_was_done_to_ones_own_things(cast, now):
    AuditLog.delete().execute()
    _line(cast, now)
    assert [line.reason for line in audit.about(cast.wang.user)] == ["当面看过了"]
    assert audit.about(cast.zhao.user) == []


def test_also_what_was_done_under_a_name_that_was_merged(cast, now):
    AuditLog.delete().execute()
    _line(cast, now)
    User.update(merged_into=cast.zhao.user_id).where(User.id == cast.wang.user_id).execute()
    assert [line.reason for line in audit.about(cast.zhao.user)] == ["当面看过了"]
