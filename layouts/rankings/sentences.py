"""Sentences with strong words and with numbers that open a list of cases, as the browser places them.

In a phrase `**0.05 分**` is strong, and `<6 件>` opens the cases of the sentence's count.
"""

import re

Run = dict[str, str | bool]
MARKED = re.compile(r"\*\*(?P<strong>.+?)\*\*|<(?P<opens>.+?)>")


def runs(phrase: str, *whiches: str) -> list[Run]:
    """The phrase in pieces; the n-th `<…>` opens the n-th of the counts, and is plain where that is empty."""
    waiting, at = list(whiches), 0
    found: list[Run] = []
    for match in MARKED.finditer(phrase):
        found.append({"text": phrase[at : match.start()]})
        found.append(_piece(match, waiting))
        at = match.end()
    found.append({"text": phrase[at:]})
    return [run for run in found if run["text"]]


def _piece(match: re.Match[str], waiting: list[str]) -> Run:
    if match["strong"] is not None:
        return {"text": match["strong"], "strong": True}
    which = waiting.pop(0) if waiting else ""
    return {"text": match["opens"], "which": which} if which else {"text": match["opens"]}
