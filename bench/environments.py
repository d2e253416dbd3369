"""A Python environment for each rival, made on first use, outside the repository and apart from scribal's own.

An environment is named after its requirements and its Python; when either changes, a new one is made.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

import platformdirs

__all__ = ["CACHE", "environment_python"]

CACHE = platformdirs.user_cache_path("scribal-bench")
_REQUIREMENTS = Path(__file__).parent / "requirements"
_PIP = ("-m", "pip", "--disable-pip-version-check", "install", "--quiet")


def environment_python(name: str) -> Path:
    """Find the Python of a rival's environment; the first call installs what ``requirements/NAME.txt`` lists.

    Args:
        name: Of the environment; ``"scribal"`` is the one this runs in.

    Raises:
        subprocess.CalledProcessError: The environment could not be made.
    """
    if name == "scribal":
        return Path(sys.executable)
    requirements = _REQUIREMENTS / f"{name}.txt"
    made_from = requirements.read_bytes() + sys.version.encode()
    folder = CACHE / "environments" / f"{name}-{hashlib.sha256(made_from).hexdigest()[:12]}"
    python, complete = folder / "bin" / "python", folder / "complete"
    if not complete.exists():
        print(f"Installing {name} into {folder} ...", flush=True)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, *_PIP, "--requirement", requirements], check=True)
        complete.touch()
    return python
