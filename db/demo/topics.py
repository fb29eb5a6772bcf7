"""The topics of both 小区: the three of every house, and the photo call for the festival. `opens`, `closes`: days ago."""

from typing import NamedTuple


class Theme(NamedTuple):
    key: str
    prompt: str
    blurb: str
    opens: int
    closes: int | None  # negative: days to come; None: on the morning of the market


TOPICS = {
    "cuihu": (
        Theme("dish", "晒出你家的拿手菜", "不用摆盘，不用滤镜，家里人抢着吃的那一道就行。", 21, 6),
        Theme("book", "分享你最近读的一本好书", "读完的、读不下去的都算。吴老师说，能让人早睡半小时的就是好书。", 13, -9),
        Theme("spring", "楼下的春天，今天到哪儿了", "随手拍、随口说都行。想参展的，请送到比赛「我眼中的春天」里。", 10, None),
        Theme("weekend", "聊聊你的周末计划", "逛市集、睡懒觉、回娘家，都说来听听，说不定就约上了。", -1, -8),
    ),
    "yangguangli": (
        Theme("weekend", "聊聊你的周末计划", "一个人的计划说出来，常常就变成一群人的了。", 6, -5),
        Theme("dish", "晒出你家的拿手菜", "阳光里会做饭的人可不少，别藏着。", 16, -3),
        Theme("book", "分享你最近读的一本好书", "朱老师出题：用一句话，骗我去读它。", -2, -16),
    ),
}
