"""Argon2id at OWASP's smaller setting: 19 MiB and about 30 ms each, never more than two at a time in a process."""

import threading

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error

from domain.passwords import LONGEST

NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$m87TiD+H6MIQkSOWenSG+g$hyBYrJtA36q3xLk37aZOqQ448z6sTwqJUgPMfKVnK/g"

_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_at_once = threading.BoundedSemaphore(2)


def hash_of(password: str) -> str:
    with _at_once:
        return _hasher.hash(password)


def fits(stored: str | None, password: str) -> bool:
    """Whether the password is the one stored. Without one stored it takes as long, and is never right."""
    with _at_once:
        try:
            right = _hasher.verify(stored or NOBODYS, password[: LONGEST + 1])
        except Argon2Error:
            return False
    return right and stored is not None
