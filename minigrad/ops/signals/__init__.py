"""Signals: numbers in the order of time or place, and the frequencies in them."""
