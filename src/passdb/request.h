/* SPDX-License-Identifier: Apache-2.0 */
/* One line of those who ask sekisho-passdb (containment/keys.h has the words). Whatever comes is taken to be hostile: one blank
 * stands between the words, and nothing else may be there; what stands between < and > must be sound for passdb/account.h once
 * its %XX are undone. */
#ifndef SEKISHO_PASSDB_REQUEST_H
#define SEKISHO_PASSDB_REQUEST_H
#include "passdb/passdb.h"

enum { ASKED_LINE_MAX = 4096 }; /* KEYS_LINE_MAX, with the line end */

enum asked_verb {
	ASKED_FINGERPRINT,
	ASKED_SCRAMBLE,
	ASKED_RESTORE,
	ASKED_CHANGE,
	ASKED_RENEW,
	ASKED_DISABLE,
	ASKED_ENABLE,
	ASKED_DELETE,
	ASKED_AUDIT_START,
	ASKED_LIST,
	ASKED_PING,
	ASKED_AUDIT_STATE,
	ASKED_AUDIT_RESULTS,
	ASKED_AUDIT_STOP,
	ASKED_FAULTY,
};

struct asked {
	enum asked_verb verb;
	const char *verb_name;                /* "scramble" */
	char account[PASSDB_ACCOUNT_MAX + 1]; /* empty where there is none; of audit-start, for all */
	char password[PASSWORD_MAX + 1];      /* of change and renew; the caller wipes it */
	char domain[PASSDB_ACCOUNT_MAX + 1];  /* of audit-start; empty: all */
	unsigned cores, tries, seconds;       /* likewise */
	const char *fault;                    /* of FAULTY: "no verb", "no account", "no password", "no such audit" */
};

/* `line` without its end */
void asked_parse(struct text line, struct asked *asked);
#endif
