"""Geometry of the service-level chart: a line of levels above a row of stacked bars. Lengths are SVG units."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, LEFT, RIGHT = 1260.0, 44.0, 1248.0
LEVEL_TOP, LEVEL_BOTTOM = 28.0, 124.0
BARS_TOP, BARS_BOTTOM = 168.0, 272.0
WIDEST_BAR = 34.0
MOST_LABELS = 16


@dataclass(frozen=True)
class Column:
    """One interval: its label, its level from 0 to 1 or None, and what its bar stacks from the bottom."""

    label: str
    level: float | None
    parts: Sequence[int]


@dataclass(frozen=True)
class Block:
    """A piece of a bar; `rank` is its place in the stack."""

    rank: int
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True)
class Dot:
    """A level; `text` is written beside those below the target."""

    x: float
    y: float
    is_low: bool
    text: str


@dataclass(frozen=True)
class Tick:
    """A line of the grid, or a label under a column."""

    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    """Everything a template needs to draw it."""

    blocks: list[Block]
    dots: list[Dot]
    lines: list[str]
    low_bands: list[tuple[float, float]]
    level_ticks: list[Tick]
    call_ticks: list[Tick]
    labels: list[Tick]
    target_y: float | None


def draw(columns: Sequence[Column], *, target: float | None) -> Chart:
    """The chart of these intervals; `target` from 0 to 1 draws its line and marks what is below."""
    pitch = (RIGHT - LEFT) / max(1, len(columns))
    placed = [(round(LEFT + pitch * (place + 0.5), 1), column) for place, column in enumerate(columns)]
    floor = 0.0 if any(one.level is not None and one.level < 0.5 for one in columns) or (target or 1) < 0.5 else 0.5
    top = _round_up(max((sum(one.parts) for one in columns), default=0))
    every = -(-len(columns) // MOST_LABELS) or 1
    return Chart(
        blocks=[block for x, one in placed for block in _stack(one, x, pitch, top)],
        dots=[
            Dot(x, _level_y(one.level, floor), _is_low(one, target), f"{one.level:.0%}")
            for x, one in placed
            if one.level is not None
        ],
        lines=_lines(placed, floor),
        low_bands=[(round(x - pitch / 2, 1), round(pitch, 1)) for x, one in placed if _is_low(one, target)],
        level_ticks=[Tick(_level_y(level, floor), f"{level:.0%}") for level in (floor, (floor + 1) / 2, 1.0)],
        call_ticks=[Tick(_bar_y(count, top), f"{count:g}") for count in (0, top / 2, top)],
        labels=[Tick(x, one.label) for x, one in placed[::every]],
        target_y=None if target is None else _level_y(target, floor),
    )


def _is_low(column: Column, target: float | None) -> bool:
    return target is not None and column.level is not None and column.level < target


def _lines(placed: Sequence[tuple[float, Column]], floor: float) -> list[str]:
    """Points of each unbroken stretch of the line: an interval without calls has no level to draw."""
    stretches: list[list[str]] = [[]]
    for x, one in placed:
        if one.level is None:
            stretches.append([])
        else:
            stretches[-1].append(f"{x},{_level_y(one.level, floor)}")
    return [" ".join(points) for points in stretches if len(points) > 1]


def _stack(column: Column, x: float, pitch: float, top: float) -> list[Block]:
    width, bottom, blocks = min(WIDEST_BAR, pitch * 0.6), 0, []
    for rank, part in enumerate(column.parts):
        if part:
            upper, lower = _bar_y(bottom + part, top), _bar_y(bottom, top)
            blocks.append(Block(rank, round(x - width / 2, 1), upper, round(width, 1), round(lower - upper, 1)))
        bottom += part
    return blocks


def _level_y(level: float, floor: float) -> float:
    return round(LEVEL_BOTTOM - (level - floor) / (1 - floor) * (LEVEL_BOTTOM - LEVEL_TOP), 1)


def _bar_y(count: float, top: float) -> float:
    return round(BARS_BOTTOM - count / top * (BARS_BOTTOM - BARS_TOP), 1)


def _round_up(count: int) -> float:
    """The next round number whose half is whole, for an axis to end at: 2, 4, 10, 20, 40, 100, …"""
    return next(float(digit * 10**power) for power in range(9) for digit in (2, 4, 10) if digit * 10**power >= count)
