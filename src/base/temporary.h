/* SPDX-License-Identifier: Apache-2.0 */
/* A file without a name in $TMPDIR, /var/tmp or /tmp, that is gone when it is closed; -1 with errno where there is none. */
#ifndef SEKISHO_BASE_TEMPORARY_H
#define SEKISHO_BASE_TEMPORARY_H

int temporary_file(void);
#endif
