"""The verbs of the ear. `Refused` is the family a view may show."""
