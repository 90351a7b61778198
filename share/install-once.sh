#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# install-once.sh FILE DESTINATION MODE: a file that belongs to the administrator once it is there
set -eu
to=${DESTDIR:-}$2
[ -e "$to" ] || install -D -m "$3" "$1" "$to"
