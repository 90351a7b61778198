#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Builds every fuzzer with clang, replays its corpus, then fuzzes for some seconds. New inputs go to a scratch folder;
# one that crashes stays in build-fuzz/NAME/ and belongs into fuzz/corpus/NAME/ together with the mend.
#
#   fuzz.sh SECONDS
set -euo pipefail

seconds=$1
tree=build-fuzz
passed=0
failed=0

# try NAME WORDS COMMAND…
try() {
	local name=$1 what=$2
	shift 2
	if "$@" >"$tree/$name.log" 2>&1; then
		passed=$((passed + 1))
		echo "ok $name: $what"
	else
		failed=$((failed + 1))
		echo "not ok $name: $what"
		grep -E 'ERROR|SUMMARY|runtime error|Test unit written' "$tree/$name.log" | tail -n 8 || tail -n 8 "$tree/$name.log"
	fi
}

[[ -f $tree/build.ninja ]] || CC=clang meson setup "$tree" -Dfuzz=true -Dbuildtype=debugoptimized \
	-Dwerror=true -Db_sanitize=address,undefined -Db_lundef=false
ninja -C "$tree" -j "$(nproc)"
for source in fuzz/fuzz_*.c; do
	name=$(basename "$source" .c)
	corpus=fuzz/corpus/${name#fuzz_}
	found=$tree/$name.found
	mkdir -p "$found"
	mapfile -t inputs < <(find "$corpus" -type f 2>/dev/null)
	try "$name" "${#inputs[@]} inputs replayed" "$tree/$name" -runs=0 "${inputs[@]}"
	try "$name" "$seconds s of fuzzing" "$tree/$name" -max_total_time="$seconds" -timeout=20 -rss_limit_mb=2048 \
		-max_len=65536 -print_final_stats=1 -artifact_prefix="$found/" "$found" "$corpus"
done
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
