"""Writes ticks.txt: when lines of cron are due over two years, by looking at every minute of them.

    python3 ticks.py > ticks.txt

Shares nothing with what it judges but the files of the time zone database. Each line of the answer has
a zone, a line of cron, how many ticks there are, a checksum over their minutes, and the first ticks
within two days of each change of the clocks.
"""

import datetime
import pathlib
import zoneinfo

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "MartletColumnsTests" / "Zones"
ZONES = ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "Africa/Casablanca"]
LINES = [
    "0 3 * * *", "30 2 * * *", "15 2,3 * * *", "*/15 1-3 * * *", "*/15 * * * *", "30 * * * *",
    "0 0 1 * *", "59 23 * * 0", "0 12 13 * 5", "5 4 */2 * */3", "0/20 0 29 2 *", "45 1 1-7 3,10,11 7",
]
START = datetime.datetime(2023, 7, 1, tzinfo=datetime.timezone.utc)
MINUTES = 2 * 366 * 24 * 60


def numbers(field, low, high):
    admitted = set()
    for part in field.split(","):
        body, _, step = part.partition("/")
        if body == "*":
            first, last = low, high
        elif "-" in body:
            first, last = map(int, body.split("-"))
        else:
            first = int(body)
            last = high if step else first
        admitted.update(range(first, last + 1, int(step or 1)))
    return admitted


class Line:
    def __init__(self, text):
        fields = text.split()
        self.minutes = numbers(fields[0], 0, 59)
        self.hours = numbers(fields[1], 0, 23)
        self.days = numbers(fields[2], 1, 31)
        self.months = numbers(fields[3], 1, 12)
        self.weekdays = {day % 7 for day in numbers(fields[4], 0, 7)}
        self.either = fields[2][0] != "*" and fields[4][0] != "*"

    def admits(self, wall):
        if wall.minute not in self.minutes or wall.hour not in self.hours:
            return False
        if wall.month not in self.months:
            return False
        of_month = wall.day in self.days
        of_week = wall.isoweekday() % 7 in self.weekdays
        return of_month or of_week if self.either else of_month and of_week


for zone in ZONES:
    with open(FOLDER / zone, "rb") as file:
        rules = zoneinfo.ZoneInfo.from_file(file, key=zone)
    minute = datetime.timedelta(minutes=1)
    # A day more at each end, for times that lie across it.
    day = 24 * 60
    walls = [
        (START + (number - day) * minute).astimezone(rules).replace(tzinfo=None)
        for number in range(MINUTES + 2 * day)
    ]
    changes = [n for n in range(1, len(walls)) if walls[n] - walls[n - 1] != minute]
    for text in LINES:
        line = Line(text)
        ticks = set()
        if len(line.hours) == 24:
            ticks.update(n for n, wall in enumerate(walls) if line.admits(wall))
        else:
            shown = set()
            for number, wall in enumerate(walls):
                if wall not in shown and line.admits(wall):
                    ticks.add(number)
                shown.add(wall)
            for number in changes:
                skipped = walls[number - 1] + minute
                while skipped < walls[number]:
                    if line.admits(skipped):
                        ticks.add(number)
                    skipped += minute
        begin = int(START.timestamp()) // 60
        due = sorted(begin + n - day for n in ticks if day < n <= MINUTES + day)
        checksum = 0
        for number in due:
            checksum = (checksum * 1_000_003 + number) % 2**64
        near = [
            datetime.datetime.fromtimestamp(n * 60, datetime.timezone.utc).strftime("%m-%dT%H:%M")
            for change in changes[:2]
            for n in due
            if abs(n - (begin + change - day)) < 180
        ]
        print(zone, text, len(due), checksum, " ".join(near[:12]), sep="|")
