"""Known weaknesses of the packages in requirements.lock: ``python -m tests.advisories PIP-AUDIT``.

pip-audit calls a package that its service does not answer for «not found», and ends well. So what
was really looked up is counted here; a service that cannot be reached is said, and is no failure.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

LOCK = Path(__file__).parents[1] / "requirements.lock"
SECONDS = 300

Run = Callable[[list[str]], str]


def audit(program: str, run: Run | None = None, out: TextIO | None = None) -> int:
    """Look every package up; 1 if one has a known weakness, 0 otherwise."""
    arguments = ["--disable-pip", "--require-hashes", "--requirement", str(LOCK)]
    answer = (run or _run)([program, *arguments, "--format", "json", "--progress-spinner", "off"])
    out = out or sys.stdout
    try:
        packages: list[dict[str, Any]] = json.loads(answer)["dependencies"]
    except (ValueError, KeyError):
        out.write("pip-audit: the advisory service did not answer; NOTHING was checked\n")
        return 0
    weak = [package for package in packages if package.get("vulns")]
    unknown = sum("skip_reason" in package for package in packages)
    for package in weak:
        for found in package["vulns"]:
            better = ", ".join(found.get("fix_versions", [])) or "none yet"
            line = f"{package['name']} {package['version']}: {found['id']} (mended in: {better})"
            out.write(f"{line}\n")
    known = len(packages) - unknown
    out.write(f"pip-audit: {known} of {len(packages)} packages checked, {len(weak)} weak\n")
    if unknown:
        out.write(f"pip-audit: {unknown} NOT checked: the advisory service has no answer\n")
    return 1 if weak else 0


def _run(command: list[str]) -> str:
    """What the program says; empty where it cannot say anything."""
    try:
        done = subprocess.run(  # noqa: PLW1510  its status says that something was found
            command, capture_output=True, text=True, timeout=SECONDS
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout


if __name__ == "__main__":
    raise SystemExit(audit(sys.argv[1]))
