#!/usr/bin/env bash
# Installs the Debian packages listed in the given files (one a line, # for comments). Asks the package mirrors only when
# something is missing, so a machine that has everything works offline.
#   usage: install-packages.sh FILE...
set -euo pipefail

fail() {
  printf 'install-packages: %s\n' "$*" >&2
  exit 1
}

[ $# -gt 0 ] || fail "name at least one package list, e.g. deploy/packages.txt"

missing=()
while read -r package; do
  status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
  [ "$status" = installed ] || missing+=("$package")
done < <(sed -e 's/#.*//' -e 's/[[:space:]]//g' -e '/^$/d' "$@")
[ ${#missing[@]} -gt 0 ] || exit 0

command -v apt-get >/dev/null || fail "this machine has no apt-get: install these by hand: ${missing[*]}"
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || fail "run once as root, or install sudo, to add these packages: ${missing[*]}"
  as_root=(sudo)
fi

printf 'installing %d packages: %s\n' "${#missing[@]}" "${missing[*]}" >&2
log=$(mktemp)
trap 'rm -f "$log"' EXIT
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 "$@" </dev/null >"$log" 2>&1
}
# The update may fail on one odd mirror while the packages are still to be had: the installation decides.
apt -q update || true
if ! apt -q -y --no-install-recommends install "${missing[@]}"; then
  fail "the packages could not be installed ($(grep -m 1 '^E:' "$log" || echo 'no reason given'));" \
    "check the network, the free disk space and the package sources, then run again"
fi
