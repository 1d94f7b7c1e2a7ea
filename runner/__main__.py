"""`python -m runner` is `nxtgauge-migrate`."""

from runner.cli import main

if __name__ == "__main__":
    main(prog_name="nxtgauge-migrate")
