"""延期: the unit's words, how much is granted, and the deadline's arithmetic; at the right limits and consequences."""

from collections.abc import Iterator

from config.texts import Texts
from domain.application_sheets import ExtensionSheet, Mode
from domain.applications import in_words
from domain.deadlines import WORKING_UNITS, Limit, LimitUnit, Step
from layouts.sheets.applying import (
    attachments,
    chain,
    clock,
    limit_lines,
    moment,
    month,
    opinion,
    part,
    quote,
    sheet,
    signed_tick,
    spell,
    time_of_day,
    weekday,
)
from layouts.sheets.blocks import Block, Choice, SheetView, Tone
from layouts.sheets.fields import Chips, Text
from layouts.sheets.readings import Arithmetic, Effect, Effects, Limits, Sum, Warning

CUSTOM = "custom"


def render(view: ExtensionSheet, texts: Texts) -> SheetView:
    error = view.error or (part(texts, "extension.no_limit") if view.most is None else "")
    given = {"by": str(view.by)} if view.by else {}
    return sheet(view.head, texts, _left(view, texts), _right(view, texts), error, given)


def _left(view: ExtensionSheet, texts: Texts) -> Iterator[Block]:
    head = view.head
    yield from quote(head, texts)
    if view.most is None:
        yield Warning(part(texts, "extension.no_limit"))
    elif head.mode is not Mode.READ:
        yield from _amount(view, view.most, texts)
    yield from _sums(view, texts)
    if head.mode is Mode.APPLY:
        yield signed_tick(head, texts)
    yield from attachments(head, texts)
    words = opinion(head, texts, required=_wants_reason(view))
    if words is not None:
        yield words


def _wants_reason(view: ExtensionSheet) -> bool:
    return view.head.mode is Mode.ENDORSE and any(not check.ok and not check.hard for check in view.checks)


def _amount(view: ExtensionSheet, most: Limit, texts: Texts) -> Iterator[Block]:
    apply = view.head.mode is Mode.APPLY
    choices = [Choice(str(limit), in_words(limit)) for limit in view.offers]
    choices.append(Choice(CUSTOM, part(texts, "extension.custom")))
    label = part(texts, "extension.amount_asked" if apply else "extension.amount")
    hint = part(texts, "extension.apply_hint") if apply else part(texts, "extension.amount_hint", most=in_words(most))
    asked = str(view.by) if view.by in view.offers else CUSTOM
    chosen = view.head.fields.get("choice", asked)
    other = chosen == CUSTOM
    yield Chips("choice", label, tuple(choices), chosen, hint, error="" if other else view.error)
    if other:
        value = view.head.fields.get(CUSTOM, "")
        words = part(texts, "extension.custom_hint")
        yield Text(CUSTOM, part(texts, "extension.custom_label"), value, words, error=view.error if value else "")


def _sums(view: ExtensionSheet, texts: Texts) -> Iterator[Block]:
    sums = view.arithmetic
    if sums.limit is None or sums.due is None:
        return
    rows = [_sum(step, texts) for step in sums.steps]
    total = sums.steps[-1].total if sums.steps else sums.limit.amount
    key, words = "limit_line", {"limit": in_words(sums.limit), "due": moment(texts, sums.due)}
    if sums.limit.unit is LimitUnit.WORK_DAYS:
        key, words = "limit_line_days", words | {"hours": _hours(sums.limit)}
    rows.append(Sum(part(texts, f"extension.{key}", **words), "", clock(total), ruled=True))
    if sums.new_due is not None and sums.added is not None:
        rows += [_sum(step, texts) for step in sums.more_steps]
        new = part(texts, "extension.new_line", due=moment(texts, sums.new_due))
        rows.append(Sum(new, "", f"+{clock(sums.added.amount)}", ruled=True))
    yield Arithmetic(part(texts, "extension.sum_title"), tuple(rows), _calendar(view, texts))
    if sums.provisional:
        yield Warning(part(texts, "extension.provisional"))


def _sum(step: Step, texts: Texts) -> Sum:
    start, end = step.start, step.end
    span = part(
        texts, "span", month=month(texts, start), day=start.day, weekday=weekday(texts, start),
        start=time_of_day(start), end=time_of_day(end) if end.date() == start.date() else moment(texts, end),
    )  # fmt: skip
    return Sum(span, clock(step.counted), clock(step.total))


def _calendar(view: ExtensionSheet, texts: Texts) -> str:
    if view.calendar_year is None:
        return part(texts, "extension.sum_note_plain")
    return part(texts, "extension.sum_note", periods="，".join(view.periods), year=view.calendar_year)


def _right(view: ExtensionSheet, texts: Texts) -> Iterator[Block]:
    head = view.head
    if view.checks:
        yield Limits(part(texts, "limits"), limit_lines(view.checks, head, texts, _unit(view, texts)))
    if view.new_left is not None and view.left is not None:
        rows = [Effect(part(texts, "extension.effect_case"), *_states(view, texts))]
        before, after = view.extended
        if after != before:
            rows.append(Effect(part(texts, "extension.effect_unit"), f"{after:,}", f"{before:,}"))
        rows.append(Effect(part(texts, "extension.effect_on_time"), part(texts, "extension.effect_on_time_value")))
        yield Effects(part(texts, "extension.effects"), tuple(rows))
    yield chain(head, texts)


def _states(view: ExtensionSheet, texts: Texts) -> tuple[str, str, Tone]:
    """The new state, the old one, and how the new one is toned: granted and still late stays coral."""
    assert view.left is not None  # asked for only where both are known
    assert view.new_left is not None
    old, new = (
        part(texts, "extension.left" if left.total_seconds() >= 0 else "extension.over", time=spell(texts, left))
        for left in (view.left, view.new_left)
    )
    return new, old, "strong" if view.new_left.total_seconds() >= 0 else "alarm"


def _unit(view: ExtensionSheet, texts: Texts) -> str:
    working = view.most is not None and view.most.unit in WORKING_UNITS
    return part(texts, "hours_working" if working else "hours")


def _hours(limit: Limit) -> str:
    return f"{limit.amount.total_seconds() / 3600:g}"
