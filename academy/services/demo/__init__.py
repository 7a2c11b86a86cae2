"""The demonstration: a fictional term in which every screen has something true to show.

Built by calling the services of the floors below as their screens would, each with the moment it
is said to happen at. Nothing here writes a table, reads the clock or draws from an unseeded die, so
the same moment gives the same term; keys, tokens and what lies in the survey's buffer excepted.
Nobody here exists: addresses end in `.example`, which RFC 2606 keeps free for ever.
"""
