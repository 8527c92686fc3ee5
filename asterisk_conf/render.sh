#!/bin/sh
# Writes one Asterisk's configuration from its templates.
#
#   render.sh hotline|exchange   -> $HOTLINE_ASTERISK_ROOT/srv/$HOTLINE_INSTANCE/[exchange/]etc
#
# A placeholder @NAME@ stands for the environment variable HOTLINE_NAME. A placeholder without its
# variable, or a value that could mean something to Asterisk's parser, ends the run and writes nothing.
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)

fail() {
    printf 'asterisk settings: %s\n' "$*" >&2
    exit 2
}

which=${1:-}
case $which in
hotline) place= ;;
exchange) place=/exchange ;;
*) fail "say which: render.sh hotline or render.sh exchange" ;;
esac

for name in ASTERISK_ROOT INSTANCE; do
    eval "value=\${HOTLINE_$name:-}"
    [ -n "$value" ] || fail "HOTLINE_$name is not set: run 'hotline init', or set it in the environment"
done
case $HOTLINE_INSTANCE in *[!a-z0-9-]*) fail "HOTLINE_INSTANCE may hold only a-z, 0-9 and -" ;; esac

# What follows from other settings unless it is set itself.
HOTLINE_BASE=/srv/$HOTLINE_INSTANCE$place
: "${HOTLINE_SIP_HOST:=127.0.0.1}"
: "${HOTLINE_SIP_BIND:=$HOTLINE_SIP_HOST}"
: "${HOTLINE_EXCHANGE_HOST:=127.0.0.2}"
: "${HOTLINE_TRUNK_HOST:=$HOTLINE_EXCHANGE_HOST}"
: "${HOTLINE_TRUNK_PORT:=${HOTLINE_EXCHANGE_SIP_PORT:-5060}}"
: "${HOTLINE_TRUNK_MATCH:=$HOTLINE_TRUNK_HOST}"
: "${HOTLINE_MEDIA_INSIDE:=/srv/$HOTLINE_INSTANCE/media}"
: "${HOTLINE_AGI_HOST:=127.0.0.1}"
: "${HOTLINE_AMI_BIND:=127.0.0.1}"
: "${HOTLINE_AMI_PERMIT:=127.0.0.1}"
: "${HOTLINE_CITY_NUMBER:=031212345}"
: "${HOTLINE_AGENTS:=8001,8002}"
: "${HOTLINE_QUEUE_SECONDS:=30}"
: "${HOTLINE_MESSAGE_SECONDS:=180}"
: "${HOTLINE_MESSAGE_SILENCE_SECONDS:=5}"

checked=$(env | sed -n 's/^HOTLINE_\([A-Z][A-Z0-9_]*\)=.*/\1/p')
for name in $checked; do
    eval "value=\$HOTLINE_$name"
    # Only what the templates use is looked at; other programs' settings are theirs.
    grep -q -r -e "@$name@" "$here/$which" || continue
    case $value in
    '') fail "HOTLINE_$name is empty: give it a value or leave it out" ;;
    *[!A-Za-z0-9._:/,+=-]*) fail "HOTLINE_$name may hold only letters, digits and . _ : / , + = -" ;;
    esac
done
case $HOTLINE_AGENTS in *[!0-9,]*) fail "HOTLINE_AGENTS is a list of extensions such as 8001,8002" ;; esac

agent_lines() { printf '%s\n' "$HOTLINE_AGENTS" | tr ',' '\n' | sed "$1"; }
HOTLINE_QUEUE_MEMBERS=$(agent_lines 's,.*,member => Local/&@agents/n,')
HOTLINE_AGENT_EXTENSIONS=$(agent_lines 's#.*#exten => &,1,Dial(PJSIP/&@trunk,60)#')
export HOTLINE_BASE HOTLINE_SIP_HOST HOTLINE_SIP_BIND HOTLINE_EXCHANGE_HOST HOTLINE_TRUNK_HOST \
    HOTLINE_TRUNK_PORT HOTLINE_TRUNK_MATCH HOTLINE_MEDIA_INSIDE HOTLINE_AGI_HOST HOTLINE_AMI_BIND \
    HOTLINE_AMI_PERMIT HOTLINE_CITY_NUMBER HOTLINE_QUEUE_SECONDS HOTLINE_MESSAGE_SECONDS \
    HOTLINE_MESSAGE_SILENCE_SECONDS HOTLINE_QUEUE_MEMBERS HOTLINE_AGENT_EXTENSIONS

etc=${HOTLINE_ASTERISK_ROOT%/}$HOTLINE_BASE/etc
unfinished=$etc.unfinished
rm -rf "$unfinished"
trap 'rm -rf "$unfinished"' EXIT
umask 022
mkdir -p "${etc%/*}" || fail "cannot write ${etc%/*}: run as root"
umask 027
mkdir "$unfinished"
for template in "$here/$which"/*.conf; do
    awk -v file="$which/$(basename "$template")" '
        {
            rest = $0; line = ""
            while (match(rest, /@[A-Z][A-Z0-9_]*@/)) {
                name = "HOTLINE_" substr(rest, RSTART + 1, RLENGTH - 2)
                if (!(name in ENVIRON)) {
                    printf "asterisk settings: %s is not set, and %s line %d needs it\n", name, file, NR > "/dev/stderr"
                    exit 2
                }
                line = line substr(rest, 1, RSTART - 1) ENVIRON[name]
                rest = substr(rest, RSTART + RLENGTH)
            }
            print line rest
        }' "$template" >"$unfinished/$(basename "$template")"
done
rm -rf "$etc"
mv "$unfinished" "$etc"
trap - EXIT
