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
: "${HOTLINE_WSS_BIND:=$HOTLINE_SIP_BIND}"
: "${HOTLINE_WSS_PORT:=$((${HOTLINE_SIP_PORT:-5060} + 2))}"
: "${HOTLINE_CONSOLE_MATCH:=127.0.0.1}"
: "${HOTLINE_AGI_HOST:=127.0.0.1}"
: "${HOTLINE_AMI_BIND:=127.0.0.1}"
: "${HOTLINE_AMI_PERMIT:=127.0.0.1}"
: "${HOTLINE_CITY_NUMBER:=031212345}"
: "${HOTLINE_AGENTS:=8001,8002}"
: "${HOTLINE_QUEUE_SECONDS:=30}"
: "${HOTLINE_QUEUE_TELL_SECONDS:=20}"
: "${HOTLINE_QUEUE_OFFER_SECONDS:=60}"
: "${HOTLINE_QUEUE_MOST:=30}"
: "${HOTLINE_DIALECT_SECONDS:=15}"
export HOTLINE_QUEUE_TELL_SECONDS HOTLINE_QUEUE_OFFER_SECONDS HOTLINE_QUEUE_MOST HOTLINE_DIALECT_SECONDS
: "${HOTLINE_MESSAGE_SECONDS:=180}"
: "${HOTLINE_MESSAGE_SILENCE_SECONDS:=5}"
: "${HOTLINE_ROUTE_WAIT_SECONDS:=10}"
: "${HOTLINE_TALK_SECONDS:=5}"
: "${HOTLINE_SCRIPT_SECONDS:=8}"
: "${HOTLINE_MOST_CHANNELS:=250}"
: "${HOTLINE_TRUNK_LINES:=30}"
: "${HOTLINE_EMERGENCY_LINES:=2}"
: "${HOTLINE_TRUNK_CALLER:=passed}"
: "${HOTLINE_TRUNKS:=}"
for service in 110 119 120 122; do
    eval ": \"\${HOTLINE_ROUTES_$service:=$service}\""
done

checked=$(env | sed -n 's/^HOTLINE_\([A-Z][A-Z0-9_]*\)=.*/\1/p')
for name in $checked; do
    eval "value=\$HOTLINE_$name"
    # Only what the templates use is looked at; other programs' settings are theirs.
    grep -q -r -e "@$name@" "$here/$which" || continue
    case $value in
    '') fail "HOTLINE_$name is empty: give it a value or leave it out" ;;
    *[!A-Za-z0-9._:/,+=@-]*) fail "HOTLINE_$name may hold only letters, digits and . _ : / , + = @ -" ;;
    esac
done
for name in TRUNK_LINES EMERGENCY_LINES TALK_SECONDS; do
    eval "value=\$HOTLINE_$name"
    case $value in '' | *[!0-9]*) fail "HOTLINE_$name is a whole number" ;; esac
done
[ "$HOTLINE_EMERGENCY_LINES" -lt "$HOTLINE_TRUNK_LINES" ] ||
    fail "HOTLINE_EMERGENCY_LINES are some of the HOTLINE_TRUNK_LINES ($HOTLINE_TRUNK_LINES): fewer"
case $HOTLINE_AGENTS in *[!0-9,]*) fail "HOTLINE_AGENTS is a list of extensions such as 8001,8002" ;; esac

# HOTLINE_TRUNKS names further trunks: name=host:port,name=host:port.
trunk_names=trunk
HOTLINE_MORE_TRUNK_SECTIONS=
for trunk in $(printf '%s' "$HOTLINE_TRUNKS" | tr ',' ' '); do
    name=${trunk%%=*} place=${trunk#*=}
    case $name in '' | trunk | *[!a-z0-9]*) fail "HOTLINE_TRUNKS: $name is no name for a trunk, use a-z and 0-9" ;; esac
    case $place in *[!A-Za-z0-9.:-]* | *: | :* | "$trunk") fail "HOTLINE_TRUNKS: write name=host:port, not $trunk" ;; esac
    trunk_names="$trunk_names $name"
    HOTLINE_MORE_TRUNK_SECTIONS="$HOTLINE_MORE_TRUNK_SECTIONS
[$name](far-end)
contact = sip:$place

[$name](line)
aors = $name
"
done
case $HOTLINE_TRUNK_CALLER in
passed) HOTLINE_TRUNK_FROM_USER= ;;
own) HOTLINE_TRUNK_FROM_USER="send_pai = no
trust_id_outbound = no
from_user = $HOTLINE_CITY_NUMBER" ;;
*) fail "HOTLINE_TRUNK_CALLER is passed (the citizen's number goes out) or own (the city's does)" ;;
esac

# HOTLINE_ROUTES_<service> holds number or number@trunk, in the order in which they are rung.
service_routes() {
    for service in 110 119 120 122; do
        routes=
        eval "routes=\$HOTLINE_ROUTES_$service"
        printf 'exten => %s,1,Set(ROUTE=failed)\n' "$service"
        for route in $(printf '%s' "$routes" | tr ',' ' '); do
            number=${route%%@*} trunk=trunk
            case $route in *@*) trunk=${route#*@} ;; esac
            case $number in '' | *[!0-9]*) fail "HOTLINE_ROUTES_$service: $number is not a number" ;; esac
            case " $trunk_names " in *" $trunk "*) ;; *) fail "HOTLINE_ROUTES_$service: no trunk is named $trunk, see HOTLINE_TRUNKS" ;; esac
            printf ' same => n,Gosub(route,s,1(%s,%s,%s,))\n' "$service" "$number" "$trunk"
            # shellcheck disable=SC2016
            printf ' same => n,GotoIf($["${ROUTE}" = "answered"]?over)\n'
        done
        printf ' same => n(over),Return()\n'
    done
}
HOTLINE_SERVICE_ROUTES=$(service_routes) || exit 2

agent_lines() { printf '%s\n' "$HOTLINE_AGENTS" | tr ',' '\n' | sed "$1"; }
HOTLINE_QUEUE_MEMBERS=$(agent_lines 's-.*-member => Local/&@agents/n,5-')
HOTLINE_AGENT_EXTENSIONS=$(agent_lines 's#.*#exten => &,1,Goto(outside,&,1)#')
export HOTLINE_BASE HOTLINE_SIP_HOST HOTLINE_SIP_BIND HOTLINE_EXCHANGE_HOST HOTLINE_TRUNK_HOST \
    HOTLINE_TRUNK_PORT HOTLINE_TRUNK_MATCH HOTLINE_MEDIA_INSIDE HOTLINE_AGI_HOST HOTLINE_AMI_BIND \
    HOTLINE_AMI_PERMIT HOTLINE_CITY_NUMBER HOTLINE_QUEUE_SECONDS HOTLINE_MESSAGE_SECONDS \
    HOTLINE_MESSAGE_SILENCE_SECONDS HOTLINE_QUEUE_MEMBERS HOTLINE_AGENT_EXTENSIONS \
    HOTLINE_ROUTE_WAIT_SECONDS HOTLINE_SCRIPT_SECONDS HOTLINE_MOST_CHANNELS HOTLINE_SERVICE_ROUTES \
    HOTLINE_TRUNK_FROM_USER HOTLINE_MORE_TRUNK_SECTIONS HOTLINE_WSS_BIND HOTLINE_WSS_PORT \
    HOTLINE_CONSOLE_MATCH HOTLINE_TRUNK_LINES HOTLINE_EMERGENCY_LINES \
    HOTLINE_TALK_SECONDS

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
