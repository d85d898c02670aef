"""The sections of the case page: each makes its rows out of one case, and none of them knows a screen."""
