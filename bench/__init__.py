"""Measurements, as ratios in one run: README.md says how to run and how to read them. Nothing here is a test."""
