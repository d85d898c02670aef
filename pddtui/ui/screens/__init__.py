"""The screens: each puts widgets together, asks the use-cases, and reports."""
