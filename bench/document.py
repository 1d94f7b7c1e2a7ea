"""docs/benchmarks.md: what each program writes into it, and on what machine that was measured."""

from __future__ import annotations

import datetime
import os
import platform
from collections.abc import Mapping
from pathlib import Path

from runner.embedded import DEFAULTS
from tests.support import ROOT

DOCUMENT = ROOT / "docs" / "benchmarks.md"


def measured_by(command: str, version: int, settings: Mapping[str, str | int]) -> str:
    """When, by what and on what machine; `version` is the server's version_num."""
    return f"Measured {datetime.date.today():%Y-%m-%d} by `{command}`: {machine(version, settings)}."


def machine(version: int, settings: Mapping[str, str | int]) -> str:
    """What it was measured on: the machine, and the server with what counts of its settings."""
    model = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        if line.startswith("model name")
    ]
    return (
        f"{os.cpu_count()} cores ({model[0] if model else platform.machine()}), {platform.system()}, "
        f"PostgreSQL {version // 10000}.{version % 10000} with its data in memory, fsync off, "
        f"full_page_writes {settings.get('full_page_writes', DEFAULTS['full_page_writes'])},"
        f" shared_buffers {settings.get('shared_buffers', '128MB')}"
        + (f", max_wal_size {settings['max_wal_size']}" if "max_wal_size" in settings else "")
    )


def write_section(text: str) -> None:
    """Replace the section that begins with the first line of `text`, or add it."""
    heading = text.partition("\n")[0]
    before = DOCUMENT.read_text(encoding="utf-8") if DOCUMENT.exists() else "# Benchmarks\n"
    head, found, tail = before.partition(f"{heading}\n")
    rest = tail.partition("\n## ")[2] if found else ""
    DOCUMENT.write_text(f"{head.rstrip()}\n\n{text}" + (f"\n## {rest}" if rest else ""), encoding="utf-8")
