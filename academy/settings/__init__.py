"""Settings by environment only. `base` reads each variable once; `test` overrides for tests."""
