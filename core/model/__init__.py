"""The nouns: frozen values that every floor speaks in, without input or output."""
