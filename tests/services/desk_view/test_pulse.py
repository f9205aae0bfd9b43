"""The pulse: asks only while somebody listens, tells a write at once, lets everybody go when the server stops."""

import threading
import time

from data_access import desk_tables
from data_access.store import Store
from services.desk_view.pulse import DeskBeat
from services.live import Beat
from tests.services.desk_view.desks import NOW, a_desk, dispatched

LONG_S, AT_ONCE_S = 5.0, 0.3


def test_nobody_asks_while_nobody_listens(sqlite_store: Store) -> None:
    pulse = a_desk(sqlite_store).view.pulse

    leave = pulse.listening()
    first = pulse.wait(None, LONG_S)
    leave()
    watcher = pulse._watcher
    assert watcher is not None
    watcher.join(LONG_S)

    assert first == DeskBeat(0, None)
    assert not watcher.is_alive()
    again = pulse.listening()
    assert pulse.wait(None, LONG_S) == first
    again()


def test_a_write_and_a_new_picture_wake_whoever_waits(store: Store) -> None:
    desk = a_desk(store)
    number = desk.add(dispatched(-5))
    pulse = desk.view.pulse
    leave = pulse.listening()
    first = pulse.wait(None, LONG_S)

    desk.write(desk_tables.case_holds, number, user_id=1, since=NOW, until=NOW)
    begun = time.monotonic()
    second = pulse.wait(first, LONG_S)

    assert time.monotonic() - begun < AT_ONCE_S
    assert second == DeskBeat(1, None)
    desk.view.live.beat = Beat(7, NOW, None)
    third = pulse.wait(second, LONG_S)
    assert third == DeskBeat(1, desk.view.live.beat)
    leave()


def test_a_database_that_cannot_be_read_leaves_the_last_beat(sqlite_store: Store) -> None:
    desk = a_desk(sqlite_store)
    pulse = desk.view.pulse
    leave = pulse.listening()
    first = pulse.wait(None, LONG_S)
    with sqlite_store.write.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE desk_beats RENAME TO gone")

    assert pulse.wait(first, 4 * pulse.every_s) is first
    leave()


def test_when_the_server_stops_nobody_waits_on(sqlite_store: Store) -> None:
    desk = a_desk(sqlite_store)
    pulse = desk.view.pulse
    pulse.listening()
    first = pulse.wait(None, LONG_S)
    waiting = threading.Thread(target=pulse.wait, args=(first, LONG_S))
    waiting.start()

    begun = time.monotonic()
    desk.view.live.stop()
    waiting.join(LONG_S)

    assert time.monotonic() - begun < 1.0
