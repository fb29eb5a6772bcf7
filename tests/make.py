"""Short makers, one a noun; and a client that behaves like a browser with a form."""

import re
import secrets

from db import base, hosts, members, people, posts, schema, topics
from db.base import database


def empty():
    """Every table empty, fast on both databases."""
    tables = schema.tables()
    if base.on_sqlite():
        database.execute_sql("PRAGMA foreign_keys = 0")
        with database.atomic():
            for table in tables:
                table.delete().execute()
        database.execute_sql("PRAGMA foreign_keys = 1")
    else:
        names = ", ".join(f'"{table._meta.table_name}"' for table in tables)
        database.execute_sql(f"TRUNCATE {names} RESTART IDENTITY CASCADE")


def neighbor(place, name, now, *, building="", trusted=False):
    member = members.join(place, now, name=name, building=building, consent=True)
    if trusted:
        members.Membership.update(vouched_at=now).where(members.Membership.id == member.id).execute()
    return again(member)


def host(place, name, now):
    member = neighbor(place, name, now)
    members.appoint(member, "host", None, now, "测试任命主理人")
    hosts.describe(member, now, title="绿洲生活主理人", mission="我的使命是让每一位邻居都能享受到安心、健康、美好的生活。")
    return again(member)


def staff(name, office, now):
    return people.User.create(name=name, staff=office, created_at=now)


def again(member):
    """The same membership, fresh from the database."""
    return members.of(people.User.get_by_id(member.user_id), member.neighborhood)


def post(author, now, body="窗外的樱花开了", **values):
    return posts.create(author, now, op_id=secrets.token_hex(8), kind=values.pop("kind", "chat"), body=body, **values)


def topic(by, now, prompt="晒出你家的拿手菜", *, days=7):
    from datetime import timedelta

    return topics.schedule(by, now, prompt=prompt, opens_at=now, closes_at=now + timedelta(days=days))


class Browser:
    """A test client that takes the CSRF token from the last page, as a browser does with its forms."""

    def __init__(self, client):
        self.client, self.token = client, ""

    def _seen(self, response):
        found = re.search(
            r'name="csrf_token" value="([^"]+)"', response.get_data(as_text=True) if not response.is_streamed else ""
        )
        self.token = found.group(1) if found else self.token
        return response

    def get(self, path, *, part=False, **headers):
        return self._seen(self.client.get(path, headers={"HX-Request": "true", **headers} if part else headers))

    def post(self, path, data=None, *, part=False, token=True, **headers):
        if token and not self.token:
            self.get("/look")
        values = dict(data or {})
        if token:
            values["csrf_token"] = self.token
        headers = {"HX-Request": "true", **headers} if part else headers
        return self._seen(self.client.post(path, data=values, headers=headers, content_type="multipart/form-data"))


class Web:
    def __init__(self, app):
        self.app = app

    def guest(self):
        return Browser(self.app.test_client())

    def as_(self, person):
        """A browser signed in as a member or a user."""
        from db import sessions
        from web.access import Viewer, g, login_user, session

        user = getattr(person, "user", person)
        client = self.app.test_client()
        with self.app.test_request_context():
            from web.access import read_clock

            read_clock()
            token = sessions.start(user, g.now, hosting=members.hosts_anywhere(user))
            login_user(Viewer(user, 0, token))
            kept = dict(session)
        with client.session_transaction() as cookie:
            cookie.update(kept)
        return Browser(client)
