"""The commands. Each parses its options, calls one thing, prints and sets the exit code.

What only one of them needs is imported inside it: the others start faster.
"""
