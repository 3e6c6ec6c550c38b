"""Run the tests again on PostgreSQL where a server answers; say so in one line where none does."""

from __future__ import annotations

import os
import subprocess
import sys

import psycopg

SERVER = os.environ.get("TACHAWOR_POSTGRESQL", "postgresql://postgres@127.0.0.1:5432/postgres")


def main() -> int:
    """Run them."""
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError:
        sys.stdout.write("No PostgreSQL server answers: the tests ran on SQLite only.\n")
        return 0
    environment = os.environ | {"TACHAWOR_TEST_DATABASE": SERVER}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "2",
        "--dist",
        "loadgroup",
        "-q",
        "--ignore=tests/nlp",
        "--ignore=tests/browser",
    ]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
