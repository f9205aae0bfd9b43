"""What the routes of the rankings have alike: reading an address, and the status of what a service refuses."""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import ParamSpec

from flask import Response, request

from callbacks.denials import error_json
from callbacks.http.answers import packed_body, packed_json
from domain.refusals import Refusal
from services.dispatch.commands import NotAllowed, NotFound

Given = ParamSpec("Given")
STATUS: tuple[tuple[type[Refusal], str, int], ...] = ((NotFound, "missing", 404), (NotAllowed, "denied", 403))


def told(answer: Callable[Given, Response]) -> Callable[Given, Response]:
    """404 and 403 for what is not there and what is not this person's; other refusals are answered as everywhere."""

    @wraps(answer)
    def telling(*args: Given.args, **kwargs: Given.kwargs) -> Response:
        try:
            return answer(*args, **kwargs)
        except Refusal as refusal:
            for cause, kind, status in STATUS:
                if isinstance(refusal, cause):
                    return error_json(kind, refusal, status)
            raise

    return telling


def private_json(body: Mapping[str, object], status: int = 200) -> Response:
    """For one person and this moment: no cache keeps it."""
    packed = packed_body(body)
    response = packed_json(packed, hashlib.blake2b(packed, digest_size=8).hexdigest())
    response.status_code = status
    response.headers["Cache-Control"] = "private, no-store"
    return response


def whole(name: str, usual: int) -> int:
    """A whole number of the address. Raises Refusal."""
    text = request.args.get(name, "")
    if not text:
        return usual
    if not re.fullmatch(r"[0-9]{1,6}", text):
        raise Refusal(f"“{text[:20]}”不是整数", name, "请写 0 到 999999 之间的整数。")
    return int(text)


def asked_key() -> str:
    """The unit or area of the address. Raises Refusal without one."""
    key = request.args.get("key", "")
    if not key:
        raise Refusal("没有说是哪个单位或区域", "key", "请从排名表里点选。")
    return key
