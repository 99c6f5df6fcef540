#!/usr/bin/env bash
# Installs what the tests need, builds, runs every test and closes with ctest's own summary.
#   usage: tests/run.sh [--sanitizers]
#     --sanitizers  instead, builds with AddressSanitizer + UBSan, then with ThreadSanitizer, and runs the unit and
#                   conformance tests on each
# Environment: DANGJIAN_JOBS (parallel build and test jobs; default: all cores).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec </dev/null

# npm packages: buf, and what docs/clients/client.mjs needs.
tools=("@bufbuild/buf@1.75.0" "@grpc/grpc-js@1.14.7" "@grpc/proto-loader@0.8.1"
       "protobufjs@7.6.6")
jobs=${DANGJIAN_JOBS:-$(nproc)}

fail() {
  printf 'tests/run.sh: %s\n' "$*" >&2
  exit 1
}

install_tools() {
  if [ "$(cat build/tools/installed 2>/dev/null)" = "${tools[*]}" ]; then return; fi
  if ! command -v npm >/dev/null; then
    npm_list=$(mktemp)
    echo npm >"$npm_list"
    deploy/install-packages.sh "$npm_list"
    rm -f "$npm_list"
  fi
  mkdir -p build/tools
  npm install --loglevel=error --no-save --no-package-lock --no-audit --no-fund --prefix build/tools \
    "${tools[@]}" >&2 || fail "npm packages could not be installed: check the network, then run again"
  echo "${tools[*]}" >build/tools/installed
}

# $1: preset. Compiler output goes to the terminal; ninja prints one line that it rewrites.
build() {
  cmake --preset "$1" -DBUILD_TESTING=ON >"build/$1-configure.log" 2>&1 || {
    cat "build/$1-configure.log" >&2
    fail "configuring $1 failed"
  }
  ninja -C "build/$1" -j "$jobs" --quiet || fail "building $1 failed"
}

sanitizers=no
case "${1:-}" in
  "") ;;
  --sanitizers) sanitizers=yes ;;
  *) fail "unknown option $1 (there is only --sanitizers)" ;;
esac

mkdir -p build
deploy/install-packages.sh deploy/packages.txt tests/packages.txt
if [ "$sanitizers" = yes ]; then
  for preset in asan tsan; do
    echo "== $preset: build" >&2
    build "$preset"
    echo "== $preset: unit and conformance tests" >&2
    ctest --preset "$preset" -j "$jobs"
  done
  exit
fi
install_tools
echo "== build (release)" >&2
build release
echo "== tests" >&2
ctest --preset release -j "$jobs"
