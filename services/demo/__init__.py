"""The demo city: invented, made whole from one seed, and kept living."""

from services.demo.history import build_demo, demo_city_ready, fill_history
from services.demo.living import Simulator

__all__ = ["Simulator", "build_demo", "demo_city_ready", "fill_history"]
