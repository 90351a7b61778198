/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho inspect --follow: each mail that comes into the folder of imap_url is given to `sekisho inspect --tell`, a process of its own, while
 * it comes; which was the last one stands in FOLLOW_FILE of the state folder. The daemon keeps one running. A mail is told again until
 * the daemon could take it; one that kills its reader is passed over. The folder is only read: nothing in it is marked. */
#ifndef SEKISHO_CLI_INSPECT_FOLLOW_H
#define SEKISHO_CLI_INSPECT_FOLLOW_H
#include "config/config.h"

#define FOLLOW_FILE "imap.last"

/* until it is told to end, or the daemon that started it is gone; the exit status */
int inspect_follow(const struct config *config);
#endif
