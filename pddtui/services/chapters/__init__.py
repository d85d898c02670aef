"""The chapters of the handbook: each module makes pages out of the tables of one subject."""
