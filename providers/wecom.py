"""企业微信群机器人: short messages to a host's own group. A fixed host, bounded bytes, its own words for no (docs 91770)."""

import httpx

HOST = "https://qyapi.weixin.qq.com"
TEXT, MARKDOWN = 2048, 4096  # bytes of UTF-8
TOO_FAST = 45009
GONE = {93000, 93004, 93008}  # no such robot, taken out of its group, or stopped


class Trouble(OSError):
    """It did not go; `final` where trying again is of no use, `gone` where the robot itself is no more."""

    def __init__(self, words, *, final=False, gone=False, retry_after=None):
        super().__init__(words)
        self.final, self.gone, self.retry_after = final, gone, retry_after


def cut(text, most):
    """The text within so many bytes, cut between two characters and marked where something is missing."""
    data = text.encode()
    if len(data) <= most:
        return text
    return data[: most - len("…".encode())].decode(errors="ignore") + "…"


class Wecom:
    """Posts to one robot after another. The pace is kept by the caller, in rows (db/hooks.py)."""

    def __init__(self, base_url=HOST, client=None):
        self.base_url = base_url
        self.client = client or httpx.Client(timeout=10, follow_redirects=False)

    def send(self, key, words):
        """`words` is {"text": …, "all": whether everybody in the group is called} or {"markdown": …}; raises Trouble."""
        if "markdown" in words:
            body = {"msgtype": "markdown", "markdown": {"content": cut(words["markdown"], MARKDOWN)}}
        else:
            text = {"content": cut(words["text"], TEXT)}
            body = {"msgtype": "text", "text": text | ({"mentioned_list": ["@all"]} if words.get("all") else {})}
        try:
            answer = self.client.post(f"{self.base_url}/cgi-bin/webhook/send", params={"key": key}, json=body)
            said = answer.raise_for_status().json()
            code = int(said["errcode"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise Trouble(f"wecom: {type(error).__name__}") from None  # its words would hold the key
        if code == TOO_FAST:
            raise Trouble("wecom: too fast", retry_after=60)
        if code:
            raise Trouble(f"wecom: errcode {code}", final=code != -1, gone=code in GONE)  # -1: busy
