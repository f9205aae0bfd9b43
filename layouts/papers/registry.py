"""Which paper shows which kind of document: one line per kind."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from domain.documents import DocumentKind, StoredDocument, Supervision, TransferSlip, bundle_of, words_of
from domain.handover import HandoverDocument
from layouts.papers.bundle import bundle
from layouts.papers.handover import handover
from layouts.papers.supervision import notice
from layouts.papers.transfer_slip import both_copies

Body = Mapping[str, Any]
PAPERS: dict[DocumentKind, Callable[[Body], Sequence[str]]] = {
    DocumentKind.SUPERVISION: lambda body: (notice(words_of(Supervision, body)),),
    DocumentKind.BUNDLE: lambda body: (bundle(bundle_of(body)),),
    DocumentKind.HANDOVER: lambda body: (handover(words_of(HandoverDocument, body)),),
    DocumentKind.TRANSFER_SLIP: lambda body: both_copies(words_of(TransferSlip, body)),
}


def papers(document: StoredDocument) -> Sequence[str]:
    """The sheets of paper of a stored document."""
    return PAPERS[document.kind](document.body)
