"""/desk/document/<id> and /desk/print/…: papers as pages that print themselves without a script."""

from flask import Blueprint, Response

from callbacks.access import DESK, current_person, require
from domain.documents import DOCUMENT_WORDS
from domain.people import DESK_POSTS, Post
from domain.refusals import Refusal
from layouts.papers.exposures import exposures
from layouts.papers.key_card import key_card
from layouts.papers.paper import page, refusal
from layouts.papers.registry import papers
from services.dispatch.commands import NotAllowed, NotFound
from services.documents import Documents
from services.serving import Serving

READERS = DESK_POSTS | {Post.UNIT_USER, Post.EVALUATOR}


class DocumentRoutes:
    def __init__(self, serving: Serving) -> None:
        view = serving.desk_view
        self.city, self.clock, self.texts = serving.city, serving.parts.clock, view.words.texts
        self.documents = Documents(view.store, serving.city, view.number, serving.parts.clock)

    def blueprint(self) -> Blueprint:
        routes = Blueprint("documents", __name__)
        routes.add_url_rule(
            "/desk/document/<int(max=2147483647):document_id>", view_func=self.document, endpoint="document"
        )
        routes.add_url_rule("/desk/print/keys", view_func=self.keys, endpoint="keys")
        routes.add_url_rule("/desk/print/exposures", view_func=self.exposures, endpoint="exposures")
        return routes

    @require(*READERS)
    def document(self, document_id: int) -> Response:
        """A stored document, exactly as it was frozen."""
        try:
            found = self.documents.read(current_person(), document_id)
        except Refusal as refused:
            status = 404 if isinstance(refused, NotFound) else 403 if isinstance(refused, NotAllowed) else 422
            words = refusal(refused.what, refused.where, refused.then)
            return _html(page(self.texts("paper.refused"), (words,), self.texts), status)
        back = f"/dispatch?case={found.case_no}" if found.case_no else ""
        return _html(page(f"{DOCUMENT_WORDS[found.kind]} {found.number}", papers(found), self.texts, back=back))

    @require(*DESK)
    def keys(self) -> Response:
        """Every key of the desk on one card."""
        card = key_card(self.city.title, self.texts)
        return _html(page(self.texts("paper.keys.title"), (card,), self.texts))

    @require(*DESK_POSTS)
    def exposures(self) -> Response:
        """曝光候选名单 as it stands now."""
        paper = exposures(self.documents.exposure_candidates(), self.city, self.clock())
        return _html(page(self.texts("paper.exposures"), (paper,), self.texts))


def _html(body: str, status: int = 200) -> Response:
    """Whoever signs out must not find a paper in the browser's memory."""
    return Response(body, status, mimetype="text/html", headers={"Cache-Control": "no-store"})
