"""Rollback drills: rehearse every step on a copy of a database, both ways, and hand in the proof."""
