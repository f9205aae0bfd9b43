"""申诉: the facts, which stay, and what the score would be without the case."""

from collections.abc import Iterator

from config.texts import Texts
from domain.application_sheets import AppealSheet
from domain.ranking import Rounding, rounded
from layouts.sheets.applying import attachments, chain, month, opinion, part, quote, sheet, spell
from layouts.sheets.blocks import Block, SheetView
from layouts.sheets.readings import Chain, ChainLine, Effect, Effects, Note


def render(view: AppealSheet, texts: Texts) -> SheetView:
    return sheet(view.head, texts, _left(view, texts), _right(view, texts))


def _left(view: AppealSheet, texts: Texts) -> Iterator[Block]:
    yield from quote(view.head, texts)
    late = part(texts, "appeal.on_time_now") if view.overdue_by is None else spell(texts, view.overdue_by)
    facts = (
        ChainLine(part(texts, "appeal.overdue"), late, "alarm" if view.overdue_by else ""),
        ChainLine(part(texts, "appeal.rework"), part(texts, "appeal.times", count=view.reworks)),
    )
    yield Chain(part(texts, "appeal.facts"), facts)
    yield from attachments(view.head, texts)
    words = opinion(view.head, texts)
    if words is not None:
        yield words


def _right(view: AppealSheet, texts: Texts) -> Iterator[Block]:
    yield Effects(part(texts, "appeal.effects"), tuple(_effects(view, texts)))
    yield chain(view.head, texts)
    yield Note(part(texts, "appeal.note_head"), part(texts, "appeal.note"))


def _effects(view: AppealSheet, texts: Texts) -> Iterator[Effect]:
    """The score changes only where the city's rule gives the unit one."""
    yield Effect(part(texts, "appeal.stays"), part(texts, "appeal.stays_value"))
    if view.month is None or view.score == (None, None):
        return
    of = month(texts, view.month)
    none = part(texts, "appeal.no_score")
    old, new = (none if s is None else str(rounded(s, 2, Rounding.HALF_UP)) for s in view.score)
    if old != new:
        yield Effect(part(texts, "appeal.score", month=of), new, old)
    before, after = ("—" if rank is None else str(rank) for rank in view.rank)
    if before != after:
        yield Effect(part(texts, "appeal.rank", month=of), after, before)
