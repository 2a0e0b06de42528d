#!/bin/sh
# Locks what pyproject.toml names: one version of everything, with hashes, for every platform, without index addresses.
set -eu
cd "$(dirname "$0")/.."
lock() { uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header "$@"; }
printf 'uv==%s\n' "$(sed -n 's/.*"uv==\([0-9.]*\)".*/\1/p' pyproject.toml)" | lock - -o requirements/bootstrap.txt >/dev/null
lock pyproject.toml --all-extras requirements/build.in -o requirements/dev.txt
for layer in base reports; do lock "requirements/$layer.in" -c requirements/dev.txt -o "requirements/$layer.txt"; done
lock requirements/emulator.in -o requirements/emulator.txt
