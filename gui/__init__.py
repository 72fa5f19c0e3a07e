"""The window: a face on core.app, drawn with Qt."""
