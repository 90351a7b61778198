/* SPDX-License-Identifier: Apache-2.0 */
/* The audit of stored passwords, as it is asked for at sekisho-passdb (containment/keys.h says how it is spoken with):
 *
 *   audit-start CORES SECONDS TRIES <DOMAIN> <ACCOUNT>   0 tries: the whole list; <>: all
 *   audit-stop | audit-state
 *       audit PHASE ACCOUNTS GUESSABLE SETTLED DEPTH TRIES SECONDS <SENTENCE>
 *   audit-results
 *       result <A> STATE FAULT FLAGS TRIED …, ended by `end`
 *   or no - failed SENTENCE
 *
 * Each question has a connection of its own, and is waited for. The process ignores SIGPIPE. */
#ifndef SEKISHO_CONTAINMENT_AUDITING_H
#define SEKISHO_CONTAINMENT_AUDITING_H
#include "base/error.h"
#include "base/text.h"
#include "password/policy.h"

enum { AUDITING_ACCOUNT_MAX = 320, AUDITING_CORES_MAX = 64, AUDITING_HOURS_MAX = 720 };

enum auditing_phase {
	AUDITING_NONE, /* none since the helper began */
	AUDITING_READING,
	AUDITING_TRYING,
	AUDITING_FINISHED,
	AUDITING_TIME_OVER,
	AUDITING_STOPPED,
	AUDITING_BROKEN,
	AUDITING_PHASES
};
extern const char *const auditing_phase_names[AUDITING_PHASES];

struct auditing_state {
	enum auditing_phase phase;
	uint64_t accounts, guessable, settled;
	uint64_t depth; /* so many likely passwords were tried at every account that can be read */
	uint64_t tries, seconds;
	char error[512]; /* of AUDITING_BROKEN */
};

struct auditing_order {
	unsigned cores, tries, seconds;
	const char *domain, *account; /* NULL: all */
};

enum auditing_found { AUDITING_OPEN, AUDITING_GUESSABLE, AUDITING_UNKNOWN, AUDITING_UNREAD, AUDITING_DAMAGED, AUDITING_TOO_SLOW, AUDITING_FOUNDS };
extern const char *const auditing_found_names[AUDITING_FOUNDS]; /* "open", "guessable", "unknown_scheme", … */

struct auditing_result {
	char account[AUDITING_ACCOUNT_MAX + 1];
	enum auditing_found found;
	enum password_fault fault; /* of a guessable one */
	bool shared, clear, old_scheme;
	uint64_t tried; /* of an open one */
};

bool auditing_start(const char *socket_path, const struct auditing_order *order, struct auditing_state *state, struct error *error)
	__attribute__((warn_unused_result));
bool auditing_stop(const char *socket_path, struct auditing_state *state, struct error *error) __attribute__((warn_unused_result));
bool auditing_look(const char *socket_path, struct auditing_state *state, struct error *error) __attribute__((warn_unused_result));
bool auditing_results(const char *socket_path, void (*each)(void *context, const struct auditing_result *result), void *context,
		      struct error *error) __attribute__((warn_unused_result));

/* lines without their ends; false: it is no such line */
bool auditing_parse_state(struct text line, struct auditing_state *state) __attribute__((warn_unused_result));
bool auditing_parse_result(struct text line, struct auditing_result *result) __attribute__((warn_unused_result));
#endif
