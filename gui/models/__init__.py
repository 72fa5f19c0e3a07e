"""Rows as Qt's views want them."""
