"""Widgets that know how to draw and take keys, and nothing of where their values come from."""
