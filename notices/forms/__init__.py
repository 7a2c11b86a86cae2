"""Shape and wording of what is typed into the voice."""
