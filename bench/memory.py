"""Memory of a process and its children, as proportional set size: shared pages are counted once."""

import threading
from contextlib import suppress
from types import TracebackType

import psutil


def pss_mb(pid: int) -> float:
    """Proportional set size of the process tree under `pid`, in MB (10⁶ bytes); resident size where PSS is unknown."""
    total = 0
    with suppress(psutil.NoSuchProcess):
        root = psutil.Process(pid)
        for process in [root, *root.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):
                used = process.memory_full_info()
                total += getattr(used, "pss", used.rss)
    return total / 1e6


class Sampler:
    """Samples a process tree in the background while a block runs."""

    def __init__(self, pid: int, every_s: float = 0.1) -> None:
        self.samples: list[float] = []
        self._pid, self._every_s, self._done = pid, every_s, threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> "Sampler":
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._done.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._done.wait(self._every_s):
            size = pss_mb(self._pid)
            if size:
                self.samples.append(size)
