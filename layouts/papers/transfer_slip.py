"""案件移交单 on A4, in two copies (一式两份, 汝州)."""

from domain.documents import TransferSlip
from layouts.papers.paper import drawn

FIRST, SECOND = "第一联：绩效考核科", "第二联：指挥派遣科存"


def slip(words: TransferSlip, copy: str = FIRST) -> str:
    """One copy; the opinion of 绩效考核科 is left blank for its own hand."""
    return drawn("transfer_slip", words=words, copy=copy)


def both_copies(words: TransferSlip) -> tuple[str, str]:
    return slip(words, FIRST), slip(words, SECOND)
