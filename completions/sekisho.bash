# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# bash completion for sekisho

_sekisho() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} words=''
	COMPREPLY=()
	if [[ $COMP_CWORD -eq 1 ]]; then
		words='scan replay judge inspect serve incident account flood mode whose notice contact password bulletin web config --help --version'
	elif [[ ${COMP_WORDS[1]} == config ]]; then
		[[ $COMP_CWORD -ne 2 ]] || words='check show sample --help'
	elif [[ $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == incident ]]; then
		words='list show report release care contain --help'
	elif [[ $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == flood ]]; then
		words='move undo --help'
	elif [[ $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == notice ]]; then
		words='list show verify --help'
	elif [[ $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == contact ]]; then
		words='import show set drop --help'
	elif [[ $COMP_CWORD -eq 2 && ${COMP_WORDS[1]} == account ]]; then
		words='show forget lock unlock reset code audit stale --help'
	elif [[ ${COMP_WORDS[1]} == password ]]; then
		case $previous in
		password) words='check generate breached serve --help' ;;
		--profile) words='basic long four' ;;
		breached) words='build show --help' ;;
		-f | --format) words='text json' ;;
		--classes) words='lower upper digits symbols lower,upper,digits' ;;
		--account | --name | --length | --words | --separator | --symbols | --bits | --count | --at-least) return ;;
		-o | --output | build | show) ;;
		*) words='-c -f --account --bits --classes --config --count --format --help --length --plain --profile --separator --symbols --words'
			[[ ${COMP_WORDS[2]} != check ]] || words='-c -f --account --config --demands --format --help --name --profile'
			[[ ${COMP_WORDS[2]} != breached ]] || words='-f -o --at-least --format --help --output --plain' ;;
		esac
	elif [[ $COMP_CWORD -eq 3 && ${COMP_WORDS[1]} == mode ]]; then
		words='learn observe enforce'
	elif [[ ${COMP_WORDS[1]} == judge ]]; then
		[[ $current != -* || $previous == -c || $previous == --config || $previous == --geo ]] || words='-c --config --geo --help'
	else
		case $previous in
		-f | --format)
			words='text json html'
			[[ ${COMP_WORDS[1]} != bulletin ]] || words='text html'
			[[ ${COMP_WORDS[1]} == bulletin || ${COMP_WORDS[1]} == scan || ${COMP_WORDS[1]} == replay || ${COMP_WORDS[2]} == report ]] || words='text json'
			;;
		--lang | --language) words='ja en' ;;
		--against) words="default strict lenient $(compgen -f -- "$current")" ;;
		-o | --output | -c | --config | --geo | --sqlite) ;;
		--scope) words='unfamiliar sending account' ;;
		--account | --bulk | --cores | --days | --domain | --folder | --rate | --tries | --why | --mail | --alias | --name | --sql) return ;;
		--date) words=$(date +'%F') ;;
		--time) words='30m 1h 8h' ;;
		--since | --until) words='1d 7d 30d' ;;
		--year) words=$(date +'%Y') ;;
		*)
			if [[ $current == -* ]]; then
				case ${COMP_WORDS[1]} in
				replay) words='-c -f -o --against --calibrate --config --format --geo --help --output --year' ;;
				web) words='-c --config --help' ;;
				judge | serve) words='-c --config --geo --help' ;;
				incident)
					words='-c -f -o --account --all --config --false-alarm --format --full --help --lang --output'
					[[ ${COMP_WORDS[2]} != contain ]] || words='-c -f -o --config --format --help --no-wait --output --password --scope --why'
					;;
				account)
					words='-c -f -o --config --format --help --output'
					case ${COMP_WORDS[2]} in
					lock) words+=' -y --bulk --domain --dry-run --file --no-wait --password --rate --scope --why --yes' ;;
					unlock) words+=' -y --bulk --domain --dry-run --false-alarm --file --no-wait --rate --yes' ;;
					reset) words+=' --force --generate --stdin' ;;
					stale) words+=' --days --domain' ;;
					audit) words+=' --account --cores --domain --list --notify --time --tries' ;;
					esac
					;;
				flood)
					words='-c -f -o --account --config --folder --format --help --output'
					[[ ${COMP_WORDS[2]} != move ]] || words+=' --dry-run --once --since --spoofed'
					;;
				bulletin) words='-c -f -o --all --config --date --format --help --lang --output' ;;
				notice)
					words='-c -f -o --config --format --help --output'
					[[ ${COMP_WORDS[2]} != list ]] || words+=' --account --all'
					;;
				contact)
					words='-c -f -o --config --format --help --output'
					case ${COMP_WORDS[2]} in
					import) words+=' --database --dry-run --sql --sqlite' ;;
					set) words+=' --alias --dry-run --language --mail --name --no-phrase --phrase' ;;
					esac
					;;
				inspect) words='-c -f -o --config --format --follow --help --output --phishing --reply --tell' ;;
				mode | whose) words='-c -f -o --config --format --help --output' ;;
				*) words='-c -f -o --config --exit-code --format --geo --help --journal --output --since --until --year' ;;
				esac
			fi
			;;
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
