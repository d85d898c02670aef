"""pddtui: a terminal case tracker that gets a stalled consumer complaint moving again."""

__version__ = "0.1.0"
