"""Answers that several routes give: gzip JSON with an ETag, and refusals in plain words."""

import gzip
import json
from collections.abc import Sequence
from datetime import datetime

from flask import Response, request


def milliseconds(moment: datetime) -> int:
    """Milliseconds since 1970, as browsers count."""
    return int(moment.timestamp() * 1000)


def packed_body(body: object) -> bytes:
    return gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6)


def packed_json(packed: bytes, etag: str, *, lasting: bool = False) -> Response:
    """gzip bytes as they are, or unpacked for a client that does not take them."""
    headers = {
        "ETag": f'"{etag}"',
        "Cache-Control": "public, max-age=31536000, immutable" if lasting else "no-cache",
        "Vary": "Accept-Encoding",
    }
    if "gzip" not in request.headers.get("Accept-Encoding", ""):
        return Response(gzip.decompress(packed), mimetype="application/json", headers=headers)
    return Response(packed, mimetype="application/json", headers=headers | {"Content-Encoding": "gzip"})


def unknown(what: str, known: Sequence[str]) -> Response:
    """404 that names what exists."""
    body = {"error": what, "known": list(known)}
    return Response(json.dumps(body, ensure_ascii=False), 404, mimetype="application/json")
