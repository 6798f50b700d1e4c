"""Schema migrations, run by `storage.migrate`."""
