#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Looks at HTML reports in a browser: the sample incident in both languages, a log in which nothing happened, a page
# full of what hostile log lines try, backtests with one and two configurations, and the paper on one incident.
#
#   browser.sh BUILD
set -euo pipefail

tree=$1
pages=$tree/check/pages
sample=share/sample/incident.log
rm -rf "$pages"
mkdir -p "$pages"
export TZ=Asia/Tokyo

LC_ALL=C.UTF-8 LANGUAGE=C "$tree/sekisho" scan -f html -o "$pages/incident.html" "$sample"
LC_ALL=C.UTF-8 LANGUAGE=ja "$tree/sekisho" scan -f html -o "$pages/incident-ja.html" "$sample"
head -n 40 "$sample" | "$tree/sekisho" scan -f html -o "$pages/quiet.html" -
trace=$pages/trace.jsonl
bench/hijack/run --trace "$trace" --seeds 7 --accounts 40 --days 14 2>/dev/null
LC_ALL=C.UTF-8 LANGUAGE=C "$tree/sekisho" replay --calibrate --against strict -f html -o "$pages/replay.html" "$trace"
LC_ALL=C.UTF-8 LANGUAGE=ja "$tree/sekisho" replay --calibrate -f html -o "$pages/replay-ja.html" "$sample"
if [[ -x $tree/sample_page ]]; then
	"$tree/sample_page" html hostile >"$pages/hostile.html"
	export SEKISHO_LOCALE_DIR=$PWD/$tree/po
	LC_ALL=C.UTF-8 LANGUAGE=C "$tree/sample_page" html paper >"$pages/paper.html"
	LC_ALL=C.UTF-8 LANGUAGE=ja "$tree/sample_page" html paper >"$pages/paper-ja.html"
	LC_ALL=C.UTF-8 LANGUAGE=ja "$tree/sample_page" html paper-bare >"$pages/paper-bare.html"
	LC_ALL=C.UTF-8 LANGUAGE=C "$tree/sample_page" html paper-hostile >"$pages/paper-hostile.html"
fi

status=0
python3 tests/browser/report_page.py "$pages"/*.html "$pages" | tee "$pages/said" || status=$?
passed=$(grep -c '^ok' "$pages/said" || true)
failed=$(grep -c '^not ok' "$pages/said" || true)
if [[ $status -ne 0 && $failed -eq 0 ]]; then
	failed=1
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
