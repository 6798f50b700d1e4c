"""`sinorus reparse`: stored pages read again with today's readers."""
