"""Nothing acknowledged is lost and nothing is done twice, through HTTP and through kills, on both databases."""

from pathlib import Path

import pytest

from tests.desk_race import Race, Size

ATTEMPTS, KILLS = 1000, 5


@pytest.mark.timeout(400)  # a minute on a machine of its own: a server's start is what takes the time
def test_a_race_with_kills_tells_everybody_the_truth(store_url: str, tmp_path: Path) -> None:
    outcome = Race(store_url, tmp_path / "server", Size(ATTEMPTS, KILLS)).run()

    assert outcome.problems == []
    assert (outcome.attempts >= ATTEMPTS, outcome.kills) == (True, KILLS)
    # A race without losers, without second clicks or without anybody in the way would prove nothing.
    assert min(outcome.acked, outcome.conflicts, outcome.repeated, outcome.held) > 10, outcome
