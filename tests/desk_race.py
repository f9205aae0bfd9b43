"""A race at the desk, through HTTP and against a real server that is killed: who was told what is held against the log.

Clients are signed in and work on the same cases with views of different age. They double-click, try again after a
broken connection with the same key, and never give up before they have an answer. What they were told must then be
what the database says, to the last event. `make test` and `make bench` run the same race in different sizes.
"""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.cookies import SimpleCookie
from pathlib import Path
from random import Random
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import insert, select, update

from config.cities import load_city
from data_access import desk_tables, directory, tables
from domain.people import Post
from services.people.hashing import hash_of
from services.stores import open_store
from services.verifying import verifier_of
from tests.browser.servers import Server
from tests.desks import Clock, a_desk

CITY = "suning"
PASSWORD = "Jing-Sai-2026"
DISPATCHERS, UNIT_USERS = 6, 2
FIRST_VERSION = 4  # of every case: dispatched
HOT = 12  # cases that half of all attempts are about
PATIENCE_S = 90.0  # for one answer, restarts included
PAUSE_S = 0.05
DESK_ACTS = ("urge", "urge", "urge", "receive", "note", "claim", "reassign", "handle")
UNIT_ACTS = ("receive", "handle", "note")
FIELDS: Mapping[str, Mapping[str, Any]] = {
    "urge": {"text": "请尽快处置"}, "receive": {}, "note": {"text": "已电话联系"},
    "claim": {"alert": "overdue", "note": "跟进中"}, "reassign": {"reason": "duty_changed", "note": "职责调整"},
    "handle": {"text": "现场已清理"},
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How long a race is."""

    attempts: int
    kills: int
    cases: int = 200
    seed: int = 20260519


@dataclass
class Told:
    """One intention and every answer to it: (status, body)."""

    user: int
    key: str
    case_no: str
    action: str
    version: int
    answers: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    @property
    def done(self) -> dict[str, Any] | None:
        return next((body["done"] for status, body in self.answers if status == 200), None)


@dataclass
class Outcome:
    """What came of a race. `problems` is empty when everything told is what the database says."""

    attempts: int = 0
    requests: int = 0
    acked: int = 0
    conflicts: int = 0
    held: int = 0
    repeated: int = 0
    other: int = 0
    kills: int = 0
    seconds: float = 0.0
    act_ms: list[float] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


class Client:
    """One signed-in person on one thread."""

    def __init__(self, race: "Race", number: int, account: str, unit: bool) -> None:
        self.race, self.number, self.account = race, number, account
        self.acts = UNIT_ACTS if unit else DESK_ACTS
        self.random = Random(f"{race.size.seed}:{number}")
        self.seen: dict[str, int] = {}
        self.told: list[Told] = []
        self.cookies: dict[str, str] = {}
        self.wire: http.client.HTTPConnection | None = None

    def sign_in(self) -> None:
        self._send("GET", "/signin", None)
        form = urlencode({"account": self.account, "password": PASSWORD})
        status, _body = self._send("POST", "/signin", form, "application/x-www-form-urlencoded")
        assert status in (302, 303), f"{self.account} could not sign in: {status}"

    def work(self) -> None:
        while (number := self.race.next_attempt()) is not None:
            case_no = self.race.a_case(self.random)
            if len(self.acts) > len(UNIT_ACTS) and self.random.random() < 0.1:
                self._hold_for_a_while(self.race.a_hot_case(self.random))
            self._try(case_no, number)

    def _try(self, case_no: str, number: int) -> None:
        action = self.random.choice(self.acts)
        version = self.seen.get(case_no, FIRST_VERSION)
        fields = dict(FIELDS[action])
        if action == "reassign":
            fields["unit"] = f"u{self.random.randrange(2)}"
        told = Told(self.number, f"race-{self.race.size.seed}-{number:06d}", case_no, action, version)
        body = {"case_no": case_no, "action": action, "key": told.key, "version": version, "fields": fields}
        self.told.append(told)
        times = 1 if self.random.random() > 0.15 else self.random.choice((2, 2, 3))
        if times > 1 and self.random.random() < 0.5:
            self._at_once(told, body)
        else:
            told.answers += [self._ask("/api/desk/act", body) for _ in range(times)]
        self._learn(told)

    def _at_once(self, told: Told, body: Mapping[str, Any]) -> None:
        """A double click: the same request twice at the same moment, on two connections."""
        twin = Client(self.race, self.number, self.account, False)
        twin.cookies = self.cookies
        other = threading.Thread(target=lambda: told.answers.append(twin._ask("/api/desk/act", body)))
        other.start()
        told.answers.append(self._ask("/api/desk/act", body))
        other.join()
        twin.hang_up()

    def _learn(self, told: Told) -> None:
        """Mostly one looks at the newest case afterwards; sometimes the page stays as it was."""
        status, body = told.answers[-1]
        if status == 200:
            self.seen[told.case_no] = body["done"]["version"]
        elif body["error"].get("version") and self.random.random() < 0.8:
            self.seen[told.case_no] = body["error"]["version"]

    def _hold_for_a_while(self, case_no: str) -> None:
        status, _body = self._ask("/api/desk/hold", {"case_no": case_no, "do": "take"})
        if status == 200:
            for _ in range(3):
                self._try(case_no, self.race.extra_attempt())
            self._ask("/api/desk/hold", {"case_no": case_no, "do": "release"})

    def _ask(self, path: str, body: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
        """Tries again with the very same request until there is an answer; 503 is none."""
        until, text = time.monotonic() + PATIENCE_S, json.dumps(body)
        while time.monotonic() < until:
            try:
                began = time.perf_counter()
                status, answer = self._send("POST", path, text, "application/json")
                self.race.count_request((time.perf_counter() - began) * 1000)
                if status != 503:
                    return status, json.loads(answer)
            except (OSError, http.client.HTTPException, ValueError):
                self.hang_up()
            time.sleep(PAUSE_S)
        raise AssertionError(f"no answer to {path} within {PATIENCE_S} s")

    def _send(self, method: str, path: str, body: str | None, kind: str = "") -> tuple[int, bytes]:
        if self.wire is None:
            self.wire = http.client.HTTPConnection("127.0.0.1", self.race.server.port, timeout=30)
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if body is not None:
            headers |= {"Content-Type": kind, "X-CSRFToken": self.cookies.get("_csrf_token", "")}
        self.wire.request(method, path, body.encode() if body is not None else None, headers)
        answer = self.wire.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, content

    def hang_up(self) -> None:
        if self.wire is not None:
            self.wire.close()
            self.wire = None


class Race:
    """Prepares the city, runs the clients and the killer, and holds what was told against the database."""

    def __init__(self, url: str, folder: Path, size: Size) -> None:
        self.url, self.size, self.outcome = url, size, Outcome()
        folder.mkdir(parents=True, exist_ok=True)
        environment = {"GRIDWALL_SECRET": "a secret that every restart of this race shares"}
        self.server = Server(
            ["--city", CITY, "--database", url], data=folder, log=folder / "server.log", environment=environment
        )
        self.numbers = [f"C{n:04d}" for n in range(size.cases)]
        self._taken = self._extra = 0
        self._lock = threading.Lock()
        self._errors: list[BaseException] = []
        self.clients = [
            Client(self, number, f"racer{number:02d}", unit=number >= DISPATCHERS)
            for number in range(DISPATCHERS + UNIT_USERS)
        ]

    def run(self) -> Outcome:
        self.prepare()
        with self._serving():
            for client in self.clients:
                client.sign_in()
            began = time.monotonic()
            threads = [threading.Thread(target=self._guarded, args=(client.work,)) for client in self.clients]
            killer = threading.Thread(target=self._guarded, args=(self._kill_now_and_then,))
            for thread in (*threads, killer):
                thread.start()
            for thread in (*threads, killer):
                thread.join()
            self.outcome.seconds = time.monotonic() - began
            for client in self.clients:
                client.hang_up()
        if self._errors:
            raise self._errors[0]
        self._compare()
        return self.outcome

    def prepare(self) -> None:
        """Cases dispatched two hours ago, half of them to each of two units; eight people with a password."""
        now = datetime.now(UTC).replace(microsecond=0)
        store = open_store(self.url)
        world = a_desk(store, Clock(now), city=load_city(CITY))
        for key, numbers in (("u0", self.numbers[::2]), ("u1", self.numbers[1::2])):
            world.cases(numbers, unit=key, began=now - timedelta(hours=2))
        password = hash_of(PASSWORD)
        with store.write.begin() as connection:
            units = directory.keys(connection, tables.units, world.number)
            connection.execute(update(desk_tables.users).values(disabled_at=now))
            for client in self.clients:
                user_id, unit = 100 + client.number, client.number - DISPATCHERS  # below 0: of the desk
                row = {
                    "city_id": world.number, "user_id": user_id, "account": client.account, "created_at": now,
                    "name": f"选手{client.number:02d}", "unit_id": units[f"u{unit}"] if unit >= 0 else None,
                    "password_hash": password, "password_at": now, "stamp": f"stamp{client.number}",
                }  # fmt: skip
                post = Post.UNIT_USER if unit >= 0 else Post.DISPATCHER
                connection.execute(insert(desk_tables.users).values(row))
                held = {"city_id": world.number, "user_id": user_id, "post": post.value}
                connection.execute(insert(desk_tables.user_posts).values(held))
        store.close()

    def next_attempt(self) -> int | None:
        with self._lock:
            if self._taken >= self.size.attempts or self._errors:
                return None
            self._taken += 1
            return self._taken

    def extra_attempt(self) -> int:
        """One more, under a hold; numbered apart."""
        with self._lock:
            self._extra += 1
            return 500_000 + self._extra

    def a_case(self, random: Random) -> str:
        return self.a_hot_case(random) if random.random() < 0.5 else random.choice(self.numbers)

    def a_hot_case(self, random: Random) -> str:
        return random.choice(self.numbers[:HOT])

    def count_request(self, ms: float) -> None:
        with self._lock:
            self.outcome.requests += 1
            self.outcome.act_ms.append(ms)

    @contextmanager
    def _serving(self) -> Iterator[None]:
        self.server.start(until="/healthz")
        try:
            yield
        finally:
            self.server.kill()

    def _guarded(self, work: Any) -> None:
        try:
            work()
        except BaseException as error:
            self._errors.append(error)

    def _kill_now_and_then(self) -> None:
        """At random moments while the clients work; each time the server is up again on the same port."""
        random = Random(f"{self.size.seed}:kills")
        marks = sorted(random.sample(range(1, max(2, self.size.attempts - 8)), self.size.kills))
        for mark in marks:
            while self._taken < mark and not self._errors:
                time.sleep(0.002)
            time.sleep(random.random() * 0.03)
            self.server.kill()
            self.server.start(until="/healthz")
            self.outcome.kills += 1

    def _compare(self) -> None:
        told = [one for client in self.clients for one in client.told]
        self._count(told)
        store = open_store(self.url)
        with store.picture() as connection:
            cases = {row.case_id: row for row in connection.execute(select(tables.cases))}
            events = {
                (cases[row.case_id].case_no, row.version): row
                for row in connection.execute(select(tables.case_events))
                if row.version > FIRST_VERSION
            }
            notices = len(connection.execute(select(desk_tables.outbox.c.notice_id)).all())
            keys = len(connection.execute(select(desk_tables.idempotency_keys.c.key)).all())
        grown = sum(row.version - FIRST_VERSION for row in cases.values())
        acked = [one for one in told if one.done is not None]
        owed = sum(one.done["notices"] for one in acked if one.done)
        self._expect(len(acked) == len(events) == grown == keys, f"{len(acked)} acked, {len(events)} events, "
                     f"versions grew by {grown}, {keys} keys")  # fmt: skip
        self._expect(owed == notices, f"{owed} notices told, {notices} in the outbox")
        self._compare_winners(acked, events)
        self._compare_losers(told, events)
        found = list(verifier_of(store, load_city(CITY)).findings())
        self._expect(not found, f"verify: {[one.what for one in found[:3]]}")
        store.close()

    def _count(self, told: list[Told]) -> None:
        kinds: Counter[str] = Counter()
        for one in told:
            for status, body in one.answers:
                kinds["done" if status == 200 else str(body.get("error", {}).get("kind", status))] += 1
                kinds["repeated"] += status == 200 and body["done"]["repeated"]
        out = self.outcome
        out.attempts, out.acked = len(told), sum(one.done is not None for one in told)
        out.conflicts, out.held, out.repeated = kinds["conflict"], kinds["held"], kinds["repeated"]
        out.other = sum(kinds[name] for name in kinds if name not in ("done", "conflict", "held", "repeated"))
        strange = {name for name in kinds if name not in ("done", "conflict", "held", "repeated", "refused", "denied")}
        self._expect(not strange, f"answers nobody expected: {sorted(strange)}")

    def _compare_winners(self, acked: list[Told], events: Mapping[tuple[str, int], Any]) -> None:
        """Every acknowledged act is the one event of its version, in the name of who clicked; nobody's twice."""
        taken: set[tuple[str, int]] = set()
        for one in acked:
            answers = [body["done"] for status, body in one.answers if status == 200]
            versions = {done["version"] for done in answers}
            self._expect(len(versions) == 1, f"{one.key} was told versions {sorted(versions)}")
            fresh = sum(not done["repeated"] for done in answers)
            self._expect(fresh <= 1, f"{one.key} was told {fresh} times that it was the first")
            place = (one.case_no, answers[0]["version"])
            event = events.get(place)
            self._expect(place not in taken, f"two acts were told {place}")
            taken.add(place)
            mine = event is not None and event.action == one.action and event.actor.endswith(f"#{100 + one.user}")
            self._expect(mine, f"{one.key}: the log has {event} at {place}")

    def _compare_losers(self, told: list[Told], events: Mapping[tuple[str, int], Any]) -> None:
        """Who lost was told who was first, what and when, version by version; who waited, for whom."""
        for one in told:
            for status, body in one.answers:
                error = body.get("error", {})
                if error.get("kind") == "held":
                    self._expect(error["held_by"].startswith("选手"), f"{one.key}: held by nobody: {error}")
                elif status == 409:
                    self._expect(error["winners"] != [], f"{one.key}: lost to nobody")
                    for winner in error["winners"]:
                        event = events.get((one.case_no, winner["version"]))
                        right = event is not None and (
                            winner["name"] == f"选手{int(event.actor.split('#')[1]) - 100:02d}"
                            and winner["action"] == event.action
                            and abs(winner["at"] - event.at.timestamp() * 1000) < 1
                            and winner["version"] > one.version
                        )
                        self._expect(right, f"{one.key}: told {winner}, the log has {event}")

    def _expect(self, holds: bool, otherwise: str) -> None:
        if not holds:
            self.outcome.problems.append(otherwise)
