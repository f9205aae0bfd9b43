"""Cameras that fail and come back now and then, so that about as many are dark as the plan says."""

from collections.abc import Mapping
from random import Random

FAILURE = 0.05  # chance in one round that a camera changes
FEWEST_DARK, MOST_DARK = 3, 7


def new_states(states: Mapping[int, str], rng: Random) -> dict[int, str]:
    """The cameras that change in this round: at most one."""
    dark = [number for number, state in states.items() if state == "offline"]
    shining = [number for number, state in states.items() if state == "online"]
    late = [number for number, state in states.items() if state == "late"]
    if rng.random() >= FAILURE:
        return {}
    if len(dark) > MOST_DARK or (dark and len(dark) > FEWEST_DARK and rng.random() < 0.5):
        return {rng.choice(dark): "online"}
    if late and rng.random() < 0.5:
        return {rng.choice(late): "online"}
    return {rng.choice(shining): rng.choice(("offline", "late"))} if shining else {}
