"""Pages that work without Dash and without a script: signing in, choosing a password, leaving, and notices."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from config.texts import Texts
from domain.outline import CityLines

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Banner:
    """What is to be said above a form. `tone` is alarm, warn or flow."""

    tone: str
    head: str
    line: str


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    secret: bool = False
    value: str = ""
    complete: str = "off"  # for the browser's own store of passwords


@dataclass(frozen=True)
class FormPage:
    """One form beside the city: fields, one button, small print."""

    head: str
    action: str
    fields: Sequence[Field]
    button: str
    fine: str
    banner: Banner | None = None
    lead: str = ""
    command: str = ""  # what to type on the server, when there is nobody to sign in
    back: tuple[str, str] | None = None  # words and address


def form_page(city: str, page: FormPage, token: str, lines: CityLines | None, texts: Texts) -> str:
    return TEMPLATES.get_template("form.html").render(city=city, page=page, token=token, lines=lines, texts=texts)


def notice_page(title: str, kind: str, status: int, head: str, line: str, way: str, href: str) -> str:
    """What is so, and one way on (DESIGN_LANGUAGE §15)."""
    words = {"kind": kind, "status": status, "head": head, "line": line, "way": way, "href": href}
    return TEMPLATES.get_template("notice.html").render(title=title, **words)
