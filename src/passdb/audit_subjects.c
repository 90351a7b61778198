/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_subjects.h"

#include <stdlib.h>

#include "base/memory.h"

/* ---- of what kind is what is stored? */

/* {CRYPT} is what its hash is: DES and MD5 are old */
static bool is_old(const struct password_stored *read)
{
	struct text hash = text_of(read->hash);

	if (strcmp(read->scheme->name, "CRYPT") == 0)
		return !text_starts(hash, TEXT("$")) || text_starts(hash, TEXT("$1$"));
	return read->scheme->weak;
}

static enum audit_state look_at(struct audit_subject *subject, const struct password_scheme *usual)
{
	struct password_stored read;
	enum password_state state = password_read(text_of(subject->stored), usual, &read);

	if (state == PASSWORD_READY) {
		subject->us = read.us;
		subject->result.flags |= password_scheme_is_clear(read.scheme) ? AUDIT_CLEAR : is_old(&read) ? AUDIT_OLD_SCHEME : 0;
	}
	explicit_bzero(&read, sizeof read);
	switch (state) {
	case PASSWORD_READY: return AUDIT_OPEN;
	case PASSWORD_DAMAGED: return AUDIT_DAMAGED;
	case PASSWORD_TOO_SLOW: return AUDIT_TOO_SLOW;
	default: return AUDIT_UNKNOWN;
	}
}

/* ---- read */

struct reading {
	struct audit_subjects *subjects;
	const struct audit_order *order;
	bool too_many;
};

static bool is_meant(const struct audit_order *order, const char *account)
{
	const char *at = strchr(account, '@');

	return !order->domain || (at && strcmp(at + 1, order->domain) == 0);
}

static void add_name(void *context, const char *account)
{
	struct reading *reading = context;
	struct audit_subjects *subjects = reading->subjects;

	if (!is_meant(reading->order, account))
		return;
	reading->too_many = reading->too_many || subjects->count == AUDIT_ACCOUNTS_MAX;
	if (reading->too_many)
		return;
	MEMORY_ROOM(subjects->items, subjects->count, subjects->room);
	subjects->items[subjects->count++] = (struct audit_subject){ .account = memory_copy(account, strlen(account)) };
}

static int by_account(const void *a, const void *b)
{
	return strcmp(((const struct audit_subject *)a)->account, ((const struct audit_subject *)b)->account);
}

static void sort(struct audit_subjects *subjects)
{
	size_t kept = 0;

	if (subjects->count)
		qsort(subjects->items, subjects->count, sizeof *subjects->items, by_account);
	for (size_t i = 0; i < subjects->count; i++)
		if (kept && strcmp(subjects->items[kept - 1].account, subjects->items[i].account) == 0)
			free(subjects->items[i].account);
		else
			subjects->items[kept++] = subjects->items[i];
	subjects->count = kept;
}

static bool read_names(struct audit_subjects *subjects, struct passdb *passdb, const struct audit_order *order, struct error *error)
{
	struct reading reading = { .subjects = subjects, .order = order };

	if (order->account)
		add_name(&reading, order->account);
	else if (passdb_list(passdb, add_name, &reading, error) != PASSDB_DONE)
		return false;
	sort(subjects);
	return !reading.too_many || error_set(error, "there are more than %d accounts: name a domain", AUDIT_ACCOUNTS_MAX);
}

static enum passdb_result read_one(struct audit_subject *subject, struct passdb *passdb, const struct password_scheme *usual,
				   struct error *error)
{
	char stored[PASSWORD_HASH_MAX] = "";
	enum passdb_result result = passdb_stored(passdb, subject->account, stored, subject->result.print, error);

	if (result == PASSDB_DONE)
		subject->stored = memory_copy(stored, strlen(stored));
	subject->result.state = result == PASSDB_DONE ? look_at(subject, usual) : AUDIT_UNREAD;
	subject->settled = subject->result.state != AUDIT_OPEN;
	explicit_bzero(stored, sizeof stored);
	return result;
}

bool audit_subjects_read(struct audit_subjects *subjects, struct passdb *passdb, const struct audit_order *order, struct audit_progress *progress,
			 const atomic_bool *stop, struct error *error)
{
	unsigned failures = 0;

	*subjects = (struct audit_subjects){ .usual = passdb_usual_scheme(passdb) };
	if (!read_names(subjects, passdb, order, error))
		return false;
	for (size_t i = 0; i < subjects->count && !*stop; i++) {
		enum passdb_result result = read_one(&subjects->items[i], passdb, subjects->usual, error);

		failures = result == PASSDB_FAILED ? failures + 1 : 0;
		if (result == PASSDB_NOT || failures == AUDIT_FAILURES_MAX || (result != PASSDB_DONE && order->account))
			return false;
		progress->accounts = i + 1;
	}
	return true;
}

void audit_subjects_take_over(struct audit_subjects *subjects, const struct audit_results *known, uint64_t version)
{
	for (size_t i = 0; i < subjects->count; i++) {
		struct audit_result *result = &subjects->items[i].result;
		const struct audit_result *before = audit_results_find(known, subjects->items[i].account);

		result->version = version;
		if (!before || result->state != AUDIT_OPEN || strcmp(before->print, result->print) != 0)
			continue;
		if (before->state == AUDIT_GUESSABLE) {
			*result = (struct audit_result){ .state = AUDIT_GUESSABLE, .fault = before->fault, .version = version,
							 .flags = result->flags | (before->flags & AUDIT_SHARED) };
			text_copy(result->print, sizeof result->print, text_of(before->print));
			subjects->items[i].settled = true;
		} else if (before->state == AUDIT_OPEN && before->version == version) {
			result->tried = before->tried;
		}
	}
}

/* ---- the same password */

static int by_stored(const void *a, const void *b)
{
	return strcmp((*(struct audit_subject *const *)a)->stored, (*(struct audit_subject *const *)b)->stored);
}

static int by_mark(const void *a, const void *b)
{
	return memcmp((*(struct audit_subject *const *)a)->mark, (*(struct audit_subject *const *)b)->mark, AUDIT_MARK_BYTES);
}

static bool has_stored(const struct audit_subject *subject)
{
	return subject->stored && *subject->stored && subject->result.state != AUDIT_UNKNOWN && subject->result.state != AUDIT_DAMAGED;
}

static bool has_mark(const struct audit_subject *subject) { return subject->marked; }

static void mark_alike(struct audit_subjects *subjects, struct audit_subject **some, bool (*has)(const struct audit_subject *),
			 int (*compare)(const void *, const void *))
{
	size_t count = 0;

	for (size_t i = 0; i < subjects->count; i++)
		if (has(&subjects->items[i]))
			some[count++] = &subjects->items[i];
	if (count)
		qsort(some, count, sizeof *some, compare);
	for (size_t i = 0; i < count; i++) {
		bool alike = (i && compare(&some[i - 1], &some[i]) == 0) || (i + 1 < count && compare(&some[i], &some[i + 1]) == 0);

		if (!alike || some[i]->result.flags & AUDIT_SHARED)
			continue;
		some[i]->result.flags |= AUDIT_SHARED;
		some[i]->dirty = true;
	}
}

void audit_subjects_find_shared(struct audit_subjects *subjects)
{
	struct audit_subject **some = memory_new((subjects->count + 1) * sizeof *some);

	mark_alike(subjects, some, has_stored, by_stored);
	mark_alike(subjects, some, has_mark, by_mark);
	free(some);
}

void audit_subjects_done(struct audit_subjects *subjects)
{
	for (size_t i = 0; i < subjects->count; i++) {
		if (subjects->items[i].stored)
			explicit_bzero(subjects->items[i].stored, strlen(subjects->items[i].stored));
		free(subjects->items[i].stored);
		free(subjects->items[i].account);
	}
	if (subjects->items)
		explicit_bzero(subjects->items, subjects->count * sizeof *subjects->items);
	free(subjects->items);
	*subjects = (struct audit_subjects){ 0 };
}
