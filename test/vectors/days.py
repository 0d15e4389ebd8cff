"""Writes days.jsonl: crontab strings and fields that name days of a month or week, and when they fire.

    python3 test/vectors/days.py

The judge walks each day of the calendar and asks what the words of docs/triggers.md say of it. Instants come from Python's zoneinfo: a
time that the clock leaves out is moved by as much as the clock, of one that it shows twice the first counts. Nothing is shared with the core.

A line is [expression or fields, zone, after, fires]: `after` is a minute since 1970, each fire so many minutes after the one before it.
"""
import calendar
import datetime as dt
import json
import pathlib
import random
from zoneinfo import ZoneInfo

ZONES = "UTC Europe/Berlin America/New_York America/St_Johns Australia/Lord_Howe America/Santiago Pacific/Chatham Asia/Kathmandu Europe/Dublin".split()
NAMES = "SUN MON TUE WED THU FRI SAT".split()
ORDINALS = "1st 2nd 3rd 4th 5th".split()
chance = random.Random(12)


def last_of(day):
    return calendar.monthrange(day.year, day.month)[1]


def weekday(day):
    """Sunday is 0."""
    return (day.weekday() + 1) % 7


def nearest(day, target):
    """The weekday nearest a day of the month, and of that month."""
    if not 1 <= target <= last_of(day):
        return False
    wanted = dt.date(day.year, day.month, target)
    if weekday(wanted) == 6:
        wanted += dt.timedelta(days=-1 if target > 1 else 2)
    elif weekday(wanted) == 0:
        wanted += dt.timedelta(days=1 if target < last_of(day) else -2)
    return day == wanted


def nth(day, number, count):
    return weekday(day) == number and (day.day - 1) // 7 + 1 == count


def last_weekday(day, number):
    return weekday(day) == number and day.day + 7 > last_of(day)


def of_month():
    n = chance.randint(1, 31)
    back = chance.randint(1, 9)
    return chance.choice([
        (f"{n}W", lambda day: nearest(day, n)),
        ("LW", lambda day: nearest(day, last_of(day))),
        (f"L-{back}", lambda day: day.day == last_of(day) - back),
        (f"L-{back}W", lambda day: nearest(day, last_of(day) - back)),
        ("L", lambda day: day.day == last_of(day)),
        (str(n), lambda day: day.day == n),
    ])


def name_of(number):
    return chance.choice([NAMES[number], NAMES[number].lower(), str(number)])


def wrapping(text):
    """Days from one to another, over Sunday where the other comes first."""
    start, length = chance.randint(1, 6), chance.randint(1, 6)
    days = [(start + index) % 7 for index in range(length + 1)]
    return text(days[0], days[-1]), lambda day: weekday(day) in days


def of_week():
    number, count = chance.randint(0, 6), chance.randint(1, 5)
    return chance.choice([
        (f"{name_of(number)}#{count}", lambda day: nth(day, number, count)),
        (f"{name_of(number)}L", lambda day: last_weekday(day, number)),
        wrapping(lambda start, end: f"{NAMES[start]}-{NAMES[end]}"),
    ])


def field_day():
    number, count, back = chance.randint(0, 6), chance.randint(1, 5), chance.randint(1, 9)
    name = NAMES[number].lower()
    return chance.choice([
        (f"last-{back}", lambda day: day.day == last_of(day) - back),
        ("last", lambda day: day.day == last_of(day)),
        (f"last {name}", lambda day: last_weekday(day, number)),
        (f"{ORDINALS[count - 1]} {name}", lambda day: nth(day, number, count)),
    ])


def listed(one):
    items = [one() for _ in range(chance.choice([1, 1, 2, 3]))]
    return ",".join(text for text, _ in items), lambda day: any(means(day) for _, means in items)


def case():
    minute, hour = chance.choice([0, 30]), chance.choice([0, 1, 2, 3, 9, 23])
    month = chance.choice([None, None, None, chance.randint(1, 12)])
    in_month = lambda day: month is None or day.month == month
    kind = chance.choice(["month", "week", "either", "fields"])
    if kind == "fields":
        text, means = listed(field_day)
        range_text, in_range = chance.choice([("*", lambda day: True), wrapping(lambda a, b: f"{NAMES[a]}-{NAMES[b]}".lower())])
        fields = {"month": month or "*", "day": text, "dayOfWeek": range_text, "hour": hour, "minute": minute}
        return fields, minute, hour, lambda day: in_month(day) and means(day) and in_range(day)
    month_text, of_month_means = listed(of_month) if kind != "week" else ("*", None)
    week_text, of_week_means = listed(of_week) if kind != "month" else ("*", None)
    either = [means for means in (of_month_means, of_week_means) if means]
    text = f"{minute} {hour} {month_text} {month or '*'} {week_text}"
    return text, minute, hour, lambda day: in_month(day) and any(means(day) for means in either)


def minutes(day, hour, minute, zone):
    local = dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=ZoneInfo(zone))
    return int(local.timestamp()) // 60


def line():
    trigger, minute, hour, means = case()
    zone = chance.choice(ZONES)
    first = dt.date(chance.randint(2023, 2044), chance.randint(1, 12), chance.randint(1, 28))
    after = minutes(first, 12, 0, zone)
    fires, at = [], after
    for number in range(-1, 800):
        day = first + dt.timedelta(days=number)
        if len(fires) < 5 and means(day):
            fire = minutes(day, hour, minute, zone)
            if fire > at:
                fires.append(fire - at)
                at = fire
    return [trigger, zone, after, fires]


lines, seen = [], set()
while len(lines) < 2000:
    made = line()
    text = json.dumps(made, separators=(",", ":"))
    # What fires on none of these days is for other tests.
    if made[3] and text not in seen:
        seen.add(text)
        lines.append(text)
pathlib.Path(__file__).with_suffix(".jsonl").write_text("\n".join(lines) + "\n")
