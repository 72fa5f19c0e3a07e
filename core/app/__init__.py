"""What a user can do: one use case a module. Both faces, window and command line, come through here."""
