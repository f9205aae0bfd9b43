"""A published report played back: an invented history of cases whose indicators are exactly the report's figures.

`scene` is the stage, `plan` decides how every case ends, `begin` and `endings` write its life through the one table of
transitions, `play` puts it into the store. Nothing here is true of any single case.
"""

from services.replays.play import Played, play, replay_of

__all__ = ["Played", "play", "replay_of"]
