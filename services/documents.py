"""Reading documents: as they were frozen, by whoever may see the case they are about."""

from datetime import timedelta

from data_access import documents as stored
from data_access import supervisions
from data_access.store import Store
from domain.city import City
from domain.documents import DocumentKind, StoredDocument, thawed
from domain.people import DESK_POSTS, Person, Post
from domain.supervision import Notice
from services.dispatch.commands import NotAllowed, NotFound
from services.parts import Clock

LATELY = timedelta(days=90)  # how far back candidates for exposure are listed
ALSO = {DocumentKind.TRANSFER_SLIP: Post.EVALUATOR}  # 绩效考核科 keeps the first copy


class Documents:
    """The documents of one city."""

    def __init__(self, store: Store, city: City, city_number: int, clock: Clock) -> None:
        self.store, self.city, self.number, self.clock = store, city, city_number, clock

    def read(self, person: Person, document_id: int) -> StoredDocument:
        """One document. Raises NotFound, NotAllowed for another unit's, and Refusal when it is no longer as frozen."""
        with self.store.picture() as connection:
            row = stored.document(connection, self.number, document_id)
        where = f"公文 {document_id}"
        if row is None or row.at > self.clock():
            raise NotFound("没有这份公文", where, "请从案件的办理记录里打开。")
        kind = DocumentKind(row.kind)
        if not _may_read(person, kind, row.units):
            raise NotAllowed("这份公文不归您的岗位或单位", where, "请联系值班长。")
        body = thawed(row.body, row.digest, row.number)
        return StoredDocument(row.document_id, kind, row.number, row.at, body, row.digest, row.case_no or "", row.units)

    def exposure_candidates(self) -> tuple[Notice, ...]:
        """曝光候选: notices missed in the last 90 days that had said so."""
        now = self.clock()
        with self.store.picture() as connection:
            return tuple(supervisions.candidates(connection, self.number, now - LATELY, now))


def _may_read(person: Person, kind: DocumentKind, units: frozenset[str]) -> bool:
    if person.posts & DESK_POSTS:
        return True
    if ALSO.get(kind) in person.posts:
        return True
    return person.of_a_unit_only and person.unit in units
