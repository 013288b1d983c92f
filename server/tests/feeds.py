"""What recurring_ical_events (over icalendar, dateutil and zoneinfo) finds in a calendar of ours: `feeds.py FROM TO < calendar.ics`.

Prints a line of JSON for each occurrence that starts from the date FROM on and before the date TO (both begin at midnight in UTC),
ordered by start, then by UID. A session that is cancelled by itself is an occurrence too, and says so by its status. It decides
nothing, and it does not read VTIMEZONE: icalendar takes a zone that it knows by name from the database.
"""

import json
import sys
import zoneinfo
from datetime import datetime, timezone

import recurring_ical_events
from icalendar import Calendar

# The zones of the package tzdata, whatever the machine has.
zoneinfo.reset_tzpath(())


def midnight(day: str) -> datetime:
    return datetime.strptime(day, "%Y-%m-%d").replace(tzinfo=timezone.utc)


def instant(at: datetime) -> str:
    return at.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def told(event) -> dict:
    start = event["DTSTART"].dt.astimezone(timezone.utc)
    # The library adds a DURATION on the wall clock; less the start on the same clock it is the exact one that RFC 5545 (3.3.6) means.
    duration = event["DTEND"].dt - event["DTSTART"].dt
    return {
        "uid": str(event["UID"]),
        "start": instant(start),
        "end": instant(start + duration),
        "summary": str(event.get("SUMMARY", "")),
        "location": str(event.get("LOCATION", "")),
        "status": str(event.get("STATUS", "")),
        "sequence": int(event["X-OWN-SEQUENCE"]),
    }


begins, ends = map(midnight, sys.argv[1:3])
calendar = Calendar.from_ical(sys.stdin.buffer.read())
for event in calendar.walk("VEVENT"):
    # The library gives every occurrence the highest SEQUENCE of its series.
    event["X-OWN-SEQUENCE"] = event.get("SEQUENCE", 0)

occurrences = [event for event in recurring_ical_events.of(calendar).between(begins, ends) if begins <= event["DTSTART"].dt < ends]
for line in sorted(map(told, occurrences), key=lambda line: (line["start"], line["uid"])):
    print(json.dumps(line))
