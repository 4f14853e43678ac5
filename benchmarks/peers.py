"""Environments of the libraries that are compared, each its own, under .peers.

python benchmarks/peers.py          make those that are missing
python benchmarks/peers.py --fresh  make all anew
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PEERS = Path(__file__).resolve().parent / ".peers"
OURS = "ours"
# name -> what pip installs; `ours` is the wheel of this checkout, without extras.
REQUIREMENTS = {
    OURS: (),
    "ours-async": ("aiohttp",),
    "stravalib-2.6.0": ("stravalib==2.6.0",),
    "strava-0.6.0": ("strava==0.6.0",),
}


def python_of(name: str) -> Path:
    folder = PEERS / name
    windows = folder / "Scripts" / "python.exe"
    return windows if windows.exists() else folder / "bin" / "python"


def _pip(name: str, *arguments: str) -> None:
    subprocess.run(
        [
            str(python_of(name)),
            *("-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
            *arguments,
        ],
        check=True,
    )


def _install_ours(name: str) -> None:
    """Build the wheel of the checkout and install it, dependencies included."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                sys.executable,
                *("-m", "pip", "wheel", "--quiet", "--disable-pip-version-check"),
                *("--no-deps", "--wheel-dir", folder, str(ROOT)),
            ],
            check=True,
        )
        [wheel] = Path(folder).glob("*.whl")
        _pip(name, "--force-reinstall", "--no-deps", str(wheel))
        _pip(name, str(wheel))


def make(name: str, *, fresh: bool = False) -> Path:
    """Return the interpreter of an environment; make it if it is missing.

    Ours is installed anew each time: the checkout may have changed.
    """
    folder = PEERS / name
    if fresh and folder.exists():
        shutil.rmtree(folder)
    if not python_of(name).exists():
        venv.create(folder, with_pip=True, symlinks=sys.platform != "win32")
        if REQUIREMENTS[name]:
            _pip(name, *REQUIREMENTS[name])
    if name.startswith(OURS):
        _install_ours(name)
    return python_of(name)


def versions(name: str) -> str:
    """Name the versions of what matters in an environment."""
    code = (
        "import importlib.metadata as m\n"
        "print(', '.join(f'{d.name} {d.version}' for d in sorted("
        "m.distributions(), key=lambda d: d.name.lower()) if d.name.lower() in "
        "{'stravalib','strava','pydantic','requests','httpx','aiohttp'}))"
    )
    done = subprocess.run(
        [str(python_of(name)), "-c", code], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


if __name__ == "__main__":
    for peer in REQUIREMENTS:
        make(peer, fresh="--fresh" in sys.argv)
        print(f"{peer}: {versions(peer)}")
