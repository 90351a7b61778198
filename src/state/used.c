/* SPDX-License-Identifier: Apache-2.0 */
#include "state/used.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/when.h"

enum { LEAST = 1024, IMAGE_VERSION = 1 };

struct used {
	uint32_t *last_s; /* by account; 0: never; the place of ACCOUNT_NONE has the earliest of all */
	size_t room;
};

static void make_room(struct used *used, size_t room)
{
	used->last_s = memory_resize(used->last_s, room, sizeof *used->last_s);
	memset(used->last_s + used->room, 0, (room - used->room) * sizeof *used->last_s);
	used->room = room;
}

struct used *used_new(void)
{
	struct used *used = memory_zero(1, sizeof *used);

	make_room(used, LEAST);
	return used;
}

void used_free(struct used *used)
{
	if (!used)
		return;
	free(used->last_s);
	free(used);
}

static int64_t moment(uint32_t s) { return s ? s * SECOND_US : WHEN_NONE; }

void used_note(struct used *used, const struct event *event)
{
	bool use = (event->kind == EVENT_AUTH && event->ok) || event->kind == EVENT_SUBMIT;
	int64_t s = event->t_us / SECOND_US;
	uint32_t *first_s = &used->last_s[ACCOUNT_NONE];

	if (!use || !event->account || s <= 0 || s > UINT32_MAX)
		return;
	if (!*first_s || (uint32_t)s < *first_s)
		*first_s = (uint32_t)s;
	if (event->account >= used->room)
		make_room(used, (size_t)event->account * 2);
	if ((uint32_t)s > used->last_s[event->account])
		used->last_s[event->account] = (uint32_t)s;
}

int64_t used_last(const struct used *used, uint32_t account)
{
	return account && account < used->room ? moment(used->last_s[account]) : WHEN_NONE;
}

int64_t used_since(const struct used *used) { return moment(used->last_s[ACCOUNT_NONE]); }

void used_forget(struct used *used, uint32_t account)
{
	if (account && account < used->room)
		used->last_s[account] = 0;
}

size_t used_bytes(const struct used *used) { return used->room * sizeof *used->last_s; }

/* ---- to a picture and back: by number */

void used_save(const struct used *used, struct image_out *out)
{
	size_t count = used->room;

	while (count && !used->last_s[count - 1])
		count--;
	image_begin(out, "used", IMAGE_VERSION, sizeof *used->last_s, count);
	image_put(out, used->last_s, count * sizeof *used->last_s);
}

bool used_load(struct used *used, struct image_in *in, uint32_t accounts, struct error *error)
{
	uint64_t count;

	if (!image_open(in, "used", IMAGE_VERSION, sizeof *used->last_s, (uint64_t)accounts + 1, &count, error))
		return false;
	if (count > used->room)
		make_room(used, count);
	return !count || image_get(in, used->last_s, count, error);
}
