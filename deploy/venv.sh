#!/bin/sh
# Creates .venv in the current folder, with the `entente` command and this checkout on its path. $1 is the preferred
# Python; if it is missing or older than 3.11, the newest other Python is used.
set -eu

new_enough() {
    command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

python=
for candidate in "$1" python3.14 python3.13 python3.12 python3.11 python3; do
    if new_enough "$candidate"; then
        python=$candidate
        break
    fi
done
if [ -z "$python" ]; then
    echo "Entente needs Python 3.11 or newer, and none was found. Install it, or run make PYTHON=/path/to/python3."
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python cannot create virtual environments. Install its venv module (on Debian and Ubuntu: python$version-venv)."
    exit 1
fi

# Keep a working .venv, so that make need not download its packages again.
[ -x .venv/bin/python ] && .venv/bin/python -c 'import sys, pip' 2>/dev/null || "$python" -m venv --clear .venv

packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$packages/entente.pth"
# The script finds Python relative to itself: a first line (#!) cannot name a path that contains a space.
cat >.venv/bin/entente <<'SCRIPT'
#!/bin/sh
# -P: do not import packages from the caller's folder, where one may have the same name.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/python" -P -m cli "$@"
SCRIPT
chmod +x .venv/bin/entente
