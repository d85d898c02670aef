"""The desk in a terminal: screens, widgets, keys and themes over the use-cases of `pddtui.services`."""
