"""The command line: arguments in, one answer and one exit code out."""
