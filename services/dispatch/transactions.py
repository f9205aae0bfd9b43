"""One write transaction of the desk: tried again where the database asks for it, and said clearly where it fails.

Trying again is safe even where nobody knows whether a commit went through: the key of the click is looked up first.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from data_access.store import FileReplaced, Store
from services.causes import cause_in_words
from services.dispatch.commands import Down

log = logging.getLogger(__name__)

Result = TypeVar("Result")
TRIES = 4
LINE_S = 6.0  # in front of an SQLite file: a little longer than one writer waits for another process
PAUSE_S = 0.02  # before the second try, longer before each further one
TRY_AGAIN = frozenset({"40001", "40P01", "55P03"})  # serialization failure, deadlock, lock not available
NOTHING_WRITTEN = "没有写入任何数据；请稍候用原来的按钮重试，不会重复办理。"
UNSURE = "不能确定是否已经写入；请用原来的按钮重试：写入过的不会重复，没写入的会补上。"


class Transactions:
    """Shared by the threads of a process. On SQLite its writers stand in line here instead of polling the file."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self._line = threading.Lock() if store.is_sqlite else None

    def run(self, work: Callable[[Connection], Result]) -> Result:
        """Commits what `work` writes and gives what it gives. Raises Down when the database does not answer; a
        Refusal of the work's own passes through, and then nothing was written."""
        unsure = False
        for attempt in range(1, TRIES + 1):
            try:
                return self._once(work)
            except (SQLAlchemyError, FileReplaced) as error:
                unsure = unsure or UNSURE in getattr(error, "__notes__", ())
                if attempt == TRIES or not _worth_another_try(error):
                    raise _down(error, unsure) from error
                log.info("the desk tries again: %s", type(error).__name__)
                time.sleep(PAUSE_S * attempt)
        raise AssertionError("the last try returns or raises")

    def try_out(self, work: Callable[[Connection], Result]) -> Result:
        """Gives what `work` would give, and takes everything back that it wrote. Raises as `run` does."""
        try:
            return self._once(work, keep=False)
        except (SQLAlchemyError, FileReplaced) as error:
            raise _down(error, unsure=False) from error

    @contextmanager
    def _in_line(self) -> Iterator[None]:
        """One's turn to write. Raises Down after a while: whoever is in front waits for another process."""
        if self._line is None:
            yield
            return
        if not self._line.acquire(timeout=LINE_S):
            raise Down("现在不能办理", "数据库正忙，前面还有别的操作", NOTHING_WRITTEN)
        try:
            yield
        finally:
            self._line.release()

    def _once(self, work: Callable[[Connection], Result], keep: bool = True) -> Result:
        self.store.require_file()
        with self._in_line():
            connection = self.store.write.connect()
            try:
                transaction = connection.begin()
                try:
                    result = work(connection)
                except BaseException:
                    transaction.rollback()
                    raise
                if not keep:
                    transaction.rollback()
                    return result
                try:
                    transaction.commit()
                except DBAPIError as error:
                    error.add_note(UNSURE)
                    raise
                return result
            finally:
                connection.close()


def _worth_another_try(error: Exception) -> bool:
    """A deadlock or serialization failure, the same key at the same moment, or a connection that had died."""
    if isinstance(error, IntegrityError):
        return True
    if not isinstance(error, DBAPIError):
        return False
    return error.connection_invalidated or getattr(error.orig, "sqlstate", None) in TRY_AGAIN


def _down(error: Exception, unsure: bool) -> Down:
    log.warning("the desk could not write: %r", error)
    return Down("现在不能办理", f"数据库：{cause_in_words(error)}", UNSURE if unsure else NOTHING_WRITTEN)
