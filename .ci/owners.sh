#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# An owner's way back in a browser, in both languages; the pictures stay in BUILD/check/owners.
#
#   owners.sh BUILD
set -euo pipefail

tree=$1
shots=$tree/check/owners
rm -rf "$shots"
mkdir -p "$shots"
status=0
python3 tests/browser/owner_pages.py "$tree/sekisho" "$shots" | tee "$shots/said" || status=$?
passed=$(grep -c '^ok' "$shots/said" || true)
failed=$(grep -c '^not ok' "$shots/said" || true)
if [[ $status -ne 0 && $failed -eq 0 ]]; then
	failed=1
fi
echo "$passed passed, $failed failed"
[[ $failed -eq 0 ]]
