"""`sinorus outlets new`: an entry drafted from what a site shows when asked."""
