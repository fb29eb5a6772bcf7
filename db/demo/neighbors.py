"""Who lives there: every neighbour with building, face and the day they came; and the two hosts in their own words."""

from typing import NamedTuple


class Neighbor(NamedTuple):
    name: str
    building: str
    looks: str  # age and gender of the drawn face; empty: initials
    came: int  # days ago
    met: bool = True  # has the host met them? Otherwise their first posts wait


CUIHU = (
    Neighbor("李姐", "5栋", "adult f", 96),
    Neighbor("王阿姨", "3栋", "adult f", 94),
    Neighbor("赵敏", "8栋", "young f", 93),
    Neighbor("陈奶奶", "1栋", "elder f", 90),
    Neighbor("吴老师", "2栋", "elder m", 90),
    Neighbor("老周", "6栋", "elder m", 88),
    Neighbor("小林妈妈", "3栋", "young f", 85),
    Neighbor("阿杰", "7栋", "young m", 83),
    Neighbor("刘大爷", "1栋", "elder m", 80),
    Neighbor("橙子爸爸", "8栋", "adult m", 77),
    Neighbor("佳佳妈", "5栋", "adult f", 75),
    Neighbor("何医生", "4栋", "adult f", 72),
    Neighbor("老郑", "2栋", "adult m", 70),
    Neighbor("孙阿姨", "6栋", "elder f", 66),
    Neighbor("晓雯", "9栋", "young f", 61),
    Neighbor("大鹏", "9栋", "young m", 58),
    Neighbor("董师傅", "4栋", "adult m", 55),
    Neighbor("丁丁妈妈", "7栋", "adult f", 50),
    Neighbor("马叔", "10栋", "adult m", 47),
    Neighbor("苏苏", "10栋", "young f", 44),
    Neighbor("胡阿姨", "2栋", "elder f", 40),
    Neighbor("老金", "12栋", "", 37),
    Neighbor("小贝姥姥", "12栋", "elder f", 33),
    Neighbor("罗工", "3栋", "adult m", 28),
    Neighbor("阿宁", "11栋", "young f", 25),
    Neighbor("小韩", "11栋", "young m", 9, met=False),
    Neighbor("文静", "6栋", "", 6, met=False),
    Neighbor("念念", "9栋", "young f", 2, met=False),
    Neighbor("周周", "", "", 1, met=False),
)

YANGGUANGLI = (
    Neighbor("小顾", "2栋", "adult m", 74),
    Neighbor("周师傅", "1栋", "adult m", 72),
    Neighbor("钱阿姨", "3栋", "elder f", 70),
    Neighbor("潘潘", "4栋", "young f", 66),
    Neighbor("高大哥", "2栋", "adult m", 60),
    Neighbor("程奶奶", "1栋", "elder f", 57),
    Neighbor("朱老师", "3栋", "adult f", 52),
    Neighbor("毛毛爸", "4栋", "adult m", 49),
    Neighbor("小田", "5栋", "young m", 43),
    Neighbor("谢姐", "6栋", "adult f", 36),
    Neighbor("彭叔", "6栋", "elder m", 30),
    Neighbor("冬冬妈", "2栋", "young f", 24),
    Neighbor("老魏", "1栋", "", 18),
    Neighbor("阿May", "5栋", "young f", 6, met=False),
)

HOSTS = {
    "cuihu": {
        "title": "绿洲生活主理人",
        "mission": "把小区过成一个大院：有事有人帮，有喜一起乐。",
        "greeting": "我是 5 栋的李姐。进了门就是自家人，缺什么、想问什么、做了什么好吃的，都在这里说一声。",
        "story": "在翠湖住了十一年，以前在医院做后勤，管过三百张床的被子。退下来闲不住，从帮邻居收快递开始，"
        "慢慢地全院的人都认得我了。我记性好，谁家孩子芒果过敏、谁家老人腿脚不便，心里都有数。\n"
        "周三下午我在中心花园的亭子里，泡一壶茶，谁来都有一杯。",
        "skills": "阳台种菜、收纳、调解广场舞音量",
        "hours": "每天 9:00–20:00，周三下午在中心花园亭子",
    },
    "yangguangli": {
        "title": "阳光里生活顾问",
        "mission": "我想让每一扇门后面的人，都有一个可以打招呼的邻居。",
        "greeting": "我是 2 栋的小顾，在家画图、烤面包。闻到香味就来敲门，不用客气。",
        "story": "三年前搬来时谁也不认识，发烧那天是对门程奶奶端来一碗姜汤面。从那以后我就想，"
        "能不能让每个刚搬来的人，第一天就有人说一声「来啦」。\n会修电脑、会烤面包、会听人说话。",
        "skills": "面包、电脑、给老人设手机大字",
        "hours": "工作日 18:00 以后，周末全天",
    },
}
# What 李姐 signed first, before she found her own words (R15: earlier missions stay).
FIRST_MISSION = "我的使命是让每一位邻居都能享受到安心、健康、美好的生活。"
