"""What is said in a private group: whoever does not sit in it meets it nowhere, on no route there is (docs/decisions/0022)."""

import pytest

from db import (
    comments,
    event_photos,
    events,
    group_leaders,
    group_rooms,
    group_walls,
    groups,
    picks,
    posts,
    registrations,
    reviews,
)
from db.events import Event
from tests import make, probes
from tests.blueprints import answers

SECRET = "只有组里人知道的暗号"
WORD = SECRET[2:8].encode()
LISTS = (
    "", "?tab=chat", "?tab=question", "?tab=meetup", "?tab=topic", "search?q=只有", "search?kind=meetup", "search?kind=event",
    "events/?tab=past", "events/?tab=coming", "groups/", "topics/1",
)  # fmt: skip


def room(cast, now, closed_later):
    """A private group with a post, a comment, a photo and an event that is over, all of which say the secret."""
    group = make.group(cast.zhao, cast.li, now)
    groups.InterestGroup.update(private=not closed_later).where(groups.InterestGroup.id == group.id).execute()
    group = groups.find(cast.cuihu, group.id)
    group_leaders.sit(group, cast.wang, now)
    photo = make.photo(cast.zhao, now)
    topic = make.topic(cast.li, now)
    values = {"photo_codes": [photo.code], "consent": True, "topic": topic, **group_rooms.joins(group, cast.zhao, now)}
    post = make.post(cast.zhao, now, SECRET, kind="meetup", title=SECRET, **values)
    said = comments.say(cast.wang, post, now, body=SECRET, op_id="a" * 12)
    event = make.event(cast.zhao, now, title=SECRET[:10], body=SECRET, group=group)
    registrations.register(make.again(cast.wang), event, now, op_id="b" * 12)
    if closed_later:
        picks.pick("post", posts.find(cast.cuihu, post.id), cast.li, now, "写得真好看")
        reviews.pin(posts.find(cast.cuihu, post.id), cast.li, now, "大家看看")
        began = {"starts_at": now.replace(hour=1), "ends_at": now.replace(hour=3), "state": "ongoing"}
        Event.update(**began).where(Event.id == event.id).execute()
        event = events.find(cast.cuihu, event.id)
        hung = make.photo(cast.zhao, now)
        event_photos.hang(cast.zhao, event, now, [hung.code], True)
        group_walls.close(groups.find(cast.cuihu, group.id), cast.zhao, now)
    return {
        "group_id": group.id, "post_id": post.id, "event_id": event.id, "comment_id": said.id, "thing_id": post.id,
        "what": "topics", "day": "2026-03-20", "action": "post", "verdict": "uphold", "decision": "approve",
        "code": photo.code, "width": 400, "slug": "cuihu", "member_id": cast.zhao.id, "photo_id": photo.id,
    }  # fmt: skip


def walked(app, values):
    """(route, address) of all there are: every page there is, and whatever acts on one of these."""
    for route in probes.routes(app):
        arguments = route.rule.arguments
        if route.method == "POST" and not {"post_id", "event_id", "thing_id", "code"} & arguments:
            continue
        for kind, thing in (("post", "post_id"), ("comment", "comment_id"), ("event", "event_id")):
            if kind == "event" and "any(" in route.rule.rule:
                continue  # of posts and comments only
            yield route, route.path(app, dict.fromkeys(arguments, 1) | values | {"kind": kind, "thing_id": values[thing]})
            if "thing_id" not in arguments:
                break


@pytest.mark.parametrize("closed_later", [False, True])
def test_nobody_else_meets_a_word_of_it_on_any_route(app, web, cast, now, closed_later):
    values = room(cast, now, closed_later)
    readers = {"neighbour": web.as_(cast.chen), "guest": web.guest(), "elsewhere": web.as_(cast.zhou)}
    for route, address in walked(app, values):
        for who, reader in readers.items():
            answer = reader.get(address) if route.method == "GET" else reader.post(address, {})
            assert WORD not in answer.get_data(), (who, route)
            if not {"post_id", "event_id"} & route.rule.arguments:
                continue
            hers = who == "neighbour" and route.policy in {"public", "resident"} and "group_id" not in route.rule.arguments
            assert answer.status_code in ({404} if hers else {303, 401, 403, 404}), (who, route)
    for who, reader in readers.items():
        for address in LISTS:
            assert WORD not in reader.get(f"/n/cuihu/{address}").get_data(), (who, address)
        assert reader.get(f"/n/cuihu/photos/{values['code']}/400.webp").status_code == 404


def test_its_people_read_it_in_the_room_and_on_no_list_of_the_place(web, cast, now):
    values = room(cast, now, False)
    url, post = f"/n/cuihu/groups/{values['group_id']}", f"/n/cuihu/posts/{values['post_id']}"
    for member in (cast.wang, cast.zhao, cast.li):
        reader = web.as_(member)
        assert SECRET in answers.words(reader.get(url)) and SECRET in answers.words(reader.get(post))
        assert reader.get(f"/n/cuihu/photos/{values['code']}/400.webp").status_code == 200
        assert reader.get(f"/n/cuihu/events/{values['event_id']}").status_code == 200
        for address in LISTS:
            assert WORD not in reader.get(f"/n/cuihu/{address}").get_data(), (member.name, address)
    wang = web.as_(cast.wang)
    assert wang.post(post + "/like", {"state": "on"}).status_code == 303
    group_leaders.send_away(groups.find(cast.cuihu, values["group_id"]), cast.zhao, cast.wang.id, now, "总在这里卖东西")
    assert wang.get(post).status_code == 404 and SECRET not in answers.words(wang.get(url))
    assert wang.get(f"/n/cuihu/photos/{values['code']}/400.webp").status_code == 404
