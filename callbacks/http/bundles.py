"""/desk/print/bundle: the week's applications on paper, for cities that keep them so (汝州). Plain pages, no script."""

from flask import Blueprint, Response, redirect, request
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from callbacks.access import current_person, require
from domain.people import DESK_POSTS
from domain.refusals import Refusal
from layouts.papers.bundle import bundle, bundle_bar
from layouts.papers.paper import page, refusal
from services.bundles import Bundles
from services.serving import Serving


class BundleRoutes:
    def __init__(self, serving: Serving) -> None:
        view, parts = serving.desk_view, serving.parts
        self.texts = view.words.texts
        self.bundles = Bundles(view.store, serving.city, view.number, parts.clock, frozen=parts.frozen_at is not None)

    def blueprint(self) -> Blueprint:
        routes = Blueprint("bundles", __name__)
        routes.add_url_rule("/desk/print/bundle", view_func=self.show, endpoint="show", methods=["GET"])
        routes.add_url_rule("/desk/print/bundle", view_func=self.make, endpoint="make", methods=["POST"])
        return routes

    @require(*DESK_POSTS)
    def show(self) -> Response:
        """The week's sheets, numbered ones first; `week` is 2026-W21, without it the week that runs."""
        try:
            found = self.bundles.of(self.bundles.week(request.args.get("week", "")))
        except Refusal as refused:
            return self._refused(refused)
        sheets = [sheet for _own, sheet in found.made] + list(found.waiting)
        bar = bundle_bar(found.week.name, found.week.words, len(found.waiting), len(found.made), generate_csrf())
        title = f"{self.texts('applications.bundle')} {found.week.name}"
        return _html(page(title, (bar, *map(bundle, sheets)), self.texts))

    @require(*DESK_POSTS)
    def make(self) -> AnyResponse:
        """Numbers what waits; a second click finds nothing left."""
        try:
            week = self.bundles.week(request.args.get("week", ""))
            self.bundles.make(current_person(), week)
        except Refusal as refused:
            return self._refused(refused)
        return redirect(f"/desk/print/bundle?week={week.name}", 303)

    def _refused(self, refused: Refusal) -> Response:
        words = refusal(refused.what, refused.where, refused.then)
        return _html(page(self.texts("paper.refused"), (words,), self.texts), 422)


def _html(body: str, status: int = 200) -> Response:
    return Response(body, status, mimetype="text/html", headers={"Cache-Control": "no-store"})
