"""Run the `entente` command as `python -m cli`; the script .venv/bin/entente does so."""

import sys

from cli.main import run

if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
