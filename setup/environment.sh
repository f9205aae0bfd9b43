#!/bin/sh
# Makes .venv from any Python >= 3.11 and installs exactly what a lock file names, hashes checked.
# usage: environment.sh LOCKFILE   (from the repository's root)
set -eu

UV_VERSION=0.13.9
NEWEST_FIRST='python3.14 python3.13 python3.12 python3.11 python3 python'
new_enough='import sys; sys.exit(sys.version_info < (3, 11))'

find_python() {
    for name in ${PYTHON:-} $NEWEST_FIRST; do
        if command -v "$name" >/dev/null 2>&1 && "$name" -c "$new_enough" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    echo 'GridWall needs Python 3.11 or newer, and none was found. Install one (on Debian: apt-get install python3 python3-venv), or name it: make PYTHON=/path/to/python3.11 …' >&2
    exit 1
}

make_venv() {
    python=$(find_python)
    "$python" -m venv .venv && return
    # Debian ships ensurepip apart from Python.
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        rm -rf .venv
        apt-get update -qq && apt-get install -y -qq "python$version-venv" && "$python" -m venv .venv && return
    fi
    rm -rf .venv
    echo "$python could not make a virtual environment. On Debian or Ubuntu: apt-get install python3-venv, then run make again." >&2
    exit 1
}

# A half-made environment (no pip, another machine's Python) is made again rather than repaired.
.venv/bin/python -m pip --version >/dev/null 2>&1 || { rm -rf .venv; make_venv; }
.venv/bin/python -c "$new_enough" || {
    echo '.venv was made with a Python older than 3.11. Run make clean, then make setup again.' >&2
    exit 1
}

if [ "$(.venv/bin/uv --version 2>/dev/null | cut -d' ' -f2)" != "$UV_VERSION" ]; then
    .venv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
fi
# uv does not read pip's configuration: hand it the mirror that pip was told to use, where there is one.
if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ]; then
    mirror=${PIP_INDEX_URL:-$(.venv/bin/python -m pip config get global.index-url 2>/dev/null || true)}
    if [ -n "$mirror" ]; then export UV_DEFAULT_INDEX="$mirror"; fi
fi
.venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes -r "$1" || {
    echo "The packages of $1 could not be installed. Check the network or the package mirror, then run make again." >&2
    exit 1
}
