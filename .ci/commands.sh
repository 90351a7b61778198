#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Tries the commands as people type them: words in, words and exit status out.
#
#   commands.sh SEKISHO
set -uo pipefail

sekisho=$1
sample=share/sample/incident.log
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
passed=0
failed=0
export TZ=Asia/Tokyo

# expect WHAT STATUS [PATTERN] -- COMMAND…: the exit status, and a pattern in what was said on either stream
expect() {
	local what=$1 wanted=$2 pattern='' status=0
	shift 2
	if [[ $1 != -- ]]; then
		pattern=$1
		shift
	fi
	shift
	"$@" >"$folder/said" 2>&1 </dev/null || status=$?
	if [[ $status -eq $wanted ]] && { [[ -z $pattern ]] || grep -qE -- "$pattern" "$folder/said"; }; then
		passed=$((passed + 1))
		echo "ok $what"
	else
		failed=$((failed + 1))
		echo "not ok $what: exit status $status, wanted $wanted${pattern:+ and \"$pattern\"}"
		head -n 5 "$folder/said" | cut -c 1-200
	fi
}

json_says() { python3 -c "import json, sys; r = json.load(open(sys.argv[1])); sys.exit(0 if $1 else 1)" "$2"; }
from_input() { "$sekisho" scan -f json - <"$sample"; }
in_japanese() { LC_ALL=C.UTF-8 LANGUAGE=ja "$sekisho" scan "$sample"; }
without_colour() { ! "$sekisho" scan "$sample" | grep -q $'\e'; }
to_a_full_disk() { ! "$sekisho" scan "$sample" >/dev/full; }

expect "help" 0 'scan' -- "$sekisho" --help
expect "version" 0 '[0-9]+\.[0-9]+\.[0-9]+' -- "$sekisho" --version
expect "help of scan" 0 '--since' -- "$sekisho" scan --help
expect "no command" 2 -- "$sekisho"
expect "unknown command" 2 'nonsense' -- "$sekisho" nonsense
expect "unknown option" 2 -- "$sekisho" scan --nonsense
expect "no log" 2 -- "$sekisho" scan
expect "unknown format" 2 -- "$sekisho" scan -f csv "$sample"
expect "time that is none" 2 -- "$sekisho" scan --since yesterdayish "$sample"
expect "log that is not there" 3 'no-such.log' -- "$sekisho" scan no-such.log
expect "one log missing, the other read" 3 'hanako@example.jp' -- "$sekisho" scan no-such.log "$sample"
expect "sample as text" 0 'hanako@example.jp' -- "$sekisho" scan "$sample"
expect "sample in Japanese" 0 'の|を|から' -- in_japanese
expect "something found" 1 -- "$sekisho" scan --exit-code "$sample"
expect "no colours into a pipe" 0 -- without_colour
expect "a full disk is said" 0 -- to_a_full_disk
expect "sample as JSON" 0 -- "$sekisho" scan -f json -o "$folder/report.json" "$sample"
expect "its schema" 0 -- json_says 'r["schema"] == "sekisho.scan/1"' "$folder/report.json"
expect "its one hijacked account" 0 -- json_says \
	'[i["account"] for i in r["incidents"] if i["verdict"] == "hijacked"] == ["hanako@example.jp"]' "$folder/report.json"
expect "its honest accounts" 0 -- json_says 'len(r["incidents"]) == 1' "$folder/report.json"
expect "its spoofed account" 0 -- json_says 'any(s["account"] == "taro@example.jp" for s in r["spoofed"])' "$folder/report.json"
expect "its own truth" 0 -- share/sample/make.py --against "$folder/report.json"
expect "standard input" 0 '"sekisho.scan/1"' -- from_input
expect "sample as HTML" 0 -- "$sekisho" scan -f html -o "$folder/report.html" "$sample"
expect "the page is one file" 1 '^0$' -- grep -cE '(src|href)="https?:' "$folder/report.html"
gzip -c "$sample" >"$folder/mail.log.gz"
expect "compressed log" 0 'hanako@example.jp' -- "$sekisho" scan "$folder/mail.log.gz"
expect "folder of logs" 0 'hanako@example.jp' -- "$sekisho" scan "$folder"
expect "nothing before it began" 0 -- "$sekisho" scan --exit-code --until 2026-03-01 "$sample"
"$sekisho" config sample >"$folder/sample.conf"
expect "sample settings are sound" 0 -- "$sekisho" config check "$folder/sample.conf"
expect "settings are shown" 0 'suspect_bits' -- "$sekisho" config show "$folder/sample.conf"
echo 'no_such_setting = 1' >"$folder/faulty.conf"
expect "faulty settings" 1 'no_such_setting' -- "$sekisho" config check "$folder/faulty.conf"
expect "help of judge" 0 'standard input' -- "$sekisho" judge --help
expect "run builds" 0 -- ./run --build
expect "run scans" 0 'report.html' -- ./run "$sample"
expect "run does not know it" 2 'usage' -- ./run --nonsense
expect "generated log, against its truth" 0 'exact' -- python3 bench/run.py --truth --megabytes 24 --sekisho "$sekisho"
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
