"""选民名册: who may vote in a contest, frozen the moment its vote begins; and the keys that stand for voters on ballots.

A key is made from the house's secret, the contest's salt and the voter. The salt goes once the ballots are counted: from then
on nobody, the operator neither, can say which ballot was whose (I10).
"""

import hmac
import secrets
from functools import lru_cache

from peewee import BooleanField, Case, ForeignKeyField

from db import contests, entries, links
from db.base import Table, writing
from db.contests import Contest
from db.members import FIRST_POSTS, HOSTS, Membership
from db.people import User


class Elector(Table):
    """One neighbour on the roll of one contest."""

    contest = ForeignKeyField(Contest, backref="+", index=False)
    member = ForeignKeyField(Membership, backref="+")
    verified = BooleanField()  # known when the vote began: what she casts counts at once

    class Meta:
        indexes = ((("contest", "member"), True),)


def known():
    """The condition for neighbours somebody knows (contests.VOTERS), over Membership and User."""
    posted = (Membership.approved_posts >= FIRST_POSTS) & Membership.watched_at.is_null()
    met = Membership.vouched_at.is_null(False) | User.phone_digest.is_null(False)
    return Membership.role.in_(HOSTS) | met | posted


def yes_or_no(condition):
    """A condition as a column that can be selected, on both databases."""
    return Case(None, [(condition, True)], False)


def begin(contest, now):
    """Let the vote begin if the clock says so: works nobody has read go back, the roll is written, and nothing of either
    changes after that. Done once, whoever asks first; gives the contest as it stands."""
    with writing():
        contest = contests.taken(contest)
        if contest.state == "collecting" and contest.phase(now) not in {"coming", "collecting"}:
            contests.move(contest, "collecting", "screening")
        if contest.state != "screening" or contest.phase(now) not in {"voting", "counting"}:
            return contest
        entries.send_back_the_rest(contest, now)
        verified = yes_or_no(known()) if contest.voters == "known" else True
        here = (Membership.neighborhood == contest.neighborhood_id) & (Membership.status == "active")
        roll = Membership.select(contest.id, Membership.id, verified).join(User)
        roll = roll.where(here & (Membership.joined_at <= contest.voting_opens_at)).order_by(Membership.id)
        Elector.insert_from(roll, [Elector.contest, Elector.member, Elector.verified]).execute()
        contest.salt = _new_salt()
        contests.move(contest, "screening", "voting", salt=contest.salt)
        return contest


def of_contest(contest):
    """The roll: memberships with their people, whether or not they are still here."""
    return list(Elector.select(Elector, Membership, User).join(Membership).join(User).where(Elector.contest == contest.id))


def size(contest):
    """(so many on the roll, so many of them verified when it was written)."""
    roll = Elector.select().where(Elector.contest == contest.id)
    return roll.count(), roll.where(Elector.verified).count()


@lru_cache(16)
def _mark(key):
    """By these letters a salt remembers which secret it goes with: a secret that is replaced meanwhile makes no second voter
    of anybody."""
    return hmac.digest(key, b"which", "sha256").hex()[:8]


def _new_salt():
    return _mark(links.keys("ballots")[0]) + secrets.token_hex(28)


def word(salt, text, length=32):
    """What stands for a text in a contest: equal for equal texts, telling nothing without salt and secret."""
    key = next((key for key in links.keys("ballots") if _mark(key) == salt[:8]), None)
    if key is None:
        raise RuntimeError("the secret under which this vote began is gone: name it in LINLI_OLD_SECRET_KEYS until it is counted")
    return hmac.digest(key, f"{salt}:{text}".encode(), "sha256").hex()[:length]


def key_of(contest, *, member=None, device=None):
    """The key of a neighbour's ballot, or of a visitor's device; None before the vote and once its salt is gone."""
    if not contest.salt or contest.state not in {"voting", "counting"}:
        return None
    return word(contest.salt, f"member:{getattr(member, 'id', member)}" if member is not None else f"device:{device}")
