#!/usr/bin/env bash
# From a bare Debian 12 to two reports: installs the packages, builds, makes a local certificate authority and tokens,
# initialises the stores, starts the four services with records and the gateway with mutual TLS, loads seeds/dongfenglu and
# seeds/guangming through the gateway and prints the half-year report of the street and the two years of the community.
# Stays until Ctrl-C and then stops all it started.
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

usage() {
  cat <<'TEXT'
usage: deploy/quickstart.sh [--once] [--data DIR] [--figures FILE] [--port-base N]
  --once          leave after the reports
  --data DIR      folder of the stores, logs, certificates and tokens (default: $XDG_STATE_HOME/dangjian, else ~/.local/state/dangjian);
                  a folder that holds data is used as it is, and nothing is loaded twice
  --figures FILE  also write the figures of both reports: id<TAB>value<TAB>unit<TAB>state
  --port-base N   gRPC at N (gateway), N+1 (registry), N+2 (pledge), N+3 (welfare), N+4 (activity), admin pages at
                  N+10 to N+14 in the same order (default: $DANGJIAN_PORT_BASE, else 50050)
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
if ! [[ $port_base =~ ^[0-9]{1,5}$ ]] || [ "$port_base" -lt 1024 ] || [ "$port_base" -gt 65521 ]; then
  fail "--port-base is a number from 1024 to 65521, not $port_base"
fi

stores=(registry pledge welfare activity)
services=("${stores[@]}" gateway)
declare -A port=() admin=()
number=$port_base
for service in gateway "${stores[@]}"; do
  port[$service]=$number
  admin[$service]=$((number + 10))
  number=$((number + 1))
done
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
  local log=$root/build/quickstart.log targets=("${services[@]/#/dangjian-}" dangjianctl dangjian-seed)
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

# Certificates and token keys of an installation on one machine: made once, in $data/pki. Tokens are good for some hours, so
# each run issues its own.
make_identities() {
  local ctl=$build/services/ctl/dangjianctl service subject
  if [ ! -f "$pki/authority/ca.pem" ]; then
    "$ctl" pki --folder "$pki/authority" init --days 3650 >/dev/null || fail "no certificate authority could be made in $pki"
  fi
  for service in "${services[@]}"; do
    [ -f "$pki/$service.pem" ] || "$ctl" pki --folder "$pki/authority" issue --name "$service" --service --out "$pki" \
      --host 127.0.0.1 --host localhost --days 3650 >/dev/null || fail "no certificate for $service could be made in $pki"
  done
  [ -f "$pki/admin.pem" ] || "$ctl" pki --folder "$pki/authority" issue --name admin --out "$pki" --days 3650 >/dev/null ||
    fail "no certificate for a caller could be made in $pki"
  [ -f "$pki/tokens.jwks" ] || "$ctl" token --key "$pki/tokens.key" keys --keys "$pki/tokens.jwks" --id quickstart-1 >/dev/null ||
    fail "no signing key could be made in $pki"
  for subject in admin seed-loader seed-reviewer seed-approver; do
    "$ctl" token --key "$pki/tokens.key" issue --issuer quickstart --audience dangjian --subject "$subject" \
      --certificate "$pki/admin.pem" --out "$pki/$subject.jwt" || fail "no token for $subject could be issued in $pki"
  done
}

# $1: service. An existing store is left as it is.
init_store() {
  local answer
  if ! answer=$("$build/services/$1/dangjian-$1" init --data "$data/$1" 2>&1); then
    [[ $answer == *"there is a store in"* ]] || fail "$answer"
  fi
}

# $1: service; the rest: flags of its own.
start() {
  local service=$1
  shift
  "$build/services/$service/dangjian-$service" --auth tokens --tls-certificate "$pki/$service.pem" \
    --tls-key "$pki/$service.key" --tls-authorities "$pki/authority/ca.pem" --tls-revocations "$pki/authority/crl.pem" \
    --token-keys "$pki/tokens.jwks" --token-issuer quickstart --token-audience dangjian \
    --listen "127.0.0.1:${port[$service]}" --admin-listen "127.0.0.1:${admin[$service]}" --drain-seconds 0.5 "$@" </dev/null >>"$data/$service.log" 2>&1 &
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

# $1: template, $2: organisation; the rest: the periods. Adds the figures to the file that was asked for.
print_report() {
  local options=("${as_admin[@]}" --token "$pki/admin.jwt" --template "$1" --organization "organizations/$2" "${@:3}")
  [ -z "$figures" ] || options+=(--figures "$data/$1.tsv")
  "$build/services/ctl/dangjianctl" report "${options[@]}"
  [ -z "$figures" ] || cat "$data/$1.tsv" >>"$figures"
}

print_next_steps() {
  local service
  printf '\nWhere to go next\n'
  for service in gateway "${stores[@]}"; do
    printf '  %-9s 127.0.0.1:%-6s http://127.0.0.1:%s/metrics\n' "$service" "${port[$service]}" "${admin[$service]}"
  done
  cat <<TEXT
  data and logs in $data

  certificates and tokens in $pki; a token is good for 8 hours, and a new start issues new ones

  Who you are, for the commands below:
  export DANGJIAN_TLS_CERTIFICATE=$pki/admin.pem DANGJIAN_TLS_KEY=$pki/admin.key \\
    DANGJIAN_TLS_AUTHORITIES=$pki/authority/ca.pem DANGJIAN_TOKEN=$pki/admin.jwt DANGJIAN_GATEWAY=$gateway
  Call any method:
  $build/services/ctl/dangjianctl call dangjian.registry.v1.OrganizationService/GetOrganization \\
    '{"name":"organizations/dongfenglu"}'
  List the records behind a figure:
  $build/services/ctl/dangjianctl explain --template dongfenglu-half-year \\
    --organization organizations/dongfenglu --from 2024-01-01 --to 2024-06-30 --figure D09
  The same with buf, by reflection (buf: npm install @bufbuild/buf; tests/run.sh leaves one in build/tools/node_modules/.bin):
  buf curl --protocol grpc --cacert $pki/authority/ca.pem --cert $pki/admin.pem --key $pki/admin.key \\
    -H "authorization: Bearer \$(cat $pki/admin.jwt)" -d '{"name":"organizations/dongfenglu"}' \\
    https://$gateway/dangjian.registry.v1.OrganizationService/GetOrganization
TEXT
}

[ -z "$figures" ] || : 2>/dev/null >"$figures" || fail "cannot write $figures: name a file in a folder that exists"
mkdir -p "$data" 2>/dev/null || fail "cannot make the folder $data: name another one with --data"
data=$(cd "$data" && pwd)
pki=$data/pki
as_admin=(--gateway "$gateway" --tls-certificate "$pki/admin.pem" --tls-key "$pki/admin.key"
  --tls-authorities "$pki/authority/ca.pem")

check_ports
[ -f "$build/services/gateway/dangjian-gateway" ] || check_space "$root" 512 "the build"
check_space "$data" 256 "the stores"
say "[1/5] packages"
"$root/deploy/install-packages.sh" "$root/deploy/packages.txt"
say "[2/5] build"
build_all
say "[3/5] four services and the gateway, with mutual TLS and tokens"
make_identities
backends=()
for service in "${stores[@]}"; do
  init_store "$service"
  options=(--data "$data/$service")
  [ "$service" = registry ] || options+=(--registry-address "127.0.0.1:${port[registry]}")
  start "$service" "${options[@]}"
  backends+=("$service=127.0.0.1:${port[$service]}")
done
start gateway --templates "$root/services/gateway/templates" --backend "$(IFS=, && printf '%s' "${backends[*]}")"
wait_ready
say "[4/5] the records of a street and of a community"
for area in dongfenglu guangming; do
  "$build/seeds/loader/dangjian-seed" "${as_admin[@]}" --tokens "$pki" --dir "$root/seeds/$area"
done
say "[5/5] the reports"
print_report dongfenglu-half-year dongfenglu --from 2024-01-01 --to 2024-06-30 --compare-from 2023-01-01 --compare-to 2023-06-30
print_report guangming-biennial guangming --from 2005-01-01 --to 2006-12-31
print_next_steps
if [ "$once" = yes ]; then exit 0; fi
say ""
say "Ctrl-C stops all of them."
trap 'exit 0' INT TERM
wait -n "${pids[@]}" || true
fail "a service has stopped by itself: see the logs in $data"
