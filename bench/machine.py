"""Where and when something was measured: processor, load, versions, commit."""

import os
import platform
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import llvmlite.binding as llvm

__all__ = ["conditions", "describe_machine"]

_ROOT = Path(__file__).parent.parent
_FEATURES = ("avx2", "fma", "avx512f", "neon")


def describe_machine() -> dict[str, Any]:
    """What the machine is."""
    features = llvm.get_host_cpu_features()
    return {
        "processor": _processor_name(),
        "llvm_name": llvm.get_host_cpu_name(),
        "cores": os.cpu_count(),
        "features": [name for name in _FEATURES if features.get(name)],
        "memory_bytes": os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"),
        "system": f"{platform.system()} {platform.release().split('-')[0]}",
        "python": platform.python_version(),
    }


def conditions() -> dict[str, Any]:
    """What may change between measurements: date, commit, load average over the last minute."""
    return {
        "date": datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC"),
        "commit": _git("rev-parse", "--short", "HEAD"),
        "is_changed": bool(_git("status", "--porcelain", "--", "src", "bench/workers", "bench/parts")),
        "load": os.getloadavg()[0],
    }


def _processor_name() -> str:
    information = Path("/proc/cpuinfo")
    if information.exists():
        for line in information.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _git(*arguments: str) -> str:
    git = shutil.which("git")
    if git is None:
        return ""
    return subprocess.run([git, *arguments], cwd=_ROOT, capture_output=True, text=True, check=False).stdout.strip()
