"""The way in for people: secret, sessions, answers to those not admitted, and the sign-in pages."""

from flask import Flask

from callbacks import reach
from callbacks.denials import Denials
from callbacks.http.sign_in import SignInRoutes
from callbacks.sessions import Sessions
from config.texts import Texts
from services.secrets import session_secret
from services.serving import Serving


def install(server: Flask, serving: Serving, texts: Texts) -> None:
    """Before any other route: what is registered here is asked first. Raises Refusal when there can be no secret."""
    settings, city = serving.settings, serving.city
    reach.guard(server, settings.wall_token, https=settings.https)
    sessions = Sessions(serving.people, serving.parts.real_clock, https=settings.https, here_only=city.demo)
    sessions.install(server, session_secret(settings.secret, settings.data))
    Denials(city.title, texts).install(server)
    SignInRoutes(serving, sessions, texts).install(server)
