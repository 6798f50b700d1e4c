"""Writes records out, one after another, in memory that does not grow with their number.

One module a format. Parquet's is imported only where it is asked for: its library alone takes
some 0.2 s to load.
"""
