"""Letters about a case, filled from its log by templates in either language."""
