"""Cases on their way into the file: read, compared with what is there, and taken whole or not at all."""
