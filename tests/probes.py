"""What the walker sends and where: the odd values of rule G4, and every route with the fields and arguments it reads."""

import importlib
import inspect
import re
from functools import cached_property

from wtforms.fields.core import UnboundField

from web import uploads

LONG = "长" * 10_000
TEXTS = (
    "", "   ", LONG, "🏮👨‍👩‍👧", "<script>alert(1)</script>", "a\0b", "\x1b[31m\r\nx", "-1", "0", "1e309", "NaN", str(2**31),
    str(2**63), str(10**20), "１２", "²", "no-such-kind", "1999-01-01T00:00", "0001-01-01T00:00", "9999-12-31T23:59",
    "9999999999999999.9", "99999999999999999.9999999999999999~1.1", "//evil.example/", b"\xed\xa0\xbd".decode("latin-1"),
)  # fmt: skip
FEW = ("", LONG, "a\0b", "-1", str(10**20), "<script>alert(1)</script>")
PATHS = (
    "0", "-1", "1e309", "NaN", "１２", "²", str(2**31), str(2**53 - 1), str(2**53), str(2**63), str(10**20), "%00", "%ff", "a b",
    "..",
)  # fmt: skip

# A value each field takes gladly, so that one odd field at a time gets past the others.
GOOD = {
    "answer": "看过了谢谢您", "level": "hold", "thing": "post-1", "why": "ad", "words": "说明一下缘由",
    "category": "other", "note": "请大家看看这里", "link": "/n/cuihu/topics/",
    "body": "窗外的樱花开了，下楼走走", "building": "3栋", "closes_at": "2026-03-25T21:00", "code": "123456",
    "confirm": "赵敏", "consent": "y", "email": "wang@example.com", "traces": "keep",
    "greeting": "您好", "hours": "晚上", "key": "guest", "kind": "chat", "look": "elder", "name": "新邻居",
    "opens_at": "2026-03-20T13:00", "op_id": "0123456789abcdef", "password": "一句长一点的密码", "phone": "13800138000",
    "prompt": "周末去哪儿走走", "reason": "说明一下原因", "scheme": "auto", "source": "page", "state": "on", "title": "一个标题",
    "told": "talk", "visibility": "public", "choice": "wish", "minutes": "30", "position": "1",
    "webhook": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7c2e-4bc4-97a0-0ec2512345ab",
    "entries_close_at": "2026-03-28T21:00", "voting_opens_at": "2026-03-29T09:00", "voting_closes_at": "2026-04-01T21:00",
    "entries_each": "2", "choices": "1", "voters": "known", "visitors": "apart", "preset": "photo", "paper": "y",
    "until": "2026-04-03T21:00", "caption": "东门的玉兰", "spot": "东门", "signed": "小敏", "show_consent": "y",
    "sheet": "works", "order": "spot", "slip": "blank", "many": "2", "part": "1",
    "ware": "goods", "price": "30", "stock": "9", "per_person": "0", "per_household": "0", "keep_days": "14", "place": "东门驿站",
    "door": "2单元501",
    "print_consent": "y", "aid_kind": "ask", "contact": "here", "days": "14",
    "release": "given", "way": "showcase", "credit": "敏敏", "channel": "article", "url": "https://mp.weixin.qq.com/s/abc",
    "went_on": "2026-03-20", "outcome": "谢谢大家，玉兰得了最多的票", "spoiled": "1",
    "target": "topic-1", "label": "扫一扫看看", "end_reason": "海报撤下了",
    "action": "post", "allowed": "600", "daily_cap": "20", "hq_max": "20", "percent": "150", "points": "10",
    "event_kind": "gathering", "starts_at": "2026-03-22T08:00", "ends_at": "2026-03-22T10:00", "capacity": "12",
    "fee": "5", "adults": "1", "children": "0", "at": "2026-03-20T11:50", "face": "3", "wanted": "2", "hours_done": "1.5",
    "helped": "3", "queue": "3", "gifts": "9", "rhythm": "monthly", "no": "2", "scope": "one", "lesson": "下次多备两把伞",
    "room_name": "视频号：绿洲生活",
    "room_url": "https://live.example.cn/room/1", "replay_url": "https://live.example.cn/replay/1", "rain": "改到活动室里播",
    "highlights": "12:30 怎么扦插", "anonymous": "y", "step": "0", "quota": "10", "whom": "1", "guest": "1",
}  # fmt: skip
EMPTY = {
    "keeper", "word", "stream_url", "ages", "group", "counts", "names", "slips", "work",
    "active_from", "answers", "blurb", "intent", "lived", "member", "mission", "newest", "next", "own_link", "own_reason", "post",
    "phone_on_card", "photo", "promo_ok", "season", "seen", "skills", "step_photo", "story", "talks", "topic", "twin_ok", "why",
}  # fmt: skip


class Route:
    """One rule of the URL map with one method: its view, policy, arguments, and the names it reads from query and form."""

    def __init__(self, app, rule, method):
        self.rule, self.method, self.endpoint = rule, method, rule.endpoint
        self.view = app.view_functions[rule.endpoint]
        self.policy = getattr(self.view, "policy", None)
        self.module = importlib.import_module(self.view.__module__)
        self.scoped = "slug" in rule.arguments
        self.rows = sorted(rule.arguments - {"slug"})

    def __repr__(self):
        return f"{self.method} {self.rule.rule}"

    @cached_property
    def source(self):
        """The words of the view and of all that it calls in its own module, and of web/uploads.py where it takes photos."""
        source, heard = inspect.getsource(self.view), {self.view.__name__}
        while found := (set(re.findall(r"\b(\w+)\(", source)) - heard) & vars(self.module).keys():
            heard |= found
            own = [
                thing for thing in map(vars(self.module).get, found) if getattr(thing, "__module__", "") == self.module.__name__
            ]
            source += "".join(map(inspect.getsource, own))
        return source + (inspect.getsource(uploads) if "uploads." in source else "")

    def queries(self):
        return sorted({"utm", *re.findall(r'request\.(?:args|values)\.get\("(\w+)"', self.source)})

    def fields(self):
        source = self.source
        names = (
            set(re.findall(r'request\.(?:form|values)\.get(?:list)?\("(\w+)"', source)) | set(self.buttons()) | set(self.files())
        )
        for form in (vars(self.module).get(name) for name in re.findall(r"(\w+Form)\(", source)):
            names |= {field for field in dir(form) if isinstance(getattr(form, field), UnboundField)}
        return sorted(names)

    def buttons(self):
        """Fields that act by being there."""
        return re.findall(r'"(\w+)" in request\.form', self.source)

    def files(self):
        return ["file"] if "uploads.take(" in self.source else []

    def path(self, app, values):
        """Its address with these arguments; the right ones come from a World."""
        taken = {name: values[name] for name in self.rule.arguments}
        with app.test_request_context():
            return app.url_map.bind("localhost").build(self.endpoint, taken, method=self.method)

    def odd_paths(self, app, values):
        """The same address with each argument in turn replaced by something odd, as a stranger would type it."""
        good = self.path(app, values)
        for name in self.rows:
            right = f"{values[name]}"
            before, found, after = good.rpartition(right) if good.count(right) > 1 else good.partition(right)
            if found:
                yield from (before + odd + after for odd in PATHS)


def routes(app):
    """Every route of ours, whoever wrote it: a new one is walked without anybody remembering."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            found += [Route(app, rule, method) for method in sorted(rule.methods & {"GET", "POST"})]
    return sorted(found, key=repr)


def good_form(route, **values):
    """Every field with a value it takes; those of `values` instead, and a few words for a field nobody has heard of."""
    fields = set(route.fields()) - {*route.buttons(), *route.files()}
    good = dict.fromkeys(fields, "春天来了") | dict.fromkeys(EMPTY, "") | GOOD | values
    return {name: good[name] for name in fields}
