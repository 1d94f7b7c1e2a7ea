"""The pages that are generated from the steps and the live catalogue: `make docs`."""
