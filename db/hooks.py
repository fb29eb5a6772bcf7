"""企业微信群机器人: a host's own group hears that something waits for her. The key is sealed and never shown again."""

import json
import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

from peewee import BooleanField, DateTimeField, ForeignKeyField, TextField

from db import audit, limits, links, notices, outbox, phones, reviews
from db.base import Refused, Table, writing
from db.members import HOSTS, Membership
from db.neighborhoods import Neighborhood
from db.notices import SHANGHAI
from db.people import User

HOST = "qyapi.weixin.qq.com"
OFTEN = timedelta(hours=1)
AWAKE = range(8, 22)  # hours of Shanghai in which a full queue may ring


class WecomHook(Table):
    neighborhood = ForeignKeyField(Neighborhood, unique=True, backref="+")
    sealed = TextField()  # the key, which is all that tells one group's robot from another's
    created_by = ForeignKeyField(User, backref="+")
    created_at = DateTimeField()
    told_at = DateTimeField(null=True)
    paused = BooleanField(default=False)  # 企业微信 says that there is no such robot any more


def of(neighborhood):
    """The robot of this 小区, or None."""
    return WecomHook.get_or_none(WecomHook.neighborhood == neighborhood.id)


def key_in(text):
    """The key of a webhook address of 企业微信; Refused beside the field `webhook` for anything else (S20: one fixed host)."""
    try:
        url = urlsplit((text or "").strip())
        key = parse_qs(url.query).get("key", [""])[0]
        right = (url.scheme, url.netloc, url.path) == ("https", HOST, "/cgi-bin/webhook/send")
    except ValueError:
        right, key = False, ""
    if not right or not re.fullmatch(r"[A-Za-z0-9-]{20,64}", key):
        raise Refused("bad-webhook", f"请粘贴群机器人的完整地址，以 https://{HOST}/ 开头", field="webhook")
    return key


def connect(host, text, now):
    """Remember the robot behind this webhook address for the host's 小区, in place of the one before. Audited."""
    fresh = {"sealed": phones.seal(key_in(text)), "created_by": host.user_id, "created_at": now, "told_at": None, "paused": False}
    with writing():
        WecomHook.insert(neighborhood=host.neighborhood_id, **fresh).on_conflict(
            conflict_target=[WecomHook.neighborhood], update=fresh
        ).execute()
        _record("connect wecom", of(host.neighborhood), host, now, "接上企业微信群")


def remove(host, now):
    """Forget the robot of the host's 小区; what is still under way to it is not sent. A second time changes nothing. Audited."""
    with writing():
        hook = of(host.neighborhood)
        if hook and WecomHook.delete().where(WecomHook.id == hook.id).execute():
            _record("remove wecom", hook, host, now, "移除企业微信群")


def _record(action, hook, host, now, reason):
    audit.record(action, hook, actor=host.user, now=now, reason=reason, neighborhood=hook.neighborhood_id)


def test(host, now):
    """Send a hello to the group, so that the host sees it works. Refused where there is no robot."""
    hook = of(host.neighborhood)
    if hook is None:
        raise Refused("no-hook", "还没有接上企业微信群")
    with writing():
        limits.spend("wecom-test", f"hook {hook.id}", now)
        _put(hook, {"text": f"{host.neighborhood.name}的邻里客厅接上了。有内容等主理人看的时候，会在这里说一声。"}, now)


def urgent(neighborhood, text, now):
    """Tell the group of this 小区 at once, in the caller's transaction; whether there is a group to tell."""
    hook = of(neighborhood)
    if hook is None or hook.paused:
        return False
    url = links.absolute(f"/n/{neighborhood.slug}/desk/")
    _put(hook, {"text": f"【请马上看】{neighborhood.name}：{text}\n{url}", "all": True}, now)
    return True


def tell_waiting(now):
    """Where something waits for the host, say so in her group, once an hour at most and not at night; returns how many
    groups (the clock calls it)."""
    if (now + SHANGHAI).hour not in AWAKE:
        return 0
    rested = WecomHook.told_at.is_null() | (WecomHook.told_at <= now - OFTEN)
    told = 0
    for hook in list(WecomHook.select(WecomHook, Neighborhood).join(Neighborhood).where((WecomHook.paused == False) & rested)):  # noqa: E712
        with writing():
            count = reviews.count_waiting(hook.neighborhood)
            if count and WecomHook.update(told_at=now).where((WecomHook.id == hook.id) & rested).execute():
                url = links.absolute(f"/n/{hook.neighborhood.slug}/desk/")
                words = f"**{hook.neighborhood.name}** 有 {count} 条内容等您看\n[打开工作台]({url})"
                _put(hook, {"markdown": words}, now)
                told += 1
    return told


def _put(hook, words, now):
    outbox.put("wecom", str(hook.id), json.dumps(words, ensure_ascii=False), now, now + OFTEN)


def carry(to, text, now, send):
    """Carry one message of the outbox to its group through `send(key, words)`, no faster than 企业微信 takes them.

    A group that is gone, or a robot that 企业微信 does not know any more (`gone` on its error), is not tried again."""
    hook = WecomHook.get_or_none(WecomHook.id == int(to))
    if hook is None or hook.paused:
        raise outbox.Never("no such hook")
    try:
        limits.spend("wecom", f"hook {hook.id}", now)
    except Refused as wait:
        raise outbox.Later(wait.retry_after) from wait
    try:
        send(phones.unseal(hook.sealed), json.loads(text))
    except OSError as trouble:
        if getattr(trouble, "gone", False):
            _pause(hook, now)
        raise


def _pause(hook, now):
    """Nobody hears this robot any more: its hosts are told, once."""
    with writing():
        same = (WecomHook.id == hook.id) & (WecomHook.sealed == hook.sealed) & (WecomHook.paused == False)  # noqa: E712
        if WecomHook.update(paused=True).where(same).execute():
            place = hook.neighborhood
            here = (Membership.neighborhood == place.id) & (Membership.status == "active") & Membership.role.in_(HOSTS)
            hosts = [member.user_id for member in Membership.select(Membership.user).where(here)]
            sentence = "企业微信群收不到提醒了，请重新贴一次机器人的地址"
            notices.tell(hosts, "desk", sentence, f"/n/{place.slug}/desk/wecom", now, neighborhood=place)
