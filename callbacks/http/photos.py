"""Photos of cases: POST /api/desk/photos adds some as one event, GET /desk/photo/<number> shows one."""

from flask import Blueprint, Response, request
from werkzeug.datastructures import FileStorage

from callbacks.access import current_person, require
from callbacks.http.desk_acts import LONGEST_CASE_NO, answered, done_json, refused, text_of, version_of
from domain.people import DESK_POSTS, Post
from domain.refusals import Refusal
from services.attachments import Attachments
from services.photos import KEPT, LARGEST_BYTES, PhotoShelf
from services.serving import Serving

SEEN_BY = DESK_POSTS | {Post.UNIT_USER, Post.COLLECTOR}


class PhotoRoutes:
    def __init__(self, serving: Serving) -> None:
        self.attachments = Attachments(serving.desk, PhotoShelf(serving.settings.data / "photos"))

    def blueprint(self) -> Blueprint:
        routes = Blueprint("photos", __name__)
        routes.add_url_rule("/api/desk/photos", view_func=self.attach, endpoint="attach", methods=["POST"])
        routes.add_url_rule("/desk/photo/<int(max=2147483647):number>", view_func=self.photo, endpoint="photo")
        return routes

    @require(*SEEN_BY)
    def attach(self) -> Response:
        """A form with case_no, version, key, kind and files named `photos` → {"done": …} as an act."""
        return answered(lambda: {"done": self._attach()})

    def _attach(self) -> dict[str, object]:
        form, files = request.form, request.files.getlist("photos")
        version = form.get("version", "")
        given = {"version": int(version) if version.isdecimal() and len(version) < 10 else None}
        fields = {name: form.get(name) for name in ("case_no", "key", "kind")}
        return done_json(
            self.attachments.attach(
                current_person(),
                text_of(fields, "case_no", LONGEST_CASE_NO),
                version_of(given),
                text_of(fields, "key", 80),
                text_of(fields, "kind", 12),
                [_content(file) for file in files],
            )
        )

    @require(*SEEN_BY)
    def photo(self, number: int) -> Response:
        """The picture; with ?small its small copy. Whoever signs out must not find it in the browser's memory."""
        try:
            data = self.attachments.open(current_person(), number, small="small" in request.args)
        except Refusal as refusal:
            return refused(refusal)
        return Response(data, 200, {"Cache-Control": "no-store"}, mimetype=KEPT)


def _content(file: FileStorage) -> tuple[str, bytes]:
    """Name and bytes; one byte more than is taken is enough to know that it is too large."""
    return file.filename or "", file.stream.read(LARGEST_BYTES + 1)
