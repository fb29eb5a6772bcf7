"""Events for the walker's world: 赵敏's and 李姐's, in each state that an address needs."""

from datetime import timedelta

from db import (
    calendars,
    care_visits,
    checkins,
    event_photos,
    event_plans,
    events,
    live_questions,
    registrations,
    series,
    shifts,
    tastings,
)
from db.events import Event
from db.registrations import Registration
from tests import make

HOUR = timedelta(hours=1)
CODE = "123456"  # as probes.GOOD has it


def rows(cast, now, secret):
    """{endpoint: its arguments}."""
    zhao, wang = cast.zhao, cast.wang

    def made(by, kind="gathering", days=2, **state):
        event = make.event(by, now, title="一起走走", body="欢迎来", days=days, capacity=5)
        Event.update(kind=kind, **state).where(Event.id == event.id).execute()
        return events.find(by.neighborhood, event.id)

    def at(event):
        return {"event_id": event.id}

    on_now = {"starts_at": now - HOUR / 2, "ends_at": now + 2 * HOUR}
    over = {"starts_at": now - 5 * HOUR, "ends_at": now - 3 * HOUR}
    open_to_all, hers = made(cast.li), made(zhao, days=3)
    going, offered = made(cast.li), made(cast.li)
    make.registered(zhao, going, now, note=secret)
    row = make.registered(zhao, offered, now)
    Registration.update(state="offered", offer_until=now + 2 * HOUR).where(Registration.id == row.id).execute()
    running, kinds = made(zhao, **on_now), {kind: made(zhao, kind=kind, **on_now) for kind in ("tasting", "workshop")}
    waits, came, absent = (_going(member, running, now) for member in (wang, cast.chen, cast.li))
    Registration.update(code=CODE, note=secret).where(Registration.id == waits.id).execute()
    checkins.by_host(running, came, zhao, now)
    Registration.update(state="no_show").where(Registration.id == absent.id).execute()
    for event in kinds.values():
        checkins.by_host(event, _going(zhao, event, now), zhao, now)
    tastings.lay_table(kinds["tasting"], zhao, now, "赣南脐橙")
    photo = make.photo(zhao, now)
    event_photos.hang(zhao, kinds["workshop"], now, [photo.code], True)
    charity = made(zhao, kind="charity", starts_at=now + 44 * HOUR, ends_at=now + 46 * HOUR)
    make.registered(zhao, charity, now)
    shifts.ShiftPlace.delete().execute()  # nobody is on two at once, and the walker builds many worlds
    free, taken = (
        shifts.add(charity, zhao, now, role="登记", wanted=2, starts_at=start, ends_at=start + HOUR)
        for start in (charity.starts_at, charity.starts_at + HOUR)
    )
    place = shifts.sign(zhao, charity, taken, now)
    begun, past = made(zhao, kind="charity", **on_now), now - HOUR / 4
    shift = shifts.Shift.create(event=begun, role="扫地", starts_at=past, ends_at=past + HOUR, wanted=2)
    done = shifts.ShiftPlace.create(shift=shift, registration=_going(wang, begun, now), at=now)
    visit = care_visits.add(charity, zhao, now, secret)
    calendars.new_feed(zhao.user, now)
    plan = event_plans.Plan(kind="gathering", title="等着看的活动", place="东门", starts_at=now + 50 * HOUR, ends_at=None)
    review = event_plans.create(wang, now, op_id=make.secrets.token_hex(8), plan=plan)
    Event.update(state="review").where(Event.id == review.id).execute()  # the walker may have come to know her
    hidden = made(cast.li, sight="hidden", reason="先收起来")
    alone = made(zhao, kind="charity")
    unwanted = shifts.add(alone, zhao, now, role="递水", starts_at=alone.starts_at, ends_at=alone.ends_at, wanted=1)
    live, told = made(zhao, kind="live"), made(zhao, kind="live", **over)
    asked, unseen = (make.question(wang, live, now, words) for words in ("怎么扦插", secret))
    live_questions.hide(live, unseen, cast.li, now)
    weekly = made(zhao, days=5)
    series.start(weekly, zhao, now, "weekly")
    return {
        "lives.": at(live), "lives.replay": at(told), "live_questions.": at(live) | {"question_id": asked.id},
        "live_questions.show": at(live) | {"question_id": unseen.id}, "series.": at(weekly), "series.start": at(made(zhao)),
        "event_id": open_to_all.id, "events.": at(hers), "events.recap": at(made(zhao, **over)), "events.show": at(open_to_all),
        "registrations.": at(going), "registrations.ask": at(open_to_all), "registrations.register": at(open_to_all),
        "registrations.accept": at(offered), "checkins.": at(running) | {"row_id": waits.id},
        "checkins.undo": {"row_id": came.id}, "checkins.excuse": {"row_id": absent.id},
        "checkins.walk_in": {"member_id": make.neighbor(cast.cuihu, "没带手机的", now).id},
        "checkins.door": {"code": CODE}, "checkins.arrive": {"code": CODE},
        "feedbacks.": at(running),
        "tastings.": at(kinds["tasting"]) | {"item_id": tastings.items(kinds["tasting"])[0].id}, "wishes.": at(kinds["workshop"]),
        "event_photos.": at(kinds["workshop"]) | {"photo_id": event_photos.listed(kinds["workshop"])[0].id},
        "shifts.": at(charity) | {"shift_id": free.id, "place_id": place.id}, "shifts.confirm": at(begun) | {"place_id": done.id},
        "shifts.drop": at(alone) | {"shift_id": unwanted.id}, "care_visits.": at(charity) | {"visit_id": visit.id},
        "event_reviews.": at(review), "event_reviews.hide": at(open_to_all), "event_reviews.restore": at(hidden),
        "calendars.one": at(open_to_all), "calendars.mine": {"token": calendars.feed_path(zhao.user)[10:-4]},
    }  # fmt: skip


def _going(member, event, now):
    """A registration of an event that has begun already."""
    row = Registration.create(
        event=event, member=member, people=1, state="going", code=registrations.free_code(event), op_id=make.secrets.token_hex(8),
        at=now,
    )  # fmt: skip
    Event.update(taken=Event.taken + 1).where(Event.id == event.id).execute()
    return registrations.find(member.neighborhood, row.id)
