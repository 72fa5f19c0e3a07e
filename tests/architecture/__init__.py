"""The walls between the floors, and proof that each check bites."""
