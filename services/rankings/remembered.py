"""What is known of periods that are over: they change only by late corrections, so that ten minutes are near enough for
what stands beside a view (its movement, its trend), never for the view itself."""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from services.parts import Clock

KEPT = timedelta(minutes=10)
MOST = 600
Known = TypeVar("Known")


class Remembered(Generic[Known]):
    """Answers by their question, each for ten minutes, the oldest forgotten first. Threads may ask at once."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self._lock = threading.Lock()
        self._known: OrderedDict[Hashable, tuple[datetime, Known]] = OrderedDict()

    def of(self, question: Hashable, find: Callable[[], Known]) -> Known:
        """The answer, found now where it is not known."""
        with self._lock:
            found = self._known.get(question)
        if found is not None and self.clock() - found[0] < KEPT:
            return found[1]
        answer = find()
        with self._lock:
            self._known[question] = self.clock(), answer
            self._known.move_to_end(question)
            while len(self._known) > MOST:
                self._known.popitem(last=False)
        return answer
