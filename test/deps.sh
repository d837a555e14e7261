#!/bin/sh
# Sees to it that the tests find what they need on Debian 12: Chromium for the
# browser journeys, PostgreSQL for the second engine, a C compiler for the race
# detector, jq. What is missing is installed when that is possible without
# asking; otherwise the one line to run is printed and the exit status is 2.
set -eu

missing=
need() { missing="$missing $1"; }
command -v chromium >/dev/null || need chromium
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || need postgresql-15
command -v gcc >/dev/null || need gcc
[ -e /usr/include/stdlib.h ] || need libc6-dev
command -v jq >/dev/null || need jq
[ -n "$missing" ] || exit 0

line="apt-get install -y --no-install-recommends$missing"
if ! command -v apt-get >/dev/null; then
	echo "The tests need these Debian packages or their like:$missing" >&2
	exit 2
elif [ "$(id -u)" = 0 ]; then
	as=
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
	as="sudo -n"
else
	echo "The tests need a few packages more. Please run, then try again:" >&2
	echo "  sudo $line" >&2
	exit 2
fi
echo "installing:$missing"
$as apt-get update -qq </dev/null
# shellcheck disable=SC2086
$as env DEBIAN_FRONTEND=noninteractive $line -qq </dev/null >/dev/null
