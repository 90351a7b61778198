/* SPDX-License-Identifier: Apache-2.0 */
#include "report/risks.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/shell.h"
#include "report/show.h"
#include "report/value.h"

enum { INDENT = 2 };

struct risks {
	struct risk_found *found; /* with names of their own */
	size_t count, room;
	bool sorted;
};

struct risks *risks_new(void) { return memory_zero(1, sizeof(struct risks)); }

void risks_free(struct risks *risks)
{
	if (!risks)
		return;
	for (size_t i = 0; i < risks->count; i++)
		free((char *)risks->found[i].account);
	free(risks->found);
	free(risks);
}

static bool has(const struct risks *risks, const struct risk_found *found)
{
	for (size_t i = risks->count; i-- > 0 && strcmp(risks->found[i].account, found->account) == 0;)
		if (risks->found[i].risk == found->risk)
			return true;
	return false;
}

void risks_add(struct risks *risks, const struct risk_found *found)
{
	struct risk_found copy = *found;

	if (has(risks, found)) /* who tells tells all of an account at once; what two tell is seen in sort() */
		return;
	copy.account = memory_copy(found->account, strlen(found->account));
	MEMORY_ROOM(risks->found, risks->count, risks->room);
	risks->found[risks->count++] = copy;
	risks->sorted = false;
}

/* ---- order */

struct place {
	struct risk_found found;
	enum risk worst; /* of its account */
	size_t told;
};

static int by_account(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = strcmp(left->found.account, right->found.account);

	if (!order)
		order = (int)left->found.risk - (int)right->found.risk;
	return order ? order : left->told < right->told ? -1 : 1;
}

static int by_worst(const void *a, const void *b)
{
	const struct place *left = a, *right = b;
	int order = (int)left->worst - (int)right->worst;

	return order ? order : by_account(a, b);
}

static bool is_of_one(const struct risk_found *a, const struct risk_found *b) { return strcmp(a->account, b->account) == 0; }

/* sorted by account and risk: each account's worst stands first in it; what stands twice goes */
static size_t find_worst(struct place *places, size_t count)
{
	size_t kept = 0;

	for (size_t i = 0; i < count; i++) {
		bool same = kept && is_of_one(&places[kept - 1].found, &places[i].found);

		places[i].worst = same ? places[kept - 1].worst : places[i].found.risk;
		if (same && places[kept - 1].found.risk == places[i].found.risk)
			free((char *)places[i].found.account);
		else
			places[kept++] = places[i];
	}
	return kept;
}

static void sort(struct risks *risks)
{
	struct place *places;

	if (risks->sorted || !risks->count)
		return;
	places = memory_zero(risks->count, sizeof *places);
	for (size_t i = 0; i < risks->count; i++)
		places[i] = (struct place){ .found = risks->found[i], .told = i };
	qsort(places, risks->count, sizeof *places, by_account);
	risks->count = find_worst(places, risks->count);
	qsort(places, risks->count, sizeof *places, by_worst);
	for (size_t i = 0; i < risks->count; i++)
		risks->found[i] = places[i].found;
	free(places);
	risks->sorted = true;
}

/* how many from `at` on are of one account */
static size_t count_of_one(const struct risks *risks, size_t at)
{
	size_t n = 1;

	while (at + n < risks->count && is_of_one(&risks->found[at], &risks->found[at + n]))
		n++;
	return n;
}

size_t risks_accounts(struct risks *risks)
{
	size_t count = 0;

	sort(risks);
	for (size_t i = 0; i < risks->count; i += count_of_one(risks, i))
		count++;
	return count;
}

/* ---- one of them */

static const char *why_of(const struct risk_found *found, char sentence[RISK_SENTENCE_MAX])
{
	const struct risk_kind *kind = &risk_kinds[found->risk];

	if (kind->why)
		return _(kind->why);
	kind->say(found, sentence);
	return sentence;
}

/* NULL: none; the caller's to free */
static char *command_of(const struct risk_found *found)
{
	char *line = NULL;
	size_t n;
	FILE *to = risk_kinds[found->risk].command ? open_memstream(&line, &n) : NULL;

	if (!to)
		return NULL;
	fprintf(to, "%s ", risk_kinds[found->risk].command);
	shell_operand(to, found->account);
	fclose(to);
	return line;
}

/* ---- as JSON */

static json_t *risk_json(const struct risk_found *found)
{
	const struct risk_kind *kind = &risk_kinds[found->risk];
	char sentence[RISK_SENTENCE_MAX], *command = command_of(found);
	json_t *object = json_object();

	json_object_set_new(object, "risk", json_string(kind->name));
	if (kind->fields)
		kind->fields(found, object);
	json_object_set_new(object, "why", value_text(why_of(found, sentence)));
	json_object_set_new(object, "next", value_text(_(kind->next)));
	json_object_set_new(object, "command", value_text(command));
	free(command);
	return object;
}

static json_t *account_json(const struct risk_found *found, size_t count)
{
	json_t *object = json_object(), *list = json_array();

	json_object_set_new(object, "account", value_text(found->account));
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, risk_json(&found[i]));
	json_object_set_new(object, "risks", list);
	return object;
}

json_t *risks_json(struct risks *risks)
{
	json_t *list = json_array();

	sort(risks);
	for (size_t i = 0, n; i < risks->count; i += n) {
		n = count_of_one(risks, i);
		json_array_append_new(list, account_json(&risks->found[i], n));
	}
	return list;
}

/* ---- as text */

static bool has_same_step(const struct risk_found *a, const struct risk_found *b)
{
	const char *command = risk_kinds[a->risk].command, *other = risk_kinds[b->risk].command;

	return is_of_one(a, b) && command && other && strcmp(command, other) == 0;
}

static void show_why(const struct risk_found *found, struct terminal *terminal)
{
	char sentence[RISK_SENTENCE_MAX];

	terminal_pad(terminal, INDENT);
	terminal_wrap(terminal, INDENT, why_of(found, sentence));
}

static void show_next(const struct risk_found *found, struct terminal *terminal)
{
	char *command = command_of(found);

	terminal_pad(terminal, 2 * INDENT);
	terminal_wrap(terminal, 2 * INDENT, _(risk_kinds[found->risk].next));
	if (command) {
		terminal_pad(terminal, 2 * INDENT);
		terminal_put(terminal, SHADE_DIM, command);
		terminal_end(terminal);
	}
	free(command);
}

void risks_show(struct risks *risks, struct terminal *terminal)
{
	sort(risks);
	for (size_t i = 0; i < risks->count; i++) {
		if (!i || !is_of_one(&risks->found[i - 1], &risks->found[i])) {
			terminal_put(terminal, SHADE_BOLD, show_name(SHOWN, risks->found[i].account, NAME_COLUMNS));
			terminal_end(terminal);
		}
		show_why(&risks->found[i], terminal);
		/* one new password mends several */
		if (i + 1 == risks->count || !has_same_step(&risks->found[i], &risks->found[i + 1]))
			show_next(&risks->found[i], terminal);
	}
}
