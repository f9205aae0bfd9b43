"""A number is given once, also to many who ask at the same time, and not by a transaction that fails."""

import threading

from data_access.counters import take_number
from data_access.store import Store


def test_numbers_begin_at_one_and_have_no_gaps(store: Store) -> None:
    with store.write.begin() as connection:
        assert [take_number(connection, 1, "督办/2026") for _ in range(3)] == [1, 2, 3]
        assert take_number(connection, 1, "督办/2026", 5) == 4
        assert take_number(connection, 1, "督办/2027") == take_number(connection, 2, "督办/2026") == 1
    with store.write.connect() as connection:
        take_number(connection, 1, "督办/2026")
        connection.rollback()
    with store.write.begin() as connection:
        assert take_number(connection, 1, "督办/2026") == 9


def test_nobody_gets_the_number_of_another(store: Store) -> None:
    given: list[int] = []

    def take() -> None:
        for _ in range(20):
            with store.write.begin() as connection:
                given.append(take_number(connection, 1, "移交/2026"))

    threads = [threading.Thread(target=take) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert sorted(given) == list(range(1, 81))
