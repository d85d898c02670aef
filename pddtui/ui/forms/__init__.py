"""The forms of the desk. Each is pushed with its case and gives back what it saved, or None."""
