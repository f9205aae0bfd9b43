"""申请汇总 of one unit and week on A4 (汝州: 每周五补交纸质申请表), and the line above the week's sheets."""

from domain.documents import Bundle
from layouts.papers.paper import drawn

UNNUMBERED = "（编号后生效）"


def bundle(words: Bundle) -> str:
    """One unit's sheet. Its rows never break over two pages, and the headings come again on each."""
    return drawn("bundle", words=words, number=words.number or UNNUMBERED)


def bundle_bar(week: str, period: str, waiting: int, made: int, token: str) -> str:
    """What is waiting and what is made, with the button that numbers; it is not printed."""
    return drawn("bundle_bar", week=week, period=period, waiting=waiting, made=made, token=token)
