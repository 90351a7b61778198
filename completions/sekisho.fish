# SPDX-License-Identifier: Apache-2.0
# fish completion for sekisho

set -l scan '__fish_seen_subcommand_from scan'

complete -c sekisho -n __fish_use_subcommand -f -a scan -d 'Find hijacked accounts in mail logs'
complete -c sekisho -n __fish_use_subcommand -f -a config -d 'Check or show the settings, or write a sample file'
complete -c sekisho -n '__fish_seen_subcommand_from config' -f -a 'check show sample'
complete -c sekisho -n __fish_use_subcommand -f -l version -d 'Say which version this is'
complete -c sekisho -l help -f -d 'Say what there is'
complete -c sekisho -n "$scan" -s c -l config -r -F -d 'Settings'
complete -c sekisho -n "$scan" -s f -l format -x -a 'text json html' -d 'Form of the report'
complete -c sekisho -n "$scan" -s o -l output -r -F -d 'Write the report to a file'
complete -c sekisho -n "$scan" -l exit-code -f -d 'End with 1 if something was found'
complete -c sekisho -n "$scan" -l geo -r -F -d 'Database of countries and networks'
complete -c sekisho -n "$scan" -l journal -f -d 'Read the journal of this machine'
complete -c sekisho -n "$scan" -l since -x -a '1d 7d 30d' -d 'Report what went on after this time'
complete -c sekisho -n "$scan" -l until -x -d 'Read up to this time'
complete -c sekisho -n "$scan" -l year -x -d 'Year of the first line'
