#!/bin/sh
# Puts Asterisk 22.10.1 or newer where the hotline expects it.
#
#   install.sh             a small Debian root directory of its own under $HOTLINE_ASTERISK_ROOT
#   install.sh --in-place  Debian's asterisk package on this very system (container images)
#
# Does only what is missing; a directory is built under another name and renamed when it is whole.
set -eu

suite=${HOTLINE_ASTERISK_SUITE:-forky}
oldest=22.10.1
user_number=51235
needed_kb=1500000
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
root=${HOTLINE_ASTERISK_ROOT:-$here/../var/asterisk}

say() { printf 'asterisk: %s\n' "$*"; }
fail() {
    printf 'asterisk: %s\n' "$*" >&2
    exit 1
}

new_enough() {
    [ "$(printf '%s\n%s\n' "$oldest" "$1" | sort -V | head -n 1)" = "$oldest" ]
}

# Version of the Asterisk under directory $1, empty when there is none.
version_under() {
    if [ "$1" = / ]; then
        command -v asterisk >/dev/null 2>&1 || return 0
        asterisk -V 2>/dev/null | sed -n 's/^Asterisk \([0-9][0-9.]*\).*/\1/p'
    else
        [ -x "$1/usr/sbin/asterisk" ] || return 0
        chroot "$1" /usr/sbin/asterisk -V 2>/dev/null | sed -n 's/^Asterisk \([0-9][0-9.]*\).*/\1/p'
    fi
}

# Address of the archive this machine already installs from, as its own apt settings name it.
mirror() {
    # shellcheck disable=SC1091
    codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(CODENAME) $(COMPONENT)' 'Created-By: Packages' |
        awk -v codename="$codename" '$2 == codename && $3 == "main" { print $1; exit }'
}

in_place() {
    found=$(version_under /)
    if new_enough "${found:-0}"; then
        say "$found is already installed"
        return
    fi
    say "installing the asterisk package"
    apt-get update -q || fail "apt cannot read its archives: check the network and /etc/apt, then run this again"
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends asterisk asterisk-modules ||
        fail "apt could not install asterisk: use a system of suite $suite or newer (Debian 12 and 13 have no such package)"
    found=$(version_under /)
    new_enough "${found:-0}" ||
        fail "installed version is ${found:-unknown}, needed is $oldest or newer: use a newer Debian suite"
    say "$found is installed"
}

# Everything that could stop the installation half way, asked before it begins.
check_ground() {
    command -v mmdebstrap >/dev/null 2>&1 || fail "mmdebstrap is missing: apt-get install mmdebstrap"
    mkdir -p "$(dirname "$root")" || fail "cannot create $(dirname "$root"): set HOTLINE_ASTERISK_ROOT to a writable place"
    free_kb=$(df -Pk "$(dirname "$root")" | awk 'NR == 2 { print $4 }')
    [ "$free_kb" -ge "$needed_kb" ] ||
        fail "only $((free_kb / 1000)) MB free under $(dirname "$root"), $((needed_kb / 1000)) MB needed: free some, or set HOTLINE_ASTERISK_ROOT elsewhere"
    archive=$(mirror)
    [ -n "$archive" ] || fail "no Debian archive in this machine's apt settings: add one to /etc/apt/sources.list and run apt-get update"
}

# A user number of its own: the one Debian gives would belong to some other program outside the root.
own_user() {
    old=$(chroot "$1" id -u asterisk)
    chroot "$1" usermod -u "$user_number" asterisk
    chroot "$1" groupmod -g "$user_number" asterisk
    chroot "$1" find /etc /var /usr -xdev -user "$old" -exec chown -h asterisk:asterisk {} +
}

build_root() {
    unfinished="$root.unfinished"
    rm -rf --one-file-system "$unfinished"
    trap 'rm -rf --one-file-system "$unfinished"' EXIT
    trap 'exit 1' HUP INT TERM
    say "building a Debian $suite root with Asterisk (about 350 MB, half a minute)"
    mmdebstrap --variant=apt \
        --aptopt='Acquire::Check-Valid-Until "false"' --aptopt='APT::Install-Recommends "false"' \
        --include=asterisk,asterisk-modules "$suite" "$unfinished" "$archive" ||
        fail "the root could not be built: see the lines above, check the network, then run this again"
    found=$(version_under "$unfinished")
    new_enough "${found:-0}" ||
        fail "suite $suite holds Asterisk ${found:-nothing}, needed is $oldest or newer: set HOTLINE_ASTERISK_SUITE to a newer suite"
    own_user "$unfinished"
    if [ -e "$root" ]; then
        # Calls, recordings and settings of the instances outlive the programs around them.
        if [ -d "$root/srv" ]; then
            rm -rf --one-file-system "$unfinished/srv"
            mv "$root/srv" "$unfinished/srv"
        fi
        rm -rf --one-file-system "$root"
    fi
    mv "$unfinished" "$root"
    trap - EXIT
    say "$found is installed in $root"
}

case ${1:-} in
'' | --in-place) ;;
*) fail "unknown argument $1: give --in-place or nothing" ;;
esac
[ "$(id -u)" = 0 ] || fail "must run as root: run it with sudo"
command -v apt-get >/dev/null 2>&1 || fail "apt-get is missing: this needs Debian 12 or newer"
if [ "${1:-}" = --in-place ] || [ "$root" = / ]; then
    in_place
    exit 0
fi
mkdir -p "$(dirname "$root")"
exec 9>"$root.lock"
flock -n 9 || fail "another installation into $root is running: wait for it to end"
found=$(version_under "$root")
if new_enough "${found:-0}"; then
    say "$found is already in $root"
    exit 0
fi
check_ground
build_root
