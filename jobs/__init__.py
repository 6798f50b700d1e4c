"""What runs, when and for whom: the commands, and what ties the crawler to the storage."""
