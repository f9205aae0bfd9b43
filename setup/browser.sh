#!/bin/sh
# Prints the path of a Chromium for the tests: the one named by CHROMIUM, one on the PATH, or a freshly installed one.
# Only the path goes to stdout; installers talk on stderr.
set -eu

found() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then
            command -v "$name"
            return
        fi
    done
    return 1
}

playwrights_own() {
    .venv/bin/python - <<'PYTHON'
from pathlib import Path
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    path = playwright.chromium.executable_path
raise SystemExit(print(path) if Path(path).exists() else 1)
PYTHON
}

if [ -n "${CHROMIUM:-}" ] && ! command -v "$CHROMIUM" >/dev/null 2>&1; then
    echo "CHROMIUM names $CHROMIUM, which is no program here. Correct it or unset it." >&2
    exit 1
fi
found || playwrights_own 2>/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    echo 'No Chromium found; installing it with apt.' >&2
    if apt-get update -qq >&2 && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >&2; then
        found && exit 0
    fi
fi
echo "No Chromium found; trying Playwright's own." >&2
if .venv/bin/python -m playwright install chromium >&2; then
    playwrights_own && exit 0
fi
echo 'The browser tests need Chromium and none could be installed. Install chromium or google-chrome, or set CHROMIUM=/path/to/it, then run make again.' >&2
exit 1
