#!/usr/bin/env bash
# Everything that running (and, with --tests, testing) Stageway needs, on a bare Debian 12 with python3. Safe to call again.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf '%s\n' "setup: $*" >&2; }

# Debian packages, only those that are missing: package and the command (or file) that shows it is there.
debian() {
  local missing=()
  while [ $# -gt 0 ]; do
    if ! command -v "$2" >/dev/null 2>&1 && [ ! -e "$2" ]; then missing+=("$1"); fi
    shift 2
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  if ! command -v apt-get >/dev/null 2>&1; then say "please install: ${missing[*]}"; return 1; fi
  if [ "$(id -u)" -ne 0 ]; then say "not root: please run 'sudo apt-get install ${missing[*]}' and call this again"; return 1; fi
  say "installing ${missing[*]}"
  apt-get update -qq >/dev/null
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
}

python=$(command -v python3.13 || command -v python3.12 || command -v python3.11 || command -v python3 || true)
[ "${STAGEWAY_PYTHON:-}" ] && python=$STAGEWAY_PYTHON
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  debian python3 python3 python3-venv /usr/share/doc/python3-venv
  python=$(command -v python3)
  "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { say "Stageway needs Python 3.11 or newer; $python is older"; exit 1; }
fi

stamp=.venv/.stageway-$(cat requirements.lock pyproject.toml scripts/setup.sh | sha256sum | cut -c1-16)
if [ ! -e "$stamp" ]; then
  if command -v uv >/dev/null 2>&1; then
    say "making .venv with uv"
    [ -x .venv/bin/python ] || uv venv -q --python "$python" .venv
    uv pip install -q --python .venv/bin/python --compile-bytecode -r requirements.lock
    uv pip install -q --python .venv/bin/python --no-deps -e .
  else
    say "making .venv with pip (about two minutes; uv is faster where it is installed)"
    if [ ! -x .venv/bin/python ]; then
      "$python" -m venv .venv 2>/dev/null || { rm -rf .venv; debian python3-venv /nonexistent; "$python" -m venv .venv; }
    fi
    .venv/bin/python -m pip install -q --disable-pip-version-check -r requirements.lock
    .venv/bin/python -m pip install -q --disable-pip-version-check --no-deps -e .
  fi
  rm -f .venv/.stageway-*
  touch "$stamp"
fi
env -u PYTHONDONTWRITEBYTECODE .venv/bin/python -m compileall -q -j 0 .venv/lib src >/dev/null 2>&1 || true

if [ "${1:-}" = --tests ]; then
  debian chromium chromium libreoffice-writer-nogui soffice poppler-utils pdftoppm
fi
