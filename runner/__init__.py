"""Moves the NXTGauge database to its redesigned schema, one verified and reversible step at a time."""

__version__ = "0.1.0"
