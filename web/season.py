"""What season it is: the 节气 of a day and a line to greet people with."""

from functools import lru_cache

from lunar_python import Solar

GREETINGS = {
    "立春": "东风解冻，新的一年慢慢醒来",
    "雨水": "细雨润物，出门记得带伞",
    "惊蛰": "春雷响了，虫儿醒了",
    "春分": "昼夜平分，正好出门走走",
    "清明": "草木清新，踏青正当时",
    "谷雨": "雨生百谷，阳台的菜也在长",
    "立夏": "夏天来了，和孩子称称体重",
    "小满": "麦粒渐满，日子也渐满",
    "芒种": "有收有种，忙里也歇一歇",
    "夏至": "白天最长，傍晚下楼乘凉",
    "小暑": "热起来了，给邻居留一碗绿豆汤",
    "大暑": "暑气正盛，看看楼里的老人",
    "立秋": "早晚有风，秋天的第一步",
    "处暑": "暑气散了，孩子要开学了",
    "白露": "露水凉了，添件薄衣裳",
    "秋分": "秋色正好，一起晒晒收成",
    "寒露": "天凉了，热汤最暖人",
    "霜降": "柿子红了，分邻居几个",
    "立冬": "冬天来了，炖上一锅",
    "小雪": "天冷人不冷，进屋喝口热茶",
    "大雪": "天寒地冻，问一声隔壁冷不冷",
    "冬至": "吃饺子还是汤圆？都好",
    "小寒": "一年最冷的日子，互相照应",
    "大寒": "再过几天，春天就回来了",
}


@lru_cache(maxsize=4)
def today(date):
    """(name of the running 节气, its greeting) for a day in Shanghai."""
    name = Solar.fromYmd(date.year, date.month, date.day).getLunar().getPrevJieQi(True).getName()
    return name, GREETINGS.get(name, "")
