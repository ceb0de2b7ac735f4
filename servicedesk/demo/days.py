"""When calls came: busy Mondays, a lunch dip, a short-staffed afternoon, fewer the longer ago."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from math import exp, log
from random import Random
from zoneinfo import ZoneInfo

# The last days are played in full; the weeks before them are echoes of the first seven of these.
PLAYED_DAYS = 9
PLAYED = timedelta(days=PLAYED_DAYS)
WEEK = timedelta(weeks=1)
HISTORY_WEEKS = 55
RECENT_WEEKS = 9.0
OLD_SHARE = 0.09
WEEKDAYS = (1.4, 1.15, 1.05, 1.0, 0.95, 0.45, 0.25)
HOURS = (
    0.05, 0.04, 0.03, 0.03, 0.04, 0.08, 0.2, 0.5, 1.4, 2.2, 2.4, 2.0,
    0.9, 1.1, 1.9, 2.0, 1.7, 1.1, 0.5, 0.35, 0.25, 0.18, 0.12, 0.08,
)  # fmt: skip
TODAY_SHARE = 0.3
JUST_NOW = timedelta(minutes=45)
# Nothing begins so late that it could not be over, written up and filed by now.
SETTLED = timedelta(minutes=4)
MEDIAN_TALK_S, LONGEST_TALK_S = 250, 1500


def moments(rng: Random, *, now: datetime, zone: ZoneInfo, count: int) -> list[datetime]:
    """`count` aware moments of the played days, in order, some of them within the last hour."""
    today = now.astimezone(zone).date()
    slots = [(today - timedelta(days=age), hour) for age in range(PLAYED_DAYS, 0, -1) for hour in range(24)]
    weights = [WEEKDAYS[day.weekday()] * HOURS[hour] for day, hour in slots]
    of_today = round(count * TODAY_SHARE)
    found = [_within(rng, *slots[place], zone) for place in spread(rng, weights, count - of_today)]
    return sorted(found + [_today(rng, now, zone, just_now=3 * number < of_today) for number in range(of_today)])


def spread(rng: Random, weights: Sequence[float], count: int) -> Iterator[int]:
    """`count` places, as even as the weights allow: few draws show their shape as well as many."""
    step = sum(weights) / max(1, count)
    reached, place = rng.random() * step, 0
    passed = weights[0]
    for _draw in range(count):
        while passed <= reached and place < len(weights) - 1:
            place += 1
            passed += weights[place]
        yield place
        reached += step


def is_echoed(moment: datetime, *, now: datetime) -> bool:
    """Whether the moment lies in the week that the weeks before repeat."""
    return now - PLAYED <= moment < now - PLAYED + WEEK


def weeks_back(moment: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    """The same local time so many weeks before."""
    wall_clock = moment.astimezone(zone).replace(tzinfo=None) - weeks * WEEK
    return wall_clock.replace(tzinfo=zone).astimezone(moment.tzinfo)


def echo_share(weeks: int) -> float:
    """How much of the played week came so many weeks before."""
    return OLD_SHARE + (1 - OLD_SHARE) * exp(-weeks / RECENT_WEEKS)


def talk_seconds(rng: Random) -> int:
    """How long people talk: log-normal, half of them less than 4:10, none longer than 25 minutes."""
    return min(LONGEST_TALK_S, max(35, round(exp(rng.gauss(log(MEDIAN_TALK_S), 0.75)))))


def wait_seconds(rng: Random, moment: datetime, *, now: datetime, zone: ZoneInfo) -> int:
    """How long people wait: exponential, and far longer in the two hours when the desk was short of staff."""
    return 2 + round(rng.expovariate(1 / (75 if is_short_staffed(moment, now=now, zone=zone) else 12)))


def is_short_staffed(moment: datetime, *, now: datetime, zone: ZoneInfo) -> bool:
    """Last Wednesday from two to four in the afternoon."""
    local, present = moment.astimezone(zone), now.astimezone(zone)
    since_wednesday = (present.weekday() - 2) % 7 or 7
    return local.date() == present.date() - timedelta(days=since_wednesday) and 14 <= local.hour < 16


def next_call_time(rng: Random, since: datetime, *, days: float, zone: ZoneInfo) -> datetime:
    """A likely time to call again, within so many days after `since`."""
    day = (since + timedelta(days=rng.random() * days)).astimezone(zone).date()
    moment = _moment(rng, day, zone)
    return moment if moment > since else since + timedelta(minutes=rng.randrange(25, 180))


def _moment(rng: Random, day: date, zone: ZoneInfo) -> datetime:
    return _within(rng, day, rng.choices(range(24), HOURS)[0], zone)


def _within(rng: Random, day: date, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour, rng.randrange(60), rng.randrange(60)), zone)


def _today(rng: Random, now: datetime, zone: ZoneInfo, *, just_now: bool) -> datetime:
    """Some within the last three quarters of an hour, the others since midnight by the usual hours."""
    latest = now - SETTLED
    if just_now:
        return latest - JUST_NOW * rng.random()
    midnight = datetime.combine(now.astimezone(zone).date(), time(), zone)
    open_hours = [hour for hour in range(24) if midnight + timedelta(hours=hour) < latest] or [0]
    hour = rng.choices(open_hours, [HOURS[hour] for hour in open_hours])[0]
    moment = midnight + timedelta(hours=hour, seconds=rng.randrange(3600))
    return moment if moment <= latest else latest - JUST_NOW * rng.random()
