"""Pasted text on its way into the log: read, shown message by message, decided by a person, taken whole or not."""
