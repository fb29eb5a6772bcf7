"""When things were said: every moment of the story counts back from the day of the seeding, in Shanghai's waking hours."""

from datetime import datetime, time, timedelta

SHANGHAI = timedelta(hours=8)
WAKE, AWAKE = 7 * 60, 16 * 60  # the 小区 is up from 07:00 to 23:00
SATURDAY = 5


class Calendar:
    """Moments relative to `now` (naive UTC, like everything it returns), and the dates that stand in the texts."""

    def __init__(self, now):
        self.now = now
        self.today = (now + SHANGHAI).date()
        self.market = self.today + timedelta(days=(SATURDAY - self.today.weekday() - 1) % 7 + 1)  # never today: it is to come
        self.opening = datetime.combine(self.market, time(8)) - SHANGHAI

    def on(self, days_ago, clock):
        """「13 days ago at 08:20」."""
        return datetime.combine(self.today - timedelta(days=days_ago), time.fromisoformat(clock)) - SHANGHAI

    def ago(self, minutes):
        """So many waking minutes before now: whenever the demo is built, nobody was up at three in the morning."""
        return self._at(self._awake(self.now) - minutes)

    def spread(self, start, minutes):
        """Moments so many waking minutes after `start`; squeezed together where they would lie in the future."""
        first = self._awake(start)
        room = max(self._awake(self.now) - first, 1)
        squeeze = min(1.0, 0.95 * room / max(minutes, default=1))
        return [max(start, self._at(first + each * squeeze)) for each in minutes]

    def words(self):
        """What {market} and the like become in the texts."""
        eve, after = self.market - timedelta(days=1), self.market + timedelta(days=1)
        return {"market": _date(self.market), "eve": _date(eve), "sunday": _date(after)}

    def _awake(self, moment):
        """Waking minutes since the beginning of time."""
        here = moment + SHANGHAI
        minute = here.hour * 60 + here.minute + here.second / 60
        return here.toordinal() * AWAKE + min(max(minute - WAKE, 0), AWAKE)

    def _at(self, awake):
        day, minute = divmod(awake, AWAKE)
        here = datetime.fromordinal(int(day)) + timedelta(minutes=WAKE + minute)
        return min(here.replace(microsecond=0) - SHANGHAI, self.now)


def _date(day):
    return f"{day.month}月{day.day}日"
