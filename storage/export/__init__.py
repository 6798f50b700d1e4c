"""Writes records out, one after another, in memory that does not grow with their number.

One module a format. That of Parquet is imported only where it is asked for: it takes longer to
load than all else together.
"""
