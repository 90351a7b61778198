/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/audit_results.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/quoted.h"
#include "passdb/account.h"
#include "password/likely.h"

enum { PRINT_DIGITS = PASSDB_PRINT_MAX - 1, VERSION_DIGITS = 16 };

const char *const audit_state_names[AUDIT_STATES] = { "open", "guessable", "unknown_scheme", "unread", "damaged", "too_slow" };

static const char *const flag_letters = "sco"; /* by the bit of enum audit_flag */

/* ---- a line */

size_t audit_result_line(const char *account, const struct audit_result *result, char line[AUDIT_LINE_MAX])
{
	char quoted[QUOTED_ROOM(PASSDB_ACCOUNT_MAX)], flags[4] = "-";
	size_t n = 0;

	for (size_t i = 0; flag_letters[i]; i++)
		if (result->flags & 1u << i)
			flags[n++] = flag_letters[i];
	return (size_t)snprintf(line, AUDIT_LINE_MAX, "%s %s %s %s %u %s %016" PRIx64 "\n", quoted_write(text_of(account), quoted, sizeof quoted),
				audit_state_names[result->state],
				result->state == AUDIT_GUESSABLE ? password_fault_names[result->fault] : "-", flags,
				result->state == AUDIT_OPEN ? result->tried : 0, *result->print ? result->print : "-", result->version);
}

/* the number of a name, `count` where it is none */
static unsigned number_of(struct text name, const char *const *names, unsigned count)
{
	unsigned number = 0;

	while (number < count && !text_is(name, text_of(names[number])))
		number++;
	return number;
}

static bool take_flags(struct text word, unsigned *flags)
{
	*flags = 0;
	for (size_t i = 0; i < word.n && !text_is(word, TEXT("-")); i++) {
		const char *at = word.p[i] ? strchr(flag_letters, word.p[i]) : NULL;

		if (!at)
			return false;
		*flags |= 1u << (at - flag_letters);
	}
	return word.n > 0;
}

static bool take_hex(struct text word, size_t digits, uint64_t *number)
{
	*number = 0;
	for (size_t i = 0; i < word.n; i++) {
		const char *at = word.p[i] ? strchr("0123456789abcdef", word.p[i]) : NULL;

		if (!at)
			return false;
		*number = *number << 4 | (uint64_t)(at - "0123456789abcdef");
	}
	return word.n == digits;
}

static bool take_print(struct text word, char print[PASSDB_PRINT_MAX])
{
	uint64_t ignored;

	print[0] = '\0';
	if (text_is(word, TEXT("-")))
		return true;
	text_copy(print, PASSDB_PRINT_MAX, word);
	return take_hex(word, PRINT_DIGITS, &ignored);
}

static bool take_account(struct text word, char *account)
{
	struct text plain;

	return quoted_read(word, account, PASSDB_ACCOUNT_MAX + 1, &plain) && account_is_sound(plain);
}

bool audit_result_parse(struct text line, char *account, struct audit_result *result)
{
	struct text words[6];
	uint64_t tried;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!text_cut(&line, ' ', &words[i]))
			return false;
	result->state = number_of(words[1], audit_state_names, AUDIT_STATES);
	result->fault = text_is(words[2], TEXT("-")) ? 0 : number_of(words[2], password_fault_names, PASSWORD_FAULTS);
	if (!take_account(words[0], account) || result->state == AUDIT_STATES || result->fault == PASSWORD_FAULTS ||
	    !take_flags(words[3], &result->flags) || !text_number(words[4], LIKELY_MAX, &tried) || !take_print(words[5], result->print) ||
	    !take_hex(line, VERSION_DIGITS, &result->version))
		return false;
	result->tried = (uint32_t)tried;
	return true;
}

/* ---- a file */

static int by_account(const void *a, const void *b)
{
	const struct audit_known *left = a, *right = b;
	int order = strcmp(left->account, right->account);

	return order ? order : left->line < right->line ? -1 : 1;
}

/* the last line of each counts */
static void settle(struct audit_results *results)
{
	size_t kept = 0;

	if (results->count)
		qsort(results->items, results->count, sizeof *results->items, by_account);
	for (size_t i = 0; i < results->count; i++) {
		if (kept && strcmp(results->items[kept - 1].account, results->items[i].account) == 0)
			free(results->items[--kept].account);
		results->items[kept++] = results->items[i];
	}
	results->count = kept;
}

static void take_line(struct audit_results *results, struct text line)
{
	char account[PASSDB_ACCOUNT_MAX + 1];
	struct audit_known known = { .line = results->count };

	if (!audit_result_parse(line, account, &known.result))
		return;
	known.account = memory_copy(account, strlen(account));
	MEMORY_ROOM(results->items, results->count, results->room);
	results->items[results->count++] = known;
}

bool audit_results_read(struct audit_results *results, const char *path, struct error *error)
{
	FILE *file = fopen(path, "re");
	char line[AUDIT_LINE_MAX];
	bool whole = true, failed;

	*results = (struct audit_results){ 0 };
	if (!file)
		return errno == ENOENT || error_set(error, "the results of audits cannot be read: %s", strerror(errno));
	while (fgets(line, sizeof line, file)) {
		size_t n = strcspn(line, "\n");
		bool ended = line[n] == '\n';

		if (whole && ended)
			take_line(results, (struct text){ line, n });
		whole = ended;
	}
	failed = ferror(file);
	fclose(file);
	settle(results);
	if (!failed)
		return true;
	audit_results_done(results);
	return error_set(error, "the results of audits cannot be read");
}

void audit_results_done(struct audit_results *results)
{
	for (size_t i = 0; i < results->count; i++)
		free(results->items[i].account);
	free(results->items);
	*results = (struct audit_results){ 0 };
}

static int by_name(const void *name, const void *known) { return strcmp(name, ((const struct audit_known *)known)->account); }

const struct audit_result *audit_results_find(const struct audit_results *results, const char *account)
{
	const struct audit_known *known = results->count ? bsearch(account, results->items, results->count, sizeof *results->items, by_name) : NULL;

	return known ? &known->result : NULL;
}

void audit_results_path(const char *path, const char *suffix, char to[4096]) { snprintf(to, 4096, "%s%s", path, suffix); }
