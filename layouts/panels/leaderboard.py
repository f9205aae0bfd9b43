"""Handling units in order of their score, month to date, with the movement since last month."""

from config.texts import Texts
from domain import addresses
from domain.city import City
from domain.indicators import Rate
from domain.snapshot import Snapshot, UnitStanding
from layouts import formats
from layouts.panel import Panel, counted, stale
from layouts.views import Board, Cell, Column, Figure, Message, PanelView, Row

PLACES = 8
PODIUM = 3


def render(snapshot: Snapshot, city: City, texts: Texts) -> PanelView:
    """One class of units only: classes are never mixed in one ranking. A city without a score has no score column."""
    title = texts("leaderboard.title" if city.score else "leaderboard.title_without_score")
    note = _note(city, texts) + (texts("leaderboard.shared") if snapshot.co_dispatched else "")
    units = [unit for unit in snapshot.units if city.wall_unit_class in (None, unit.unit_class)]
    ranked = [unit for unit in units if unit.rank is not None]
    mark = stale(texts, "ranking")
    if not ranked:
        message = Message(texts("leaderboard.empty"), texts("leaderboard.empty_line"))
        return PanelView(title=title, note=note, stale=mark, state="empty", message=message)
    unranked = [unit for unit in units if unit.rank is None]
    rows = tuple(_row(unit, snapshot, city, texts) for unit in (*ranked, *unranked)[:PLACES])
    board = Board(_columns(city, texts), rows, PLACES)
    return PanelView(title=title, note=note, stale=mark, body=board)


def _note(city: City, texts: Texts) -> str:
    if city.wall_unit_class is None:
        return texts("leaderboard.note")
    name = city.unit_classes.get(city.wall_unit_class, city.wall_unit_class)
    return texts("leaderboard.note_class", unit_class=name)


def _columns(city: City, texts: Texts) -> tuple[Column, ...]:
    words = (
        ("unit", "score", "on_time", "closed", "overdue") if city.score else ("unit", "on_time", "closed", "overdue")
    )
    return tuple(Column(texts(f"leaderboard.{word}"), word) for word in words)


def _row(unit: UnitStanding, snapshot: Snapshot, city: City, texts: Texts) -> Row:
    ranked = unit.rank is not None
    cells = [
        Cell("rank", Figure(str(unit.rank) if ranked else formats.NONE)),
        Cell("move", _movement(unit)),
        Cell("name", Figure(unit.short_name)),
    ]
    if city.score:
        cells.append(Cell("score", _score(unit, snapshot)))
    closed = addresses.unit_figure(unit.key, "closed", addresses.MONTH)
    cells += [
        Cell("on_time", _rate(unit.on_time, unit, snapshot, texts)),
        Cell("closed", counted(snapshot, unit.closed, closed)),
        Cell("overdue", overdue_count(unit, snapshot, city)),
    ]
    top = unit.rank is not None and unit.rank <= PODIUM
    return Row(unit.key, tuple(cells), "top" if top else "")


def overdue_count(unit: UnitStanding, snapshot: Snapshot, city: City) -> Figure:
    """Coral from the city's threshold: below it a late case is work in hand, above it a unit in trouble."""
    address = addresses.unit_figure(unit.key, "overdue_open", addresses.NOW)
    tone = "alarm" if unit.overdue_open >= city.alarm_unit_overdue else ""
    return counted(snapshot, unit.overdue_open, address, tone=tone)


def _movement(unit: UnitStanding) -> Figure:
    """Up and down are not good and bad: a quiet mark and the number of places."""
    if unit.rank is None or unit.previous_rank is None or unit.rank == unit.previous_rank:
        return Figure(formats.NONE, tone="muted")
    climbed = unit.previous_rank - unit.rank
    return Figure(str(abs(climbed)), tone="up" if climbed > 0 else "down")


def _score(unit: UnitStanding, snapshot: Snapshot) -> Figure:
    address = addresses.unit_figure(unit.key, "score", addresses.MONTH)
    if address in snapshot.failed_checks:
        return Figure(formats.NONE, address, tone="failed")
    if unit.score is None:
        return Figure(formats.NONE, address, tone="muted")
    return Figure(formats.tenths(unit.score), address, str(unit.score))


def _rate(rate: Rate, unit: UnitStanding, snapshot: Snapshot, texts: Texts) -> Figure:
    address = addresses.unit_figure(unit.key, "on_time_closure_rate", addresses.MONTH)
    if address in snapshot.failed_checks:
        return Figure(formats.NONE, address, tone="failed")
    if rate.value is None:
        return Figure(formats.NONE, address, formats.exact(rate), tone="muted")
    return Figure(formats.percent(rate.value), address, formats.exact(rate), after=texts("figure.percent"))


PANEL = Panel("leaderboard", "board", render)
