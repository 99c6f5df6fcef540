#!/usr/bin/env bash
# From a bare Debian 12 to a street's half-year report: installs the packages, builds, initialises the stores, starts the
# registry, the pledge service and the gateway on loopback, loads seeds/dongfenglu through the gateway and prints the report.
# Stays until Ctrl-C and then stops all it started.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
usage: deploy/quickstart.sh [--once] [--data DIR] [--figures FILE] [--port-base N]
  --once          leave after the report
  --data DIR      folder of the stores and logs (default: $XDG_STATE_HOME/dangjian, else ~/.local/state/dangjian);
                  a folder that holds data is used as it is, and nothing is loaded twice
  --figures FILE  also write the figures: id<TAB>value<TAB>unit<TAB>state
  --port-base N   gRPC at N (gateway), N+1 (registry), N+2 (pledge), admin pages at N+10, N+11, N+12
                  (default: $DANGJIAN_PORT_BASE, else 50050)
TEXT
}

say() { printf '%s\n' "$*" >&2; }
fail() {
  say "quickstart: $*"
  exit 1
}

once=no
data=${XDG_STATE_HOME:-${HOME:-/tmp}/.local/state}/dangjian
figures=
port_base=${DANGJIAN_PORT_BASE:-50050}
while [ $# -gt 0 ]; do
  case "$1" in
    --once) once=yes && shift ;;
    --data | --figures | --port-base)
      [ $# -ge 2 ] || fail "$1 needs a value; see --help"
      case "$1" in
        --data) data=$2 ;;
        --figures) figures=$2 ;;
        --port-base) port_base=$2 ;;
      esac
      shift 2
      ;;
    -h | --help) usage && exit 0 ;;
    *)
      usage >&2
      fail "unknown option $1"
      ;;
  esac
done
if ! [[ $port_base =~ ^[0-9]{1,5}$ ]] || [ "$port_base" -lt 1024 ] || [ "$port_base" -gt 65523 ]; then
  fail "--port-base is a number from 1024 to 65523, not $port_base"
fi

services=(registry pledge gateway)
declare -A port=([gateway]=$port_base [registry]=$((port_base + 1)) [pledge]=$((port_base + 2)))
declare -A admin=([gateway]=$((port_base + 10)) [registry]=$((port_base + 11)) [pledge]=$((port_base + 12)))
build=$root/build/release
gateway=127.0.0.1:${port[gateway]}

pids=()
# shellcheck disable=SC2317  # called by the traps
stop_all() {
  trap - EXIT INT TERM
  if [ ${#pids[@]} -gt 0 ]; then
    say "stopping"
    kill -TERM "${pids[@]}" 2>/dev/null || true
    wait "${pids[@]}" 2>/dev/null || true
  fi
}
trap stop_all EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# $1: folder, $2: MiB that must be free there, $3: what for.
check_space() {
  local free
  free=$(df -Pm "$1" | awk 'NR == 2 { print $4 }')
  [ "$free" -ge "$2" ] || fail "only $free MiB are free for $3 in $1: make room for $2 MiB, or name another folder"
}

check_ports() {
  local service number
  for service in "${services[@]}"; do
    for number in "${port[$service]}" "${admin[$service]}"; do
      if (exec 3<>"/dev/tcp/127.0.0.1/$number") 2>/dev/null; then
        fail "port $number is taken: stop what listens there, or choose other ports with --port-base"
      fi
    done
  done
}

# Reads ninja's lines: on a terminal one line that counts up, else a line for every tenth of the work.
show_build() {
  local line finished total shown=-1
  while IFS= read -r line; do
    [[ $line =~ ^\[([0-9]+)/([0-9]+)\] ]] || continue
    finished=${BASH_REMATCH[1]} total=${BASH_REMATCH[2]}
    if [ -t 2 ]; then
      printf '\r  %d of %d' "$finished" "$total" >&2
    elif [ $((finished * 10 / total)) -ne "$shown" ]; then
      shown=$((finished * 10 / total))
      say "  $finished of $total"
    fi
  done
  if [ -t 2 ]; then printf '\n' >&2; fi
}

build_all() {
  local log=$root/build/quickstart.log targets=(dangjian-registry dangjian-pledge dangjian-gateway dangjianctl dangjian-seed)
  mkdir -p "$root/build"
  # A tree that tests/run.sh has configured is used as it is.
  if [ ! -f "$build/build.ninja" ]; then
    (cd "$root" && cmake --preset release -DBUILD_TESTING=OFF) >"$log" 2>&1 || {
      tail -n 20 "$log" >&2
      fail "the build could not be configured: see $log"
    }
  fi
  if ! ninja -C "$build" "${targets[@]}" 2>&1 | tee "$log" | show_build; then
    grep -m 1 -A 20 '^FAILED' "$log" >&2 || tail -n 20 "$log" >&2
    fail "the build failed: see $log"
  fi
}

# $1: service. An existing store is left as it is.
init_store() {
  local answer
  if ! answer=$("$build/services/$1/dangjian-$1" init --auth development --data "$data/$1" 2>&1); then
    [[ $answer == *"there is a store in"* ]] || fail "$answer"
  fi
}

# $1: service; the rest: flags of its own.
start() {
  local service=$1
  shift
  "$build/services/$service/dangjian-$service" --auth development --listen "127.0.0.1:${port[$service]}" \
    --admin-listen "127.0.0.1:${admin[$service]}" --drain-seconds 0.5 "$@" </dev/null >>"$data/$service.log" 2>&1 &
  pids+=($!)
}

wait_ready() {
  local service i
  for i in "${!services[@]}"; do
    service=${services[$i]}
    for _ in $(seq 300); do
      if curl -fsS --noproxy '*' -o /dev/null "http://127.0.0.1:${admin[$service]}/readyz" 2>/dev/null; then continue 2; fi
      kill -0 "${pids[$i]}" 2>/dev/null || fail "dangjian-$service stopped: $(tail -n 1 "$data/$service.log")"
      sleep 0.1
    done
    fail "dangjian-$service is not ready after 30 seconds: see $data/$service.log"
  done
}

print_report() {
  local options=(--gateway "$gateway" --template dongfenglu-half-year --organization organizations/dongfenglu
    --from 2024-01-01 --to 2024-06-30 --compare-from 2023-01-01 --compare-to 2023-06-30)
  [ -z "$figures" ] || options+=(--figures "$figures")
  "$build/services/ctl/dangjianctl" report "${options[@]}"
}

print_next_steps() {
  cat <<TEXT

Where to go next
  gateway   $gateway          http://127.0.0.1:${admin[gateway]}/metrics
  registry  127.0.0.1:${port[registry]}          http://127.0.0.1:${admin[registry]}/metrics
  pledge    127.0.0.1:${port[pledge]}          http://127.0.0.1:${admin[pledge]}/metrics
  data and logs in $data

  Ask the gateway by reflection (buf: npm install @bufbuild/buf; tests/run.sh leaves one in build/tools/node_modules/.bin):
  buf curl --protocol grpc --http2-prior-knowledge -d '{"name":"organizations/dongfenglu"}' \\
    http://$gateway/dangjian.registry.v1.OrganizationService/GetOrganization
  List the records behind a figure:
  $build/services/ctl/dangjianctl explain --gateway $gateway --template dongfenglu-half-year \\
    --organization organizations/dongfenglu --from 2024-01-01 --to 2024-06-30 --figure D09
TEXT
}

[ -z "$figures" ] || : 2>/dev/null >"$figures" || fail "cannot write $figures: name a file in a folder that exists"
mkdir -p "$data" 2>/dev/null || fail "cannot make the folder $data: name another one with --data"
data=$(cd "$data" && pwd)

check_ports
[ -f "$build/services/gateway/dangjian-gateway" ] || check_space "$root" 512 "the build"
check_space "$data" 256 "the stores"
say "[1/5] packages"
"$root/deploy/install-packages.sh" "$root/deploy/packages.txt"
say "[2/5] build"
build_all
say "[3/5] three services on loopback"
init_store registry
init_store pledge
start registry --data "$data/registry"
start pledge --data "$data/pledge" --registry-address "127.0.0.1:${port[registry]}"
start gateway --templates "$root/services/gateway/templates" \
  --backend "registry=127.0.0.1:${port[registry]},pledge=127.0.0.1:${port[pledge]}"
wait_ready
say "[4/5] the records of a street"
"$build/seeds/loader/dangjian-seed" --gateway "$gateway" --dir "$root/seeds/dongfenglu"
say "[5/5] the report"
print_report
print_next_steps
if [ "$once" = yes ]; then exit 0; fi
say ""
say "Ctrl-C stops all three."
trap 'exit 0' INT TERM
wait -n "${pids[@]}" || true
fail "a service has stopped by itself: see the logs in $data"
