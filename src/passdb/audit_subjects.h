/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts of one audit with what is stored for them, in memory; wiped when they are freed. */
#ifndef SEKISHO_PASSDB_AUDIT_SUBJECTS_H
#define SEKISHO_PASSDB_AUDIT_SUBJECTS_H
#include "passdb/audit.h"
#include "password/hash.h"

enum { AUDIT_MARK_BYTES = 16 };

struct audit_subject {
	char *account, *stored; /* stored: NULL where it cannot be read */
	struct audit_result result;
	uint64_t us; /* about so long a try takes */
	bool settled; /* nothing more is wanted of it */
	bool dirty;   /* to be written down */
	bool marked;
	/* of the password that was found in this audit, with a key that is never stored */
	unsigned char mark[AUDIT_MARK_BYTES];
};

struct audit_subjects {
	struct audit_subject *items; /* sorted by account, none twice */
	size_t count, room;
	const struct password_scheme *usual;
};

/* Reads what is meant by the order. AUDIT_FAILURES_MAX accounts in a row that cannot be read end it. `accounts` counts while it goes on. */
bool audit_subjects_read(struct audit_subjects *subjects, struct passdb *passdb, const struct audit_order *order, struct audit_progress *progress,
			 const atomic_bool *stop, struct error *error) __attribute__((warn_unused_result));
/* what is known of the same hash, and of the same list */
void audit_subjects_take_over(struct audit_subjects *subjects, const struct audit_results *known, uint64_t version);
/* who has the same password as somebody else: the same is stored, or the same was found */
void audit_subjects_find_shared(struct audit_subjects *subjects);
void audit_subjects_done(struct audit_subjects *subjects);
#endif
