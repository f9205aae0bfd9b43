"""督办通知单 on A4. Official documents are Chinese only."""

from domain.documents import Supervision
from layouts.papers.paper import drawn


def notice(words: Supervision) -> str:
    """The notice as it is printed; the seal's place is a dashed ring, for the seal is put on paper."""
    return drawn("supervision", words=words)
