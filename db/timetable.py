"""Proof that a job ran: one row a job and slot, so that two schedulers do a thing once (S7); and the scheduler's heartbeat."""

from datetime import timedelta

from peewee import CharField, DateTimeField

from db.base import Table, writing

ALIVE = timedelta(minutes=3)


class JobRun(Table):
    job = CharField(max_length=60)
    slot = CharField(max_length=30)
    at = DateTimeField()

    class Meta:
        indexes = ((("job", "slot"), True),)


class Heartbeat(Table):
    name = CharField(max_length=20, primary_key=True)
    at = DateTimeField()


def claim(job, slot, now):
    """True for the one caller that may do this job in this slot."""
    with writing():
        return bool(JobRun.insert(job=job, slot=slot, at=now).on_conflict_ignore().as_rowcount().execute())


def claimed(job, slot):
    """Whether somebody has done this job in this slot already."""
    return JobRun.select().where((JobRun.job == job) & (JobRun.slot == slot)).exists()


def beat(now):
    """The scheduler is alive."""
    with writing():
        Heartbeat.insert(name="scheduler", at=now).on_conflict(
            conflict_target=[Heartbeat.name], preserve=[Heartbeat.at]
        ).execute()


def alive(now):
    """Whether the scheduler gave a sign of life lately (S23)."""
    last = Heartbeat.get_or_none(Heartbeat.name == "scheduler")
    return last is not None and now - last.at < ALIVE


def probe(now):
    """Write one row: the health page asks whether the database still takes what it is given."""
    with writing():
        Heartbeat.insert(name="probe", at=now).on_conflict(conflict_target=[Heartbeat.name], preserve=[Heartbeat.at]).execute()


def forget_old(now):
    """Drop what is known of slots run two weeks ago; returns how many."""
    with writing():
        return JobRun.delete().where(JobRun.at < now - timedelta(days=14)).execute()
