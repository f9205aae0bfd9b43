"""挂账: the unit's words, ground, review and conditions; at the right what it changes and who signs."""

from collections.abc import Iterator

from config.texts import Texts
from domain.application_sheets import Mode, SuspensionSheet
from domain.applications import Ground
from domain.ranking import Rounding, rounded
from layouts.sheets.applying import (
    asked_at,
    attachments,
    chain,
    earlier,
    limit_lines,
    opinion,
    part,
    per_cent,
    quote,
    sheet,
    signed_tick,
    spell,
)
from layouts.sheets.blocks import Block, Choice, Row, SheetView
from layouts.sheets.fields import Chips, Moment, Text
from layouts.sheets.readings import Effect, Effects, LimitLine, Limits, Note


def render(view: SuspensionSheet, texts: Texts) -> SheetView:
    return sheet(view.head, texts, _left(view, texts), _right(view, texts))


def _left(view: SuspensionSheet, texts: Texts) -> Iterator[Block]:
    head = view.head
    yield from quote(head, texts)
    choices = tuple(Choice(ground.value, part(texts, f"ground.{ground.value}")) for ground in Ground)
    days = (view.review - head.today).days
    if head.mode is not Mode.READ:
        yield Chips("ground", part(texts, "suspension.ground"), choices, view.ground)
        note = part(texts, "suspension.review_note", days=days)
        resume = "" if view.resume is None else view.resume.isoformat()
        yield Row(
            (
                Moment("review", part(texts, "suspension.review"), view.review.isoformat(), note, date_only=True),
                Moment("resume", part(texts, "suspension.resume"), resume, date_only=True),
                Text("measures", part(texts, "suspension.measures"), view.measures, longest=60),
            )
        )
    yield Limits(part(texts, "suspension.conditions"), tuple(_conditions(view, texts)))
    if head.mode is Mode.APPLY:
        yield signed_tick(head, texts)
    yield from attachments(head, texts)
    words = opinion(head, texts, required=head.mode is Mode.ENDORSE and any(not check.ok for check in view.checks))
    if words is not None:
        yield words


def _conditions(view: SuspensionSheet, texts: Texts) -> Iterator[LimitLine]:
    lines = limit_lines(view.checks, view.head, texts)
    for check, line in zip(view.checks, lines, strict=True):
        if check.rule.value == "same_place" and view.before:
            yield LimitLine(line.ok, line.label, line.value, earlier(view.before[0], texts))
        elif check.rule.value == "measures" and check.ok:
            yield LimitLine(line.ok, line.label, view.measures)
        else:
            yield line


def _right(view: SuspensionSheet, texts: Texts) -> Iterator[Block]:
    head = view.head
    note = "" if head.asked is None else part(texts, "suspension.effects_note", time=asked_at(texts, head.asked.at))
    yield Effects(part(texts, "suspension.effects"), tuple(_effects(view, texts)), note)
    yield chain(head, texts)
    yield Note(part(texts, "suspension.note_head"), part(texts, "suspension.note"))


def _effects(view: SuspensionSheet, texts: Texts) -> Iterator[Effect]:
    if view.used is not None and view.stops_at is not None:
        used, stops = (spell(texts, time) for time in (view.used, view.stops_at))
        yield Effect(
            part(texts, "suspension.clock"), part(texts, "suspension.stops", time=stops),
            part(texts, "suspension.used", time=used),
        )  # fmt: skip
    if view.stakes is not None:
        yield from _stakes(view, texts)
    yield _count(texts, "unit_count", view.unit_suspended)
    if view.rate is not None:
        yield _rate(view, texts)
    yield _count(texts, "city_count", view.city_suspended)


def _stakes(view: SuspensionSheet, texts: Texts) -> Iterator[Effect]:
    """What would change at the month's end; only what really differs."""
    stakes = view.stakes
    assert stakes is not None  # asked for only where there are some
    due = tuple(f"{count:,}" for count in stakes.closure_due)
    rates = tuple(per_cent(rate) for rate in stakes.on_time)
    scores = tuple("—" if s is None else str(rounded(s, 2, Rounding.HALF_UP)) for s in stakes.score)
    for name, (old, new) in (("closure_due", due), ("on_time", rates), ("score", scores)):
        if old != new:
            label = part(texts, "suspension.if_open", what=part(texts, f"suspension.{name}"))
            yield Effect(label, new, old)


def _count(texts: Texts, name: str, counts: tuple[int, int]) -> Effect:
    before, after = counts
    return Effect(part(texts, f"suspension.{name}"), f"{after:,}", f"{before:,}")


def _rate(view: SuspensionSheet, texts: Texts) -> Effect:
    assert view.rate is not None  # asked for only where there is one
    before, after = view.rate
    line = view.rate_line
    if line is None:
        return Effect(part(texts, "suspension.rate"), per_cent(after), per_cent(before))
    label = part(texts, "suspension.rate_line", line=per_cent(line, 0 if (line * 100).denominator == 1 else 2))
    crossed = after > line
    return Effect(label, f"▲ {per_cent(after)}" if crossed else per_cent(after), per_cent(before),
                  "warn" if crossed else "strong")  # fmt: skip
