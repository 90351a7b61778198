# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Installs what packages.txt names and the machine lacks. apt is asked only then, so everything works offline once
# the packages are there.

# packages_missing GROUP…: those that are not installed, one a line
packages_missing() {
	local group name
	for group; do
		while read -r name; do
			[[ $(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null) == installed ]] || echo "$name"
		done < <(awk -v group="$group" '$1 == group { print $2 }' packages.txt)
	done | sort -u
}

packages_as_root() {
	if [[ $EUID -eq 0 ]]; then
		"$@"
	else
		sudo "$@"
	fi
}

# packages_need GROUP…: false, with a sentence, where something stays missing
packages_need() {
	local -a missing
	local log
	if ! command -v dpkg-query >/dev/null; then
		echo "this is no Debian: install what packages.txt names by hand" >&2
		return 0
	fi
	mapfile -t missing < <(packages_missing "$@")
	[[ ${#missing[@]} -eq 0 ]] && return 0
	if [[ $EUID -ne 0 ]] && ! command -v sudo >/dev/null; then
		echo "missing packages, and neither root nor sudo to install them. As root: apt-get install ${missing[*]}" >&2
		return 1
	fi
	echo "installing ${#missing[@]} packages: ${missing[*]}" >&2
	log=$(mktemp)
	if ! { packages_as_root apt-get -q update &&
		packages_as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y --no-install-recommends install "${missing[@]}"; } \
		>"$log" 2>&1; then
		tail -n 15 "$log" >&2
		echo "apt could not install them; the lines above say why" >&2
		rm -f "$log"
		return 1
	fi
	rm -f "$log"
}
