#!/bin/sh
# Renders and runs one Asterisk in the foreground; SIGTERM ends it and its calls.
#
#   start.sh hotline    the hotline itself
#   start.sh exchange   the simulated telephone network
set -eu

here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
which=${1:-}

fail() {
    printf 'asterisk: %s\n' "$*" >&2
    exit 2
}

"$here/render.sh" "$which"
case $which in
hotline) base=/srv/$HOTLINE_INSTANCE ;;
exchange) base=/srv/$HOTLINE_INSTANCE/exchange ;;
esac
root=${HOTLINE_ASTERISK_ROOT%/}
[ -x "$root/usr/sbin/asterisk" ] || fail "no Asterisk in ${root:-/}: run asterisk_conf/install.sh"
[ "$(id -u)" = 0 ] || fail "must start as root (it then runs as user asterisk): use sudo"

inside() {
    if [ -n "$root" ]; then chroot "$root" "$@"; else "$@"; fi
}

umask 022
for directory in run db spool log heard sounds; do
    mkdir -p "$root$base/$directory"
done
if [ "$which" = hotline ]; then
    media=$root${HOTLINE_MEDIA_INSIDE:-$base/media}
    for directory in sounds/zh speech utterances recordings messages; do
        mkdir -p "$media/$directory"
    done
    chmod 755 "$media"
    # Other programs write what Asterisk plays; whatever their umask, its group may read it.
    shared=${media#"$root"}
    inside chown -R :asterisk "$shared/sounds" "$shared/speech"
    inside chmod -R g+rX "$shared/sounds" "$shared/speech"
    chmod 2755 "$media/sounds" "$media/sounds/zh" "$media/speech"
    inside chown asterisk:asterisk "$shared/recordings" "$shared/messages"
    chmod 750 "$media/recordings" "$media/messages" "$media/utterances"
    # No call outlives its exchange: whoever was on the line when it went down was cut off, which the
    # notes of their legs must tell. A crash tells nothing itself.
    for legs in "$media"/recordings/*.legs; do
        [ -e "$legs" ] || continue
        awk -F'|' '
            $2 == "citizen" { ended = 0 }
            $2 == "caller" && ($3 == "left" || $3 == "cut") { ended = 1 }
            END { exit ended }' "$legs" || continue
        printf '%s|caller|cut|\n' "$(date +%s.%3N)" >>"$legs"
    done
fi
if [ "$which" = hotline ]; then
    # The browser's telephone speaks over TLS. Whoever has a certificate of their own puts it here.
    mkdir -p "$root$base/keys"
    chmod 750 "$root$base/keys"
    if [ ! -s "$root$base/keys/wss.pem" ]; then
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 3650 \
            -subj "/CN=${HOTLINE_SIP_HOST:-127.0.0.1}" -addext "subjectAltName=IP:127.0.0.1" \
            -keyout "$root$base/keys/key" -out "$root$base/keys/certificate" 2>/dev/null \
            || fail "no certificate could be made for the agents' telephones: install openssl"
        cat "$root$base/keys/key" "$root$base/keys/certificate" >"$root$base/keys/wss.pem"
        rm "$root$base/keys/key" "$root$base/keys/certificate"
    fi
    inside chown -R root:asterisk "$base/keys"
    inside chmod 640 "$base/keys/wss.pem"
fi
inside chown asterisk:asterisk "$base" "$base/run" "$base/db" "$base/spool" "$base/log" "$base/heard" "$base/sounds"
inside chown -R root:asterisk "$base/etc"
rm -f "$root$base/run/asterisk.pid" "$root$base/run/asterisk.ctl"

# The environment stays outside: it holds secrets that no call script in Asterisk needs.
set -- /usr/sbin/asterisk -f -q -U asterisk -G asterisk -C "$base/etc/asterisk.conf"
if [ -n "$root" ]; then set -- chroot "$root" "$@"; fi
cd /
# What Asterisk logs is told on standard output, where the supervisor keeps a bounded share of it.
# Its own file is emptied beyond 20 MB: a flood of refused messages must not fill the disk.
# Both tails end with the process that this one becomes. Asterisk writes callers' numbers where
# something about them is odd (a name longer than it takes): they are shown without their middle.
log=$root$base/log/messages.log
: >"$log"
inside chown asterisk:asterisk "$base/log/messages.log"
chmod 600 "$log"
tail -q -n 0 -s 0.2 -F --pid=$$ "$log" 2>/dev/null |
    sed -u -E 's/([0-9]{3})[0-9]{3,}([0-9]{4})/\1****\2/g' &
while
    ended=0
    timeout 10 tail -s 0.2 -f --pid=$$ /dev/null || ended=$?
    [ "$ended" = 124 ]
do
    if [ "$(wc -c <"$log")" -gt 20000000 ]; then : >"$log"; fi
done >/dev/null 2>&1 &
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8 HOME="$base" ${TZ:+TZ="$TZ"} "$@"
