"""Who is late, for how long, what is coming due, and how much of today's closing is done."""

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.snapshot import Snapshot, UnitStanding
from layouts import formats
from layouts.panel import Panel, counted, stale
from layouts.panels.leaderboard import overdue_count
from layouts.views import Board, Cell, Column, Figure, Message, PanelView, Row, Segment

PLACES = 6
COLUMNS = ("unit", "overdue", "longest", "due_soon", "closed")


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    """All classes together: a late case is late whoever has it."""
    title, note = texts("overdue.title"), texts("overdue.note")
    busy = [unit for unit in snapshot.units if unit.overdue_open or unit.due_soon or unit.closure_due_today]
    if not busy:
        line = texts("overdue.empty_line", open=formats.count(snapshot.open))
        message = Message(texts("overdue.empty"), line)
        return PanelView(title=title, note=note, stale=stale(texts), state="empty", message=message)
    columns = tuple(Column(texts(f"overdue.{word}"), word) for word in COLUMNS)
    rows = tuple(_row(unit, snapshot, city, texts) for unit in sorted(busy, key=_urgency)[:PLACES])
    return PanelView(title=title, note=note, stale=stale(texts), body=Board(columns, rows, PLACES))


def _urgency(unit: UnitStanding) -> tuple[int, int, int, str]:
    return -unit.overdue_open, -(unit.longest_overdue_min or 0), -unit.due_soon, unit.key


def _row(unit: UnitStanding, snapshot: Snapshot, city: City, texts: Texts) -> Row:
    due_soon = addresses.unit_figure(unit.key, "due_soon", addresses.NOW)
    cells = (
        Cell("name", Figure(unit.short_name)),
        Cell("overdue", overdue_count(unit, snapshot, city)),
        Cell("longest", _longest(unit, texts)),
        Cell("due_soon", counted(snapshot, unit.due_soon, due_soon)),
        Cell("bar", segments=_segments(unit)),
    )
    return Row(unit.key, cells)


def _longest(unit: UnitStanding, texts: Texts) -> Figure:
    address = addresses.unit_figure(unit.key, "longest_overdue_min", addresses.NOW)
    if unit.longest_overdue_min is None:
        return Figure(formats.NONE, address, tone="muted")
    return Figure(formats.duration(unit.longest_overdue_min, texts), address, str(unit.longest_overdue_min))


def _segments(unit: UnitStanding) -> tuple[Segment, ...]:
    """From zero: closed, then overdue; the track is what was due today. Overdue never runs past the track."""
    due = unit.closure_due_today
    if not due:
        return ()
    closed = min(unit.closed_today / due, 1.0)
    late = min(unit.overdue_open / due, 1.0 - closed)
    return Segment(round(closed, 4), "flow"), Segment(round(late, 4), "alarm")


PANEL = Panel("overdue", "board", render)
