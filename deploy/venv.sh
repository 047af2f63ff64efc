#!/bin/sh
# Makes .venv in the present folder, with the `entente` command and this checkout on its path. $1: the Python to take
# first; where it is older than 3.11, or not there, the newest other one is taken.
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
    echo "Entente needs Python 3.11 or newer, and none was found: install one, or name it by make PYTHON=/path/to/python3."
    exit 1
fi

if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    echo "$python cannot make environments: install its venv module (Debian, Ubuntu: the package python$version-venv)."
    exit 1
fi

# Not --clear: what is installed already is not fetched again.
[ -x .venv/bin/python ] && .venv/bin/python -c 'import sys, pip' 2>/dev/null || "$python" -m venv --clear .venv

packages=$(.venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
pwd >"$packages/entente.pth"
# Found by its own place, since a script whose path holds a space cannot name its Python in its first line.
cat >.venv/bin/entente <<'SCRIPT'
#!/bin/sh
# -P: a folder of the caller's that is called like a package of ours is not taken for it.
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
exec "$here/python" -P -m cli "$@"
SCRIPT
chmod +x .venv/bin/entente
