"""Sources of article addresses: what an outlet lists, and where."""
