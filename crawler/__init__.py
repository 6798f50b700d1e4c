"""What a page is, how to get it and how to read it. Knows no database."""
