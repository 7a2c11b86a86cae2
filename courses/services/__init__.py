"""The verbs of the heart. Every refusal descends from `people.services.Refusal`."""
