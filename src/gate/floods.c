/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/floods.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"

struct flood {
	char *account;
	int64_t until_us, due_us;
	bool failing; /* and that was said */
};

struct floods {
	uv_loop_t *loop;
	const char *program, *config_file;
	struct flood *items;
	size_t count, room;
	uv_process_t child;
	char *at_work; /* the account of the child; NULL: there is none */
	int64_t began_us;
	bool closing;
};

struct floods *floods_new(uv_loop_t *loop, const char *program, const char *config_file)
{
	struct floods *floods = memory_zero(1, sizeof *floods);

	*floods = (struct floods){ .loop = loop, .program = program, .config_file = config_file };
	return floods;
}

static void free_floods(struct floods *floods)
{
	for (size_t i = 0; i < floods->count; i++)
		free(floods->items[i].account);
	free(floods->items);
	free(floods);
}

size_t floods_count(const struct floods *floods) { return floods->count; }

static struct flood *find(const struct floods *floods, struct text account)
{
	for (size_t i = 0; i < floods->count; i++)
		if (text_is(text_of(floods->items[i].account), account))
			return &floods->items[i];
	return NULL;
}

int64_t floods_until(const struct floods *floods, struct text account)
{
	const struct flood *flood = find(floods, account);

	return flood ? flood->until_us : WHEN_NONE;
}

bool floods_watch(struct floods *floods, struct text account, int64_t until_us, int64_t now_us)
{
	struct flood *flood = find(floods, account);

	if (flood) {
		flood->until_us = until_us;
		return true;
	}
	if (floods->count == FLOODS_MAX)
		return false;
	MEMORY_ROOM(floods->items, floods->count, floods->room);
	floods->items[floods->count++] = (struct flood){ memory_copy(account.p, account.n), until_us, now_us + FLOODS_EVERY_US, false };
	return true;
}

static void end_child(struct floods *floods)
{
	if (floods->at_work)
		uv_process_kill(&floods->child, SIGTERM);
}

static void drop(struct floods *floods, struct flood *flood)
{
	free(flood->account);
	*flood = floods->items[--floods->count];
}

void floods_leave(struct floods *floods, struct text account)
{
	struct flood *flood = find(floods, account);

	if (floods->at_work && text_is(text_of(floods->at_work), account))
		end_child(floods);
	if (flood)
		drop(floods, flood);
}

void floods_shorten(struct floods *floods, struct text account, int64_t until_us)
{
	struct flood *flood = find(floods, account);

	if (flood && flood->until_us > until_us)
		flood->until_us = until_us;
}

/* ---- the child */

static void gone(uv_handle_t *child)
{
	struct floods *floods = child->data;

	free(floods->at_work);
	floods->at_work = NULL;
	if (floods->closing)
		free_floods(floods);
}

static void ended(uv_process_t *child, int64_t status, int number)
{
	struct floods *floods = child->data;
	struct flood *flood = find(floods, text_of(floods->at_work));
	bool failed = status != 0 || number != 0;

	if (flood && failed && !flood->failing && !floods->closing)
		log_say(LOG_WARN, _("%s: what came back could not be moved (exit status %d, signal %d); tried again each minute. What is wrong says: sekisho flood move --account %s"),
			flood->account, (int)status, number, flood->account);
	if (flood)
		flood->failing = failed;
	uv_close((uv_handle_t *)child, gone);
}

static void start(struct floods *floods, struct flood *flood, int64_t now_us)
{
	char name[] = "sekisho", command[] = "flood", verb[] = "move", again[] = "--again", to[] = "--account", settings[] = "--config";
	char *words[] = { name, command, verb, again, to, flood->account, floods->config_file ? settings : NULL,
			  (char *)(uintptr_t)floods->config_file, NULL };
	uv_process_options_t options = { .file = floods->program, .args = words, .exit_cb = ended };
	int fault;

	flood->due_us = now_us + FLOODS_EVERY_US;
	floods->at_work = memory_copy(flood->account, strlen(flood->account));
	floods->began_us = now_us;
	fault = uv_spawn(floods->loop, &floods->child, &options);
	floods->child.data = floods;
	if (!fault)
		return;
	if (!flood->failing)
		log_say(LOG_WARN, _("%s: nobody can look for what comes back: %s"), flood->account, uv_strerror(fault));
	flood->failing = true;
	uv_close((uv_handle_t *)&floods->child, gone);
}

/* due first; a clock that was set back makes all so */
static struct flood *next(struct floods *floods, int64_t now_us)
{
	struct flood *found = NULL;

	for (size_t i = 0; i < floods->count; i++) {
		struct flood *flood = &floods->items[i];

		if (flood->due_us > now_us + FLOODS_EVERY_US)
			flood->due_us = now_us;
		if (flood->due_us <= now_us && (!found || flood->due_us < found->due_us))
			found = flood;
	}
	return found;
}

void floods_look(struct floods *floods, int64_t now_us)
{
	struct flood *flood;

	for (size_t i = floods->count; i-- > 0;)
		if (floods->items[i].until_us <= now_us)
			drop(floods, &floods->items[i]);
	if (floods->at_work && now_us - floods->began_us > FLOODS_PATIENCE_US)
		uv_process_kill(&floods->child, SIGKILL);
	flood = floods->at_work ? NULL : next(floods, now_us);
	if (flood)
		start(floods, flood, now_us);
}

void floods_close(struct floods *floods)
{
	if (!floods)
		return;
	floods->closing = true;
	if (!floods->at_work) {
		free_floods(floods);
		return;
	}
	end_child(floods);
	if (!uv_is_closing((uv_handle_t *)&floods->child))
		uv_close((uv_handle_t *)&floods->child, gone);
}
