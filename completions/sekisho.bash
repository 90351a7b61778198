# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# bash completion for sekisho

_sekisho() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=''
	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		words='scan config --help --version'
	elif [[ ${COMP_WORDS[1]} == config ]]; then
		[[ $COMP_CWORD -ne 2 ]] || words='check show sample --help'
	else
		case $previous in
		-f | --format) words='text json html' ;;
		-o | --output | -c | --config | --geo) ;;
		--since | --until) words='1d 7d 30d' ;;
		--year) words=$(date +'%Y') ;;
		*) [[ $current != -* ]] || words='-c -f -o --config --exit-code --format --geo --help --journal --output --since --until --year' ;;
		esac
	fi
	if [[ -n $words ]]; then
		mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	else
		mapfile -t COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null || true
	fi
}
complete -F _sekisho sekisho
