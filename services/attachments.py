"""附照片: photos added to a case, each a row of its own, all of them one event of the case's log."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection

from data_access import desk_case, photos
from domain.life_cycle import Action
from domain.people import Person, Post
from domain.refusals import Refusal
from services.dispatch.commands import Command, Done, NotAllowed, NotFound
from services.dispatch.desk import Desk
from services.dispatch.scene import Act, Deed, Scene, Step
from services.photos import MOST_AT_ONCE, Photo, PhotoShelf

WHERE = "附照片"


class Kind(StrEnum):
    """What a photo shows; the value is stored."""

    REPORTED = "reported"
    VERIFIED = "verified"
    HANDLED = "handled"
    RECHECKED = "rechecked"
    ATTACHMENT = "attachment"


OF_A_UNIT = frozenset({Kind.HANDLED, Kind.ATTACHMENT})  # verifying and rechecking are not for whoever did the work


@dataclass(frozen=True)
class Attachments:
    """The desk's photos. Files that no act has named in the end stay on the shelf; nobody is shown them."""

    desk: Desk
    shelf: PhotoShelf

    def attach(
        self, person: Person, case_no: str, version: int, key: str, kind: str, given: Sequence[tuple[str, bytes]]
    ) -> Done:
        """(name, content) of each file. Raises Refusal for a bad one, and then none is added; else as acts do."""
        if kind not in set(Kind):
            raise Refusal("没有这种照片", WHERE, "请刷新页面后再试。")
        if person.of_a_unit_only and kind not in OF_A_UNIT:
            raise NotAllowed("单位用户不能附核实、核查照片", WHERE, "请按处置照片上传。")
        if not given:
            raise Refusal("没有选照片", WHERE, "请选择照片后再提交。")
        if len(given) > MOST_AT_ONCE:
            raise Refusal(f"一次最多 {MOST_AT_ONCE} 张照片，选了 {len(given)} 张", WHERE, "请分几次上传。")
        kept = [self.shelf.keep(content, name) for name, content in given]
        text = f"附照片 {len(kept)} 张"
        fields = {"text": text, "kind": kind, "photos": [photo.digest.hex() for photo in kept]}
        return self.desk.act(person, Command(case_no, Action.NOTE, key, version, fields), by=_attaching(kept, kind))

    def open(self, person: Person, photo_id: int, *, small: bool = False) -> bytes:
        """A photo's bytes, for whoever may see the case's photos. Raises NotFound and NotAllowed."""
        missing = NotFound("没有这张照片", f"照片 {photo_id}", "请刷新案件后再看。")
        if not sees_photos(person):
            raise NotAllowed("您的岗位不看案件照片", f"照片 {photo_id}", "照片只供办案使用。")
        with self.desk.store.picture() as connection:
            found = photos.photo(connection, self.desk.number, photo_id)
            if found is None:
                raise missing
            case_id, digest = found
            units = desk_case.served_units(connection, self.desk.number, case_id)
        if person.of_a_unit_only and person.unit not in units:
            raise NotAllowed("这不是本单位的案件", f"照片 {photo_id}", "单位用户只能看派给本单位的案件。")
        path = self.shelf.path(digest, small=small)
        if path is None:
            raise missing
        return path.read_bytes()


def sees_photos(person: Person) -> bool:
    """Faces and number plates are for those who deal with the case: leaders read without them (domain research 5.1)."""
    return person.at_the_desk or bool(person.posts & {Post.UNIT_USER, Post.COLLECTOR})


def _attaching(kept: Sequence[Photo], kind: str) -> Act:
    def act(scene: Scene) -> Deed:
        """NOTE with photos: the event names each by the hash of its bytes, so that none can be changed unseen."""
        rows = [
            {"kind": kind, "digest": one.digest, "media": "jpeg", "width": one.width, "height": one.height,
             "bytes": one.size}
            for one in kept
        ]  # fmt: skip
        body = {"text": scene.fields["text"], "kind": kind, "digests": scene.fields["photos"]}

        def besides(connection: Connection, _version: int) -> None:
            photos.add(connection, scene.city_number, scene.case_id, rows, scene.now, scene.person.user_id)

        return Deed((Step(Action.NOTE, body),), f"已附照片 {len(kept)} 张", besides=besides)

    return act
