"""What may be done with pages, beside what the team does in the editor."""
