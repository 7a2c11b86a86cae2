"""Settings by environment only. `base` reads every variable once; `test` overrides what tests need."""
