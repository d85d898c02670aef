"""Where cases are kept: the only floor that knows a file."""

from pddtui.store.disk import Surroundings
from pddtui.store.tiny import TinyCaseStore

__all__ = ["Surroundings", "TinyCaseStore"]
