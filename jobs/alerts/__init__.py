"""Telling people what they asked to be told.

`file` is what they asked for, `noting` writes it into the outbox within the transaction of what it
tells of, `texts` makes a message of it, `sending` sends what is due.
"""
