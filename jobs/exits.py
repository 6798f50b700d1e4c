"""Exit codes of every command (the contract's)."""

DONE = 0
FAILED = 1
"""Done, but something failed; what it was is on standard error."""

USAGE = 2
"""Usage or configuration."""

INTERRUPTED = 130
