"""Headers of every answer: what the page may load, and nothing from elsewhere."""

from dash import Dash
from flask import Flask, Response


def harden(app: Dash) -> None:
    """Content-Security-Policy without unsafe-eval; scripts only from here (Dash's own inline starter by its hash)."""
    hashes = " ".join(app.csp_hashes())
    policy = "; ".join(
        (
            "default-src 'self'",
            f"script-src 'self' {hashes}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self'",
            "worker-src 'self' blob:",
            "connect-src 'self'",
            "object-src 'none'",
            "base-uri 'self'",
            "frame-ancestors 'self'",
            "form-action 'self'",  # default-src does not cover it
        )
    )

    server: Flask = app.server

    @server.after_request
    def add_headers(response: Response) -> Response:
        response.headers.setdefault("Content-Security-Policy", policy)
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Referrer-Policy", "same-origin")
        return response
