"""The card of all keys, to lie beside the keyboard. The keys are those of assets/js/desk/keys.js."""

from config.texts import Texts
from layouts.papers.paper import drawn

GROUPS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    (
        "queue",
        (
            ("move", ("K", "J")), ("open", ("Enter",)), ("find", ("/",)), ("apply", ("U",)), ("several", ("X",)),
            ("claim", ("A",)),
        ),
    ),
    (
        "sheet",
        (("choose", ("1–9",)), ("submit", ("Ctrl Enter",)), ("refuse", ("Ctrl Back",)), ("leave", ("Esc",))),
    ),
    ("shift", (("entry", ("I",)), ("handover", ("H",)), ("all", ("?",)))),
    (
        "case",
        (
            ("receive", ("S",)), ("urge", ("C",)), ("supervise", ("D",)), ("reassign", ("R",)),
            ("co_dispatch", ("B",)), ("return", ("Z",)), ("extension", ("Y",)), ("suspension", ("G",)),
            ("register", ("L",)), ("dispatch", ("P",)), ("handle", ("F",)), ("recheck_pass", ("T",)),
            ("recheck_fail", ("W",)), ("close", ("E",)), ("instruct", ("M",)), ("note", ("N",)),
        ),
    ),
)  # fmt: skip
"""Key group → (name of the key's words, its caps)."""


def key_card(city: str, texts: Texts) -> str:
    """The card in the words of the desk's page."""
    groups = [
        (texts(f"paper.keys.{name}"), [(texts(f"desk.key.{key}"), caps) for key, caps in rows]) for name, rows in GROUPS
    ]
    return drawn("key_card", title=texts("paper.keys.title"), note=texts("paper.keys.note", city=city), groups=groups)
