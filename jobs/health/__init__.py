"""How each outlet is: judged after each of its runs, by its own past."""
