"""What every peer program shares: its virtual environment, its cores, its clock and its one line of JSON.

A program calls `enter("jax")` before it imports anything that is not in the standard library. Under any other
Python that makes the virtual environment (once) and starts the program again inside it.
"""

import argparse
import fcntl
import hashlib
import json
import os
import subprocess
import sys
import time
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("FORAGE_PEERS", HERE.parent.parent / ".build-peers"))


def enter(name):
    """Continues inside the virtual environment of `requirements/<name>.txt`, making it when it is missing.

    A stamp with the digest of the requirements says that an environment is complete and up to date, and a
    lock keeps two programs from making the same one at once.
    """
    home = CACHE / name
    if Path(sys.prefix).resolve() == home.resolve():
        return
    requirements = HERE / "requirements" / f"{name}.txt"
    digest = hashlib.sha256(requirements.read_bytes()).hexdigest()
    stamp = home / "complete"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not stamp.exists() or stamp.read_text() != digest:
            print(f"peers: installing {requirements.name} into {home}", file=sys.stderr)
            try:
                subprocess.run([sys.executable, "-m", "venv", str(home)], check=True, stdout=sys.stderr)
                pip = [str(home / "bin/pip"), "install", "--quiet", "--disable-pip-version-check", "--no-input"]
                subprocess.run([*pip, "-r", str(requirements)], check=True, stdout=sys.stderr)
            except subprocess.CalledProcessError as failure:
                sys.exit(f"peers: {name} could not be installed ({failure}). Fix: scripts/bootstrap for "
                         "python3-venv, and a network that reaches PyPI.")
            stamp.write_text(digest)
    python = str(home / "bin/python")
    os.execv(python, [python, *sys.argv])


def parser(description, seconds=3.0, workers=1):
    """The options that all programs have: how long a measurement runs, how often, and on how many cores."""
    options = argparse.ArgumentParser(description=description)
    options.add_argument("--seconds", type=float, default=seconds, help="length of one measurement [%(default)s]")
    options.add_argument("--repeats", type=int, default=3, help="measurements; the best is reported [%(default)s]")
    options.add_argument("--workers", type=int, default=workers, help="cores that may be used [%(default)s]")
    return options


def keep_to(workers):
    """Pins this process to `workers` of its cores and caps the thread pools that read the environment."""
    cores = sorted(os.sched_getaffinity(0))
    if workers < 1 or workers > len(cores):
        sys.exit(f"peers: --workers {workers}, but this machine has {len(cores)} cores.")
    os.sched_setaffinity(0, cores[:workers])
    for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[variable] = str(workers)


def rates(work, seconds, repeats):
    """`repeats` rates of `work()`, which does some work and returns how much; each over `seconds` at least.

    Whatever compiles or warms up must have happened before.
    """
    found = []
    for _ in range(repeats):
        done, start = 0, time.perf_counter()
        while True:
            done += work()
            elapsed = time.perf_counter() - start
            if elapsed >= seconds:
                break
        found.append(done / elapsed)
    return found


def report(peer, what, values, unit, workers, packages, **more):
    """Prints the program's one JSON object: the best of `values`, all of them, and the versions measured."""
    versions = {"python": sys.version.split()[0], **{name: metadata.version(name) for name in packages}}
    print(json.dumps({
        "peer": peer, "what": what, "value": round(max(values), 1), "unit": unit, "workers": workers,
        "repeats": [round(value, 1) for value in values], **more, "versions": versions,
    }))
