"""The application in this process with a clock that the test moves: midnights and months' ends without waiting."""

import logging
import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from werkzeug.serving import BaseWSGIServer, make_server

from config.settings import Settings

if TYPE_CHECKING:
    from app import Running


class MovedClock:
    """Stands at an aware instant until it is moved."""

    def __init__(self, at: datetime) -> None:
        assert at.tzinfo is not None
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        """Forward only: as-of never runs backwards on a wall."""
        assert by >= timedelta()
        self.at += by


@dataclass
class InProcess:
    """One running application on a loopback port of its own; every part of it reads `clock`."""

    settings: Settings
    clock: MovedClock
    frozen_at: datetime | None = None
    app: Any = field(init=False)
    _server: BaseWSGIServer = field(init=False)
    _running: "Running" = field(init=False)
    _thread: threading.Thread = field(init=False)

    def start(self) -> "InProcess":
        from app import create_app  # the whole application, which most browser tests run in a process of its own

        logging.getLogger("werkzeug").setLevel(logging.ERROR)  # not a line per request in a failing test's output
        app = self.app = create_app(self.settings, self.clock, self.frozen_at, real_clock=self.clock)
        self._running = app.server.gridwall
        self._server = make_server("127.0.0.1", 0, app.server, threaded=True)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._running.start()
        self._thread.start()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def stop(self) -> None:
        self._running.stop()
        self._server.shutdown()
        self._thread.join(10)
        self._server.server_close()
