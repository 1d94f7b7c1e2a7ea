"""Programs that disturb the kit on purpose and hold what it leaves behind against an undisturbed run."""
