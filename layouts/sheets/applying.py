"""What the sheets of 延期, 挂账 and 申诉 share: the quote, limits, signatures, buttons, and how times are said."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction

from config.texts import Texts
from domain.application_sheets import Before, Mode, SheetHead, Signature
from domain.applications import Check, Kind, Rule
from domain.ranking import Rounding, rounded
from layouts.formats import duration
from layouts.sheets.blocks import Block, Button, Choice, SheetView, Tone
from layouts.sheets.fields import Check as Tick
from layouts.sheets.fields import Select, Text
from layouts.sheets.readings import Chain, ChainLine, LimitLine, Quote

LONGEST = 300  # of an opinion
SCALE = Fraction(3, 2)  # a ratio's bar reaches so many times its ceiling, so that a crossed one is seen
HOUR = timedelta(hours=1)
SWITCHES = {Kind.EXTENSION: "suspension_instead", Kind.SUSPENSION: "extension_instead"}


def part(texts: Texts, key: str, **values: object) -> str:
    return texts(f"applications.{key}", **values)


# How times are said


def asked_at(texts: Texts, at: datetime) -> str:
    return part(texts, "asked_at", month=month(texts, at), day=at.day, time=f"{at:%H:%M}")


def moment(texts: Texts, at: datetime) -> str:
    """5月19日 周二 14:57:55."""
    time = f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    return part(texts, "moment", month=month(texts, at), day=at.day, weekday=weekday(texts, at), time=time)


def whole_day(texts: Texts, day: date) -> str:
    return part(texts, "day", month=month(texts, day), day=day.day, weekday=weekday(texts, day))


def month(texts: Texts, day: date) -> str:
    return texts("clock.months").split()[day.month - 1]


def weekday(texts: Texts, day: date) -> str:
    return texts("clock.weekdays").split()[day.weekday()]


def time_of_day(at: datetime) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def clock(amount: timedelta) -> str:
    """3:02:05, as sums of working time are written."""
    seconds = round(amount.total_seconds())
    return f"{seconds // 3600}:{seconds // 60 % 60:02d}:{seconds % 60:02d}"


def spell(texts: Texts, amount: timedelta) -> str:
    return duration(int(abs(amount) / timedelta(minutes=1)), texts)


def per_cent(share: Fraction | None, places: int = 2) -> str:
    """A share of 0…1; a round one without decimals."""
    if share is None:
        return "—"
    if (share * 100).denominator == 1 and places == 0:
        return f"{share * 100}%"
    return f"{rounded(share * 100, places, Rounding.HALF_UP)}%"


def decimal(value: Fraction, places: int = 2) -> str:
    """0.75, 1, 2.5: without nothing behind the point."""
    text = str(rounded(value, places, Rounding.HALF_UP))
    return text.rstrip("0").rstrip(".") if "." in text else text


# What every sheet has


def quote(head: SheetHead, texts: Texts) -> tuple[Quote, ...]:
    """The application in the unit's own words."""
    asked = head.asked
    if asked is None:
        return ()
    words = [part(texts, "asked", unit=asked.unit, at=asked_at(texts, asked.at))]
    if head.kind is not Kind.APPEAL:
        words.append(part(texts, "signed" if asked.signed else "not_signed"))
    if asked.attachments:
        words.append(part(texts, "attachments", count=asked.attachments))
    if asked.written_by:
        words.append(part(texts, "written_by", name=asked.written_by))
    return (Quote(_joined(texts).join(words), asked.reason),)


def _joined(texts: Texts) -> str:
    return "，" if texts.language == "zh" else ", "


def opinion(head: SheetHead, texts: Texts, required: bool = False) -> Text | None:
    """Reason of an application, opinion of a decision; None for who only reads."""
    if head.mode is Mode.READ:
        return None
    if head.mode is Mode.APPLY:
        value = head.fields.get("reason", "")
        return Text("reason", part(texts, "reason"), value, rows=4, longest=LONGEST, required=True)
    hint = "" if required else part(texts, "opinion_refuse")
    value = head.fields.get("note", "")
    return Text("note", part(texts, "opinion"), value, hint, rows=4, longest=LONGEST, required=required)


def signed_tick(head: SheetHead, texts: Texts) -> Tick:
    ticked = head.fields.get("signed", "").lower() == "true"
    return Tick("signed", part(texts, "head_signed"), ticked, part(texts, "head_signed_line"))


def attachments(head: SheetHead, texts: Texts) -> tuple[Select, ...]:
    """The case's photos, to be attached as proof; none where it has none."""
    if head.mode is not Mode.APPLY or not head.photos:
        return ()
    found = tuple(
        Choice(str(number), part(texts, "photo", number=number, kind=part(texts, f"photos.{kind}")))
        for number, kind in head.photos
    )
    value = head.fields.get("attachments", "")
    return (Select("attachments", part(texts, "attach"), found, value, part(texts, "attach_hint"), many=True),)


def chain(head: SheetHead, texts: Texts, note: str = "") -> Chain:
    return Chain(part(texts, "chain.title"), tuple(_signature(s, head, texts) for s in head.chain), note)


def _signature(signature: Signature, head: SheetHead, texts: Texts) -> ChainLine:
    label = part(texts, f"chain.{signature.step}")
    tone: Tone = "muted"
    if signature.current:
        value, tone = part(texts, "chain.current", name=signature.name), "strong"
    elif signature.step == "head":
        known = signature.at is not None
        key = "signed" if known else "unsigned" if head.asked else "waiting"
        value = part(texts, f"chain.{key}", **({"time": f"{signature.at:%H:%M}"} if known else {}))
    elif signature.at is not None:
        value = part(texts, "chain.by", name=signature.name, time=f"{signature.at:%H:%M}")
    else:
        value = part(texts, "chain.waiting")
    return ChainLine(label, value, tone)


def buttons(head: SheetHead, texts: Texts, error: str = "") -> tuple[Button, ...]:
    found = []
    if head.may_refuse:
        found.append(Button("refuse", part(texts, "button.refuse"), "Ctrl Back"))
    if head.may_switch:
        found.append(Button(SWITCHES[head.kind], part(texts, f"{head.kind}.switch")))
    if head.mode is Mode.READ:
        return (Button("close", part(texts, "button.close"), "Esc", primary=True),)
    label = {Mode.APPLY: "submit", Mode.ENDORSE: "endorse", Mode.DECIDE: "decide"}[head.mode]
    why_not = head.why_not or error
    found.append(Button("submit", part(texts, f"button.{label}"), "Ctrl Enter", primary=True, why_not=why_not))
    return tuple(found)


def foot(head: SheetHead, texts: Texts) -> str:
    place, total = head.place_in_line
    if head.mode is Mode.APPLY:
        return part(texts, "foot.apply")
    if head.mode is Mode.READ or not place:
        return part(texts, "foot.read" if head.mode is Mode.READ else "foot.clock")
    return part(texts, "foot.line", place=place, total=total)


def sheet(
    head: SheetHead,
    texts: Texts,
    left: Iterable[Block],
    right: Iterable[Block],
    error: str = "",
    given: Mapping[str, str] | None = None,
) -> SheetView:
    """The whole sheet. The act is also told which of the waiting applications is meant, and what is `given`."""
    meant = {"kind": head.kind.value} | {name: head.fields[name] for name in ("instead_of",) if name in head.fields}
    meant |= {"unit": head.of_unit} if head.of_unit else {}
    title = "apply_title" if head.mode is Mode.APPLY else "title"
    unit = head.unit or part(texts, "nobody")
    return SheetView(
        kind=head.kind.value,
        title=part(texts, f"{head.kind}.{title}"),
        lines=(part(texts, "place", category=head.category, place=head.place),
               part(texts, "line", case_no=head.case_no, unit=unit)),
        left=tuple(left),
        right=tuple(right),
        foot=foot(head, texts),
        buttons=buttons(head, texts, error),
        case_no=head.case_no,
        version=head.version,
        action=head.action,
        given={**meant, **(given or {})},
    )  # fmt: skip


# Limits


def limit_lines(checks: tuple[Check, ...], head: SheetHead, texts: Texts, hours: str = "") -> tuple[LimitLine, ...]:
    """The limits in words, each with its value; `hours` names the unit in which added time is counted."""
    return tuple(LINES[check.rule](check, head, texts, hours) for check in checks if check.rule in LINES)


def _factor(check: Check, _head: SheetHead, texts: Texts, hours: str) -> LimitLine:
    ceiling = check.ceiling or Fraction(1)
    amounts = {"part": decimal(check.part), "whole": decimal(check.whole), "before": decimal(check.earlier)}
    line = part(texts, "rule.factor_line", unit=hours, **amounts)
    value = check.value or Fraction()
    return LimitLine(
        check.ok, part(texts, "rule.factor", ceiling=decimal(ceiling)),
        part(texts, "rule.factor_value", value=decimal(value)), line, share=_bar(value / ceiling), tick=1.0,
    )  # fmt: skip


def _share(check: Check, _head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    ceiling = check.ceiling or Fraction(1)
    scale, value = ceiling * SCALE, check.value or Fraction()
    words = {"part": f"{int(check.part):,}", "whole": f"{int(check.whole):,}", "scale": per_cent(scale, 0)}
    return LimitLine(
        check.ok, part(texts, "rule.share", ceiling=per_cent(ceiling, 0)), per_cent(check.value),
        part(texts, "rule.share_line", **words), share=_bar(value / scale), tick=float(1 / SCALE),
    )  # fmt: skip


def _before_due(check: Check, head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    key = "before_due_value" if check.ok else "before_due_late"
    line = ""
    if head.asked is not None and check.ok:
        line = part(texts, "rule.before_due_line", time=f"{head.asked.at:%H:%M}")
    elif not check.ok and not check.hard:
        line = part(texts, "rule.before_due_soft")
    value = part(texts, f"rule.{key}", time=spell(texts, check.spare))
    return LimitLine(check.ok, part(texts, "rule.before_due"), value, line)


def _times(check: Check, _head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    label = part(texts, "rule.times_first" if not check.part else "rule.times")
    value = part(texts, "rule.times_value", part=int(check.part), whole=int(check.whole))
    return LimitLine(check.ok, label, value, part(texts, "rule.times_line", whole=int(check.whole)))


def _grounds(check: Check, _head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    value = part(texts, "rule.grounds_value", part=int(check.part)) if check.ok else part(texts, "rule.grounds_none")
    return LimitLine(check.ok, part(texts, "rule.grounds"), value, "" if check.ok else part(texts, "rule.grounds_line"))


def _measures(check: Check, head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    value = head.fields.get("measures", "") if check.ok else part(texts, "rule.measures_none")
    return LimitLine(check.ok, part(texts, "rule.measures"), value)


def _same_place(check: Check, _head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    label = part(texts, "rule.same_place_none" if check.ok else "rule.same_place")
    return LimitLine(check.ok, label, part(texts, "rule.same_place_value", part=int(check.part)))


def _signed(check: Check, _head: SheetHead, texts: Texts, _hours: str) -> LimitLine:
    return LimitLine(
        check.ok, part(texts, "rule.signed"), part(texts, "chain.unsigned"), part(texts, "rule.signed_line")
    )


LINES: Mapping[Rule, Callable[[Check, SheetHead, Texts, str], LimitLine]] = {
    Rule.FACTOR: _factor, Rule.SHARE: _share, Rule.BEFORE_DUE: _before_due, Rule.TIMES: _times,
    Rule.GROUNDS: _grounds, Rule.MEASURES: _measures, Rule.SAME_PLACE: _same_place, Rule.SIGNED: _signed,
}  # fmt: skip


def _bar(share: Fraction) -> float:
    return float(min(share, Fraction(1)))


def earlier(before: Before, texts: Texts) -> str:
    """2月26日 至 4月10日, and why."""
    until = part(texts, "rule.same_place_now") if before.until is None else whole_day(texts, before.until)
    return part(
        texts, "rule.same_place_line", since=whole_day(texts, before.since), until=until, reason=before.reason or "—"
    )
