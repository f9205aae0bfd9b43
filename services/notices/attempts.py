"""One attempt to deliver, bounded in time, and why it failed, in words that can hold no secret."""

import queue
import threading
from collections.abc import Callable
from time import monotonic

GRACE_S = 1.5  # how long a stopping process waits for an attempt that is under way
PAUSE_S = 0.1


class NotDelivered(Exception):
    """A channel did not take a message. `words` are fixed sentences and numbers, never what a library or a receiver
    said: that might quote an address. `answered` is False where nobody answered at all.
    """

    def __init__(self, words: str, *, answered: bool) -> None:
        super().__init__(words)
        self.words, self.answered = words, answered


class Abandoned(Exception):
    """The process stops before the attempt ended: whether it was delivered is not known."""


def within(limit_s: float, attempt: Callable[[], None], stopping: threading.Event) -> None:
    """Runs the attempt in a thread of its own, and returns when it has ended well.

    Raises what the attempt raised; NotDelivered when it took longer (the thread may go on by itself); Abandoned.
    """
    answers: queue.SimpleQueue[BaseException | None] = queue.SimpleQueue()

    def run() -> None:
        try:
            attempt()
        except BaseException as error:  # handed over to who waits
            answers.put(error)
        else:
            answers.put(None)

    threading.Thread(target=run, name="notice", daemon=True).start()
    error = _answer(answers, monotonic() + limit_s, stopping)
    if error is not None:
        raise error


def _answer(
    answers: "queue.SimpleQueue[BaseException | None]", end: float, stopping: threading.Event
) -> BaseException | None:
    stop_at: float | None = None
    while True:
        try:
            return answers.get(timeout=PAUSE_S)
        except queue.Empty:
            if stopping.is_set():
                stop_at = stop_at or monotonic() + GRACE_S
                if monotonic() >= stop_at:
                    return Abandoned()
            if monotonic() >= end:
                return NotDelivered("超时，没有等到结果", answered=False)
