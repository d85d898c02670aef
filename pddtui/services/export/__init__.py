"""Cases on their way out of the file: every form that somebody else can read."""
