"""The printing of papers: templates that escape every word, and the page around a paper."""

from collections.abc import Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from config.texts import Texts

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,  # a script in somebody's note is printed as its letters
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
STYLES = ("00-tokens.css", "fonts/noto-sans-sc.css", "desk/paper.css")


def drawn(template: str, **words: object) -> str:
    """One paper, or a part of one, as HTML."""
    return TEMPLATES.get_template(f"{template}.html").render(**words)


def page(title: str, papers: Sequence[str], texts: Texts, *, back: str = "") -> str:
    """A whole page that prints these papers, each on a sheet of its own. It has no script: the browser prints it.

    `back` is the address of the case the papers are about.
    """
    return drawn(
        "page",
        title=title,
        papers=[Markup(paper) for paper in papers],
        styles=STYLES,
        back=back,
        back_words=texts("paper.back"),
        hint=texts("paper.hint"),
        language=texts.html_lang,
    )


def refusal(what: str, where: str, then: str) -> str:
    """Why there is no paper."""
    return drawn("refusal", what=what, where=where, then=then)
