"""The daemon: what crawls by itself, for months."""
