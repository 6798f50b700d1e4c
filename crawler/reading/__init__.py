"""What every reader of pages shares: the page, its metadata, its blocks, the chosen fields."""
