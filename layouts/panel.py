"""What every panel is: a name, a pure render function, and the one place where a failed panel is answered."""

from collections.abc import Callable
from dataclasses import dataclass

from config.texts import Texts
from domain.city import City
from domain.snapshot import Snapshot
from layouts import formats
from layouts.views import Figure, Message, PanelView, Stale

Render = Callable[[Snapshot, City, Texts], PanelView]
OnError = Callable[[str, Exception], None]


@dataclass(frozen=True)
class Panel:
    """`kind` names the shape of the view's body and so the script that draws it."""

    name: str
    kind: str
    render: Render
    loading: Callable[[City, Texts], PanelView] | None = None


def stale(texts: Texts, key: str = "panel") -> Stale:
    today = texts(f"stale.{key}")
    dated = f"stale.{key}_dated"
    return Stale(today, texts(dated) if texts.has(dated) else today)


def failed(panel: str, texts: Texts) -> PanelView:
    """The panel in error: no number at all, ✕ with the reason, and what happens next."""
    title = texts(f"{panel}.title") if texts.has(f"{panel}.title") else panel
    head = texts(f"{panel}.error") if texts.has(f"{panel}.error") else texts("error.head", title=title)
    line = texts(f"{panel}.error_line") if texts.has(f"{panel}.error_line") else texts("error.line")
    return PanelView(title=title, stale=stale(texts), state="error", message=Message(head, line))


def loading_view(panel: Panel, city: City, texts: Texts) -> PanelView:
    if panel.loading:
        return panel.loading(city, texts)
    title = texts(f"{panel.name}.title") if texts.has(f"{panel.name}.title") else ""
    return PanelView(title=title, stale=stale(texts), state="loading")


def rendered(panel: Panel, snapshot: Snapshot, city: City, texts: Texts, on_error: OnError | None = None) -> PanelView:
    """The panel's view, or its error: one failed panel never blanks the wall."""
    if panel.name in snapshot.failed_checks:
        return failed(panel.name, texts)
    try:
        return panel.render(snapshot, city, texts)
    except Exception as error:
        if on_error:
            on_error(panel.name, error)
        return failed(panel.name, texts)


def counted(
    snapshot: Snapshot, number: int | None, address: str, *, before: str = "", after: str = "", tone: str = ""
) -> Figure:
    """A whole number; a dash when it is not recorded or failed its check."""
    if address in snapshot.failed_checks:
        return Figure(formats.NONE, address, before=before, tone="failed")
    if number is None:
        return Figure(formats.NONE, address, before=before, tone="muted")
    return Figure(formats.count(number), address, str(number), before, after, tone)
