"""Resolve requirements.lock and requirements-dev.lock from pyproject.toml, for every platform, with hashes.

A lock holds no index address: whoever installs from it uses the index that their own pip is set to.
"""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UV = [sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal", "--python-version", "3.11"]
FORMAT = ["--generate-hashes", "--no-emit-index-url", "--no-header", "--no-annotate"]
LOCKS = {
    "requirements.lock": ["--group", "build"],
    "requirements-dev.lock": ["--group", "build", "--group", "dev", "--group", "docs", "--extra", "heic"],
}


def main() -> None:
    """Write both locks; the second repeats the first's versions and adds the tools."""
    for name, options in LOCKS.items():
        agree = [] if name == "requirements.lock" else ["--constraints", "requirements.lock"]
        command = [*UV, *FORMAT, *options, *agree, "--output-file", name, "pyproject.toml"]
        subprocess.run(command, check=True, cwd=ROOT)  # noqa: S603 (the command is the constant above)
        print(f"{name}: {(ROOT / name).read_text().count('==')} packages")


if __name__ == "__main__":
    main()
