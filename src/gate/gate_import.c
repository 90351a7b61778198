/* SPDX-License-Identifier: Apache-2.0 */
/* The first start: what the logs tell of the past becomes the first profiles. Nothing is held or locked for it. */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"
#include "intake/inputs.h"
#include "intake/reader.h"

enum { BATCH = 4096, ID_MAX = 24 };
#define PAST_US (60 * DAY_US)

/* ids that no queue has */
static struct text id_of(uint32_t message, char to[ID_MAX])
{
	if (!message)
		return TEXT_NONE;
	return (struct text){ to, (size_t)snprintf(to, ID_MAX, "log/%u", message) };
}

static void learn(struct event_sink *sink)
{
	struct gate *gate = sink->context;
	struct guard_answer ignored;
	char id[ID_MAX];

	for (size_t i = 0; i < sink->count; i++)
		guard_event(gate->guard, &sink->items[i], id_of(sink->items[i].message, id), &ignored);
	sink->count = 0;
}

static int64_t first_time(const char *path, int64_t older_us, void *context) { return reader_first_time(path, 0, older_us); }

/* a log, and what it was renamed to before: mail.log, mail.log.1, mail.log.2.gz */
static void add_rotated(struct inputs *inputs, const char *path)
{
	glob_t found;
	char pattern[4096];

	if (strncmp(path, "journal", 7) == 0 || strpbrk(path, "*?[\\") ||
	    (size_t)snprintf(pattern, sizeof pattern, "%s*", path) >= sizeof pattern)
		return;
	if (glob(pattern, 0, NULL, &found) == 0)
		for (size_t i = 0; i < found.gl_pathc; i++)
			inputs_add(inputs, found.gl_pathv[i]);
	globfree(&found);
}

static bool follows_journal(const struct gate *gate)
{
	const char *path;

	for (size_t n = 0; (path = gate_log(gate, n)); n++)
		if (strcmp(path, "journal") == 0)
			return true;
	return false;
}

static void read_all(struct gate *gate, const struct inputs *inputs)
{
	struct reader_source *sources = memory_zero(inputs->count + 1, sizeof *sources);
	struct event_sink sink = {
		.items = memory_new(BATCH * sizeof(struct event)), .room = BATCH, .full = learn, .context = gate,
	};
	struct reader *reader = reader_new(gate->accounts, &sink, &(struct reader_options){
		.since_us = clock_now() - PAST_US,
		.until_us = clock_now(), /* from there on they are followed */
		.now_us = clock_now(),
		.life = { .webmail_hosts = gate->config->webmail_hosts.items, .webmail_host_count = gate->config->webmail_hosts.count },
	});
	size_t count = 0;

	for (; count < inputs->count; count++)
		sources[count] = (struct reader_source){ .path = inputs->files[count].path, .opens = inputs->files[count].unpacked,
							 .first_us = inputs->files[count].first_us };
	if (follows_journal(gate))
		sources[count++] = (struct reader_source){ .journal = true, .first_us = WHEN_NONE };
	reader_read(reader, sources, count);
	learn(&sink);
	reader_free(reader);
	free(sink.items);
	free(sources);
}

/* ---- nobody is locked for what is past */

struct locked {
	uint32_t *items;
	size_t count, room;
};

static void note_locked(void *context, uint32_t account)
{
	struct locked *locked = context;

	MEMORY_ROOM(locked->items, locked->count, locked->room);
	locked->items[locked->count++] = account;
}

static void lift_all(struct gate *gate)
{
	struct locked locked = { 0 };

	guard_each_locked(gate->guard, note_locked, &locked);
	for (size_t i = 0; i < locked.count; i++)
		gate_lift(gate, locked.items[i]);
	if (locked.count)
		log_say(LOG_WARN, _("%zu accounts look hijacked in the logs of the past; sekisho scan names them"), locked.count);
	free(locked.items);
}

void gate_import(struct gate *gate)
{
	struct inputs inputs = { 0 };
	int64_t began_us = clock_steady();
	const char *path;

	for (size_t n = 0; (path = gate_log(gate, n)); n++)
		add_rotated(&inputs, path);
	inputs_sort(&inputs, first_time, NULL);
	read_all(gate, &inputs);
	lift_all(gate);
	log_say(LOG_NOTE, _("first start: learnt %u accounts from %zu logs in %.1f s"), accounts_count(gate->accounts), inputs.count,
		(double)(clock_steady() - began_us) / 1e6);
	inputs_done(&inputs);
}
