"""Schedules and their dates as dateutil and zoneinfo have them, for agreement.rs to hold ours against: `agreement.py LAST_YEAR`.

Prints a line of JSON for each schedule: every example of RFC 5545 (3.8.5.3) that is not about hours, then thousands of random
ones, the same on every run. Up to 30 dates each, none after LAST_YEAR. It decides nothing; where dateutil is known to read the
standard otherwise than it says, it gets the same rule in words that it reads well; one fault is mended (`rebuild`).
"""

import calendar
import datetime
import itertools
import json
import random
import sys
import zoneinfo
from datetime import date, time, timedelta, timezone

from dateutil import rrule

MOST = 30
LAST_YEAR = int(sys.argv[1])
# The zones of the package tzdata, whatever the machine has.
zoneinfo.reset_tzpath(())

WEEKDAYS = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"]


def rebuild(info: rrule._iterinfo, year: int, month: int, rebuild_as_it_is=rrule._iterinfo.rebuild) -> None:
    """Marks the first days of a year with the right week, if that is last year's last one: dateutil often takes a 52nd for a 53rd,
    or the other way round (github.com/dateutil/dateutil/pull/1537)."""
    rebuild_as_it_is(info, year, month)
    if info.wnomask is None:
        return

    def place(of_year: int) -> int:
        # Where the first of January stands in its week, from 0.
        return (date(of_year, 1, 1).weekday() - info.rrule._wkst) % 7

    if place(year) > 3:
        weeks = 53 if place(year - 1) == 3 or (place(year - 1) == 2 and calendar.isleap(year - 1)) else 52
        days = 7 - place(year)
        info.wnomask[:days] = [int(weeks in info.rrule._byweekno or -1 in info.rrule._byweekno)] * days


rrule._iterinfo.rebuild = rebuild


def check_weeks() -> None:
    """Python knows the numbers of weeks that start on Monday by itself."""
    begins = datetime.datetime(2015, 1, 1)
    days = [begins + timedelta(day) for day in range(20_000)]
    for week in (1, 2, 51, 52, 53):
        found = rrule.rrule(rrule.YEARLY, dtstart=begins, until=days[-1], byweekno=week, byweekday=range(7))
        assert list(found) == [day for day in days if day.isocalendar().week == week], f"dateutil is wrong about week {week}"


def dates(first: date, rule: str) -> list[date]:
    """The first dates of a rule (its UNTIL is a date, still included) from `first` on."""
    parts = dict(part.split("=") for part in rule.split(";"))
    # Where a rule has no date, dateutil looks for one until the year that Python calls the last, whatever its UNTIL.
    datetime.MAXYEAR = LAST_YEAR
    if "UNTIL" in parts:
        datetime.MAXYEAR = min(LAST_YEAR, int(parts["UNTIL"][:4]))
        parts["UNTIL"] += "T235959"
    days = parts.get("BYDAY", "").split(",")
    if len({len(day) > 2 for day in days}) == 2:
        # dateutil wants a day to be of both kinds where 1MO and TU stand side by side; every Tuesday is also the first, the second, ...
        most = 53 if parts["FREQ"] == "YEARLY" and "BYMONTH" not in parts else 5
        counted = ([day] if len(day) > 2 else [f"{nth}{day}" for nth in range(1, most + 1)] for day in days)
        parts["BYDAY"] = ",".join(itertools.chain.from_iterable(counted))
    begins, count = first, MOST
    if parts["FREQ"] == "WEEKLY" and "BYSETPOS" in parts:
        # dateutil takes the first week's positions from `first` on, the later weeks' from their beginning.
        parts.setdefault("BYDAY", WEEKDAYS[first.weekday()])
        begins = first - timedelta((first.weekday() - WEEKDAYS.index(parts.get("WKST", "MO"))) % 7)
        count = int(parts.pop("COUNT", MOST))
    text = ";".join(f"{name}={value}" for name, value in parts.items())
    found = (at.date() for at in rrule.rrulestr(text, dtstart=datetime.datetime.combine(begins, time())))
    return list(itertools.islice((day for day in found if day >= first and day.year <= LAST_YEAR), min(count, MOST)))


def line(name: str, first: date, at: time, zone: str, rule: str) -> dict:
    found = dates(first, rule)
    # A `fold` of 0, as here, is what RFC 5545 (3.3.5) asks for: of a time that comes twice the first one, and a time that the clocks
    # skip by the offset before.
    starts = [datetime.datetime.combine(day, at, zoneinfo.ZoneInfo(zone)).astimezone(timezone.utc) for day in found]
    return {
        "name": name,
        "first": first.isoformat(),
        "time": at.strftime("%H:%M"),
        "zone": zone,
        "rule": rule,
        "dates": [day.isoformat() for day in found],
        "starts": [start.strftime("%Y-%m-%dT%H:%M:%SZ") for start in starts],
    }


# --- The standard's examples -------------------------------------------------------------------------------------------------

# What it is, the first date, the rule, and the dates that the standard lists (the year is said where it changes).
EXAMPLES = [
    ("daily for 10 occurrences", "1997-09-02", "FREQ=DAILY;COUNT=10", "1997 9/2 3 4 5 6 7 8 9 10 11 end"),
    ("daily until 24 December 1997", "1997-09-02", "FREQ=DAILY;UNTIL=19971223", "1997 9/2 3 4 5 6 7 8 9 10 11 12 13 14 15"),
    ("every other day", "1997-09-02", "FREQ=DAILY;INTERVAL=2", "1997 9/2 4 6 8 10 12 14 16 18 20 22 24 26 28 30 10/2 4 6 8"),
    ("every 10 days, 5 occurrences", "1997-09-02", "FREQ=DAILY;INTERVAL=10;COUNT=5", "1997 9/2 12 22 10/2 12 end"),
    (
        "every day in January for 3 years, yearly",
        "1998-01-01",
        "FREQ=YEARLY;UNTIL=20000131;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "1998 1/1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30",
    ),
    (
        "every day in January for 3 years, daily",
        "1998-01-01",
        "FREQ=DAILY;UNTIL=20000131;BYMONTH=1",
        "1998 1/1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30",
    ),
    ("weekly for 10 occurrences", "1997-09-02", "FREQ=WEEKLY;COUNT=10", "1997 9/2 9 16 23 30 10/7 14 21 28 11/4 end"),
    (
        "weekly until 24 December 1997",
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971223",
        "1997 9/2 9 16 23 30 10/7 14 21 28 11/4 11 18 25 12/2 9 16 23 end",
    ),
    (
        "every other week",
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
        "1997 9/2 16 30 10/14 28 11/11 25 12/9 23 1998 1/6 20 2/3 17",
    ),
    (
        "weekly on Tuesday and Thursday for five weeks, until a date",
        "1997-09-02",
        "FREQ=WEEKLY;UNTIL=19971006;WKST=SU;BYDAY=TU,TH",
        "1997 9/2 4 9 11 16 18 23 25 30 10/2 end",
    ),
    (
        "weekly on Tuesday and Thursday for five weeks, counted",
        "1997-09-02",
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        "1997 9/2 4 9 11 16 18 23 25 30 10/2 end",
    ),
    (
        "every other week on Monday, Wednesday and Friday until 24 December 1997",
        "1997-09-01",
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971223;WKST=SU;BYDAY=MO,WE,FR",
        "1997 9/1 3 5 15 17 19 29 10/1 3 13 15 17 27 29 31 11/10 12 14 24 26 28 12/8 10 12 22 end",
    ),
    (
        "every other week on Tuesday and Thursday, for 8 occurrences",
        "1997-09-02",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        "1997 9/2 4 16 18 30 10/2 14 16 end",
    ),
    (
        "monthly on the first Friday for 10 occurrences",
        "1997-09-05",
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997 9/5 10/3 11/7 12/5 1998 1/2 2/6 3/6 4/3 5/1 6/5 end",
    ),
    (
        "monthly on the first Friday until 24 December 1997",
        "1997-09-05",
        "FREQ=MONTHLY;UNTIL=19971223;BYDAY=1FR",
        "1997 9/5 10/3 11/7 12/5 end",
    ),
    (
        "every other month on the first and last Sunday of the month for 10 occurrences",
        "1997-09-07",
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997 9/7 28 11/2 30 1998 1/4 25 3/1 29 5/3 31 end",
    ),
    (
        "monthly on the second-to-last Monday of the month for 6 months",
        "1997-09-22",
        "FREQ=MONTHLY;COUNT=6;BYDAY=-2MO",
        "1997 9/22 10/20 11/17 12/22 1998 1/19 2/16 end",
    ),
    (
        "monthly on the third-to-the-last day of the month",
        "1997-09-28",
        "FREQ=MONTHLY;BYMONTHDAY=-3",
        "1997 9/28 10/29 11/28 12/29 1998 1/29 2/26",
    ),
    (
        "monthly on the 2nd and 15th of the month for 10 occurrences",
        "1997-09-02",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        "1997 9/2 15 10/2 15 11/2 15 12/2 15 1998 1/2 15 end",
    ),
    (
        "monthly on the first and last day of the month for 10 occurrences",
        "1997-09-30",
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997 9/30 10/1 31 11/1 30 12/1 31 1998 1/1 31 2/1 end",
    ),
    (
        "every 18 months on the 10th thru 15th of the month for 10 occurrences",
        "1997-09-10",
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997 9/10 11 12 13 14 15 1999 3/10 11 12 13 end",
    ),
    (
        "every Tuesday, every other month",
        "1997-09-02",
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        "1997 9/2 9 16 23 30 11/4 11 18 25 1998 1/6 13 20 27 3/3 10 17 24 31",
    ),
    (
        "yearly in June and July for 10 occurrences",
        "1997-06-10",
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997 6/10 7/10 1998 6/10 7/10 1999 6/10 7/10 2000 6/10 7/10 2001 6/10 7/10 end",
    ),
    (
        "every other year on January, February, and March for 10 occurrences",
        "1997-03-10",
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997 3/10 1999 1/10 2/10 3/10 2001 1/10 2/10 3/10 2003 1/10 2/10 3/10 end",
    ),
    (
        "every third year on the 1st, 100th, and 200th day for 10 occurrences",
        "1997-01-01",
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997 1/1 4/10 7/19 2000 1/1 4/9 7/18 2003 1/1 4/10 7/19 2006 1/1 end",
    ),
    ("every 20th Monday of the year", "1997-05-19", "FREQ=YEARLY;BYDAY=20MO", "1997 5/19 1998 5/18 1999 5/17"),
    ("Monday of week number 20", "1997-05-12", "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997 5/12 1998 5/11 1999 5/17"),
    (
        "every Thursday in March",
        "1997-03-13",
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997 3/13 20 27 1998 3/5 12 19 26 1999 3/4 11 18 25",
    ),
    (
        "every Thursday, but only during June, July, and August",
        "1997-06-05",
        "FREQ=YEARLY;BYDAY=TH;BYMONTH=6,7,8",
        "1997 6/5 12 19 26 7/3 10 17 24 31 8/7 14 21 28 1998 6/4 11 18 25 7/2 9 16 23 30 8/6 13 20 27",
    ),
    (
        "every Friday the 13th",
        "1997-09-02",
        "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13",
        "1998 2/13 3/13 11/13 1999 8/13 2000 10/13",
    ),
    (
        "the first Saturday that follows the first Sunday of the month",
        "1997-09-13",
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997 9/13 10/11 11/8 12/13 1998 1/10 2/7 3/7 4/11 5/9 6/13",
    ),
    (
        "every 4 years, the first Tuesday after a Monday in November",
        "1996-11-05",
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996 11/5 2000 11/7 2004 11/2",
    ),
    (
        "the third instance into the month of one of Tuesday, Wednesday, or Thursday, for the next 3 months",
        "1997-09-04",
        "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
        "1997 9/4 10/7 11/6 end",
    ),
    (
        "the second-to-last weekday of the month",
        "1997-09-29",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997 9/29 10/30 11/27 12/30 1998 1/29 2/26 3/30",
    ),
    (
        "weeks that start on Monday",
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO",
        "1997 8/5 10 19 24 end",
    ),
    (
        "weeks that start on Sunday",
        "1997-08-05",
        "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU",
        "1997 8/5 17 19 31 end",
    ),
    (
        "an invalid date (30 February) is ignored",
        "2007-01-15",
        "FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5",
        "2007 1/15 30 2/15 3/15 30 end",
    ),
    # The one example of 3.3.10 that is not among those of 3.8.5.3.
    (
        "the last work day of the month",
        "1997-09-30",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1",
        "1997 9/30 10/31 11/28 12/31",
    ),
]


def listed(words: str) -> tuple[list[date], bool]:
    """The dates that `1997 9/2 4 10/1 end` means, and whether those are all."""
    found, year, month = [], 0, 0
    for word in words.removesuffix(" end").split():
        if len(word) == 4 and "/" not in word:
            year = int(word)
            continue
        *months, day = word.split("/")
        month = int(months[0]) if months else month
        found.append(date(year, month, int(day)))
    return found, words.endswith(" end")


def examples():
    for name, first, rule, words in EXAMPLES:
        made = line(name, date.fromisoformat(first), time(9), "America/New_York", rule)
        wanted, all_of_them = listed(words)
        found = [date.fromisoformat(day) for day in made["dates"]]
        assert found[: len(wanted)] == wanted, f"{name}: the standard lists {wanted} and dateutil has {found}"
        assert not all_of_them or len(found) == len(wanted), f"{name}: dateutil has more than the standard: {found}"
        yield made


# --- Random schedules --------------------------------------------------------------------------------------------------------

# Those with daylight saving (now, or within the years in question), as far as they are the same in this year's database and in last year's.
ZONES = ["Europe/Lisbon", "Europe/Berlin", "America/New_York", "America/Sao_Paulo", "Australia/Lord_Howe", "Asia/Beirut", "Pacific/Apia"]
RANDOM_SCHEDULES = 10_000


def any_rule(some: random.Random, first: date) -> str:
    def signed(most: int) -> int:
        return some.randint(1, most) * some.choice((1, 1, -1))

    def several(make, most: int) -> list:
        # Most lists are short.
        return [make() for _ in range(some.choice((1, 1, 2, 3, some.randint(1, most))))]

    def chance(percent: int) -> bool:
        return some.randrange(100) < percent

    frequency = some.choice(("DAILY", "WEEKLY", "MONTHLY", "YEARLY", "YEARLY"))
    parts = {"FREQ": frequency}
    if chance(60):
        parts["INTERVAL"] = some.choice((1, 2, 2, 3, 4, some.randint(1, 30)))
    if chance(25):
        parts["BYMONTH"] = several(lambda: some.randint(1, 12), 12)
    if frequency == "YEARLY" and chance(20):
        parts["BYWEEKNO"] = several(lambda: some.choice((some.randint(1, 53), some.randint(-10, -1), 1, 52, 53, -1)), 20)
    if frequency == "YEARLY" and chance(15):
        parts["BYYEARDAY"] = several(lambda: signed(366), 40)
    if frequency != "WEEKLY" and chance(10 if "BYWEEKNO" in parts or "BYYEARDAY" in parts else 30):
        parts["BYMONTHDAY"] = several(lambda: signed(31), 12)
    if "BYWEEKNO" in parts or chance(45):
        counted = 0 if frequency in ("DAILY", "WEEKLY") or "BYWEEKNO" in parts else some.choice((0, 50, 100, 100))
        furthest = 53 if frequency == "YEARLY" and "BYMONTH" not in parts else 5
        parts["BYDAY"] = several(lambda: (str(signed(furthest)) if chance(counted) else "") + some.choice(WEEKDAYS), 7)
    if any(name.startswith("BY") for name in parts) and chance(25):
        # A day has one date, and other positions than the first and the last are often none.
        furthest = 1 if frequency == "DAILY" and not chance(5) else some.choice((1, 1, 5))
        parts["BYSETPOS"] = several(lambda: signed(furthest), 5)
    if chance(30):
        parts["WKST"] = some.choice(WEEKDAYS)
    end = some.randrange(4)
    if end == 0:
        parts["COUNT"] = some.randint(1, 60)
    elif end == 1:
        parts["UNTIL"] = (first + timedelta(some.randint(0, some.choice((100, 1000, 10_000))))).strftime("%Y%m%d")
    names = list(parts)
    some.shuffle(names)
    values = ((name, parts[name] if isinstance(parts[name], list) else [parts[name]]) for name in names)
    return ";".join(f"{name}={','.join(map(str, value))}" for name, value in values)


def any_first(some: random.Random) -> date:
    year = some.randint(2015, 2030)
    # Often at a year's edge, where weeks and years differ, and on the days that not every month or year has.
    odd = some.choice(((1, 1), (1, 2), (1, 31), (2, 28), (3, 31), (12, 29), (12, 31)))
    return date(year, *odd) if some.randrange(5) == 0 else date(year, 1, 1) + timedelta(some.randrange(365))


def is_odd(at: datetime.datetime) -> bool:
    """Whether the clocks skip that time or tell it twice."""
    return at.replace(fold=0).utcoffset() != at.replace(fold=1).utcoffset()


def odd_times(zone: str) -> list[datetime.datetime]:
    """The times, a quarter of an hour apart, that the clocks of a zone skip or tell twice, in the years in which schedules begin."""
    midnight = datetime.datetime(2015, 1, 1, tzinfo=zoneinfo.ZoneInfo(zone))
    midnights = [midnight + timedelta(days) for days in range(16 * 365)]
    changes = [one for one, next_one in itertools.pairwise(midnights) if one.utcoffset() != next_one.utcoffset()]
    # Where the clocks change at midnight, the odd hour may be the day's before.
    times = (one + timedelta(minutes=15 * quarters) for one in changes for quarters in range(-96, 96))
    return [at for at in times if is_odd(at)]


def any_schedules():
    some = random.Random(5545)
    odd_times_of = {zone: odd_times(zone) for zone in ZONES}
    odd, never = 0, 0
    for number in range(RANDOM_SCHEDULES):
        first, zone = any_first(some), some.choice(ZONES)
        at = time(some.randrange(24), some.randrange(60))
        if some.randrange(2) == 0:
            risky = some.choice(odd_times_of[zone])
            at = risky.time()
            if some.randrange(2):
                first = risky.date()
        made = line(f"random {number}", first, at, zone, any_rule(some, first))
        days = map(date.fromisoformat, made["dates"])
        odd += any(is_odd(datetime.datetime.combine(day, at, zoneinfo.ZoneInfo(zone))) for day in days)
        never += not made["dates"]
        yield made
    # A sample that misses the point would agree with anything.
    assert odd > RANDOM_SCHEDULES / 20, f"only {odd} random schedules have a start that the clocks skip or tell twice"
    assert never < RANDOM_SCHEDULES / 5, f"{never} random schedules have no date at all"


check_weeks()
for made in itertools.chain(examples(), any_schedules()):
    print(json.dumps(made))
