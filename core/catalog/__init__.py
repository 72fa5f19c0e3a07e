"""What is known about updates: which mapping fits an instance, and what setup's exit codes mean."""
