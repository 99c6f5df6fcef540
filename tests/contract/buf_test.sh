#!/usr/bin/env bash
# buf over the published descriptor set: lint, and breaking changes against the contracts of the branch main. `build`: the
# folder proto/ by itself, as a client builds it.
#   usage: buf_test.sh BUF lint IMAGE | buf_test.sh BUF breaking IMAGE INCLUDE_DIR... | buf_test.sh BUF build
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
buf=$1 check=$2 image=${3-}
shift $(($# < 3 ? $# : 3))

if [ "$check" = build ]; then
  cd "$root/proto"
  exec "$buf" build
fi
if [ "$check" = lint ]; then
  exec "$buf" lint "$image" --config "$root/proto/buf.yaml"
fi

# The contracts of main, built from git into an image of the same form. Before the first commit there is nothing to break.
base=$(mktemp -d)
trap 'rm -rf "$base"' EXIT
branch=main
git -C "$root" rev-parse --quiet --verify "$branch" >/dev/null 2>&1 || branch=HEAD
if ! git -C "$root" archive "$branch" proto 2>/dev/null | tar -x -C "$base" 2>/dev/null; then
  echo "no published contract yet"
  exit 0
fi
includes=()
for folder in "$@"; do includes+=("-I$folder"); done
cd "$base/proto"
mapfile -t files < <(find dangjian -name '*.proto')
protoc -I. "${includes[@]}" --include_imports --include_source_info --descriptor_set_out="$base/main.binpb" "${files[@]}"
exec "$buf" breaking "$image" --against "$base/main.binpb" --config "$root/proto/buf.yaml"
