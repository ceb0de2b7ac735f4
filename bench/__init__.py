"""Measurements: figures that a person runs and compares as ratios; they never gate the tests."""
