/* SPDX-License-Identifier: Apache-2.0 */
/* The guard to a picture and back: its letters by number, the ids of those that are held, its watches, its brakes. Queues,
 * the heap and the tables are made anew from these. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "engine/guard_inside.h"

enum { IMAGE_VERSION = 1, WINDOW_MOST = 1024, READ_BYTES = 64 * 1024 };

struct letter_image {
	uint64_t key;
	int64_t t_us;
	struct ip ip;
	uint32_t account, client, dead, asn;
	char country[2];
	uint16_t id_bytes; /* of one that is held */
	uint8_t familiar, net, silent, listed, held, flagged, zero[6]; /* flagged: 0 in pictures of a daemon that did not know it */
};

struct watch_image {
	int64_t since_us, due_us, accepted_us;
	uint64_t refused[REFUSED_SOURCES];
	uint32_t account, window;
	float accepted_bits, grown_bits;
	uint8_t locked, strange, scope, refused_count; /* strange: and twice wary */
	float probed_bits;                             /* 0 in pictures of a daemon that did not know it */
};

/* ---- save */

static size_t held_bytes(const struct letter *letter) { return letter->held ? strlen(letter->id) : 0; }

static void save_letters(const struct guard *guard, struct image_out *out)
{
	uint32_t first = guard->first;

	image_begin(out, "first letter", IMAGE_VERSION, sizeof first, 1);
	image_put(out, &first, sizeof first);
	image_begin(out, "letters", IMAGE_VERSION, sizeof(struct letter_image), guard->next - guard->first);
	for (uint32_t n = guard->first; n != guard->next; n++) {
		const struct letter *letter = guard_letter(guard, n);
		struct letter_image image = {
			.key = letter->key, .t_us = letter->t_us, .ip = letter->ip, .account = letter->account,
			.client = letter->client, .dead = letter->dead, .asn = letter->place.asn,
			.country = { letter->place.country[0], letter->place.country[1] },
			.id_bytes = (uint16_t)held_bytes(letter), .familiar = letter->familiar, .net = letter->net,
			.silent = letter->silent, .listed = letter->listed, .held = letter->held, .flagged = letter->flagged,
		};

		image_put(out, &image, sizeof image);
	}
}

static void save_ids(const struct guard *guard, struct image_out *out)
{
	uint64_t bytes = 0;

	for (uint32_t n = guard->first; n != guard->next; n++)
		bytes += held_bytes(guard_letter(guard, n));
	image_begin(out, "held ids", IMAGE_VERSION, 1, bytes);
	for (uint32_t n = guard->first; n != guard->next; n++)
		image_put(out, guard_letter(guard, n)->id, held_bytes(guard_letter(guard, n)));
}

static void save_watches(const struct guard *guard, struct image_out *out)
{
	image_begin(out, "watches", IMAGE_VERSION, sizeof(struct watch_image), guard->watch_count);
	for (size_t i = 0; i < guard->watch_count; i++) {
		const struct watch *watch = &guard->watches[i];
		struct watch_image image = {
			.since_us = watch->since_us, .due_us = watch->due_us, .accepted_us = watch->accepted_us,
			.account = watch->account, .window = watch->window,
			.accepted_bits = watch->accepted_bits, .grown_bits = watch->grown_bits, .probed_bits = watch->probed_bits,
			.locked = watch->locked, .strange = (uint8_t)(watch->strange | watch->wary << 1), .scope = watch->scope,
			.refused_count = watch->refused_count,
		};

		memcpy(image.refused, watch->refused, sizeof image.refused);
		image_put(out, &image, sizeof image);
	}
}

void guard_save(const struct guard *guard, struct image_out *out)
{
	save_watches(guard, out);
	save_ids(guard, out);
	save_letters(guard, out);
	brakes_save(&guard->brakes, out);
}

/* ---- load */

static bool is_watch(const struct watch_image *image, uint32_t accounts)
{
	return image->account != ACCOUNT_NONE && image->account <= accounts && image->window <= WINDOW_MOST &&
	       image_is_time(image->since_us) && (image->due_us == WHEN_NONE || image_is_time(image->due_us)) &&
	       image_is_time(image->accepted_us) && isfinite(image->accepted_bits) &&
	       image_is_amount((double)image->grown_bits) && image_is_amount((double)image->probed_bits) &&
	       image->locked <= 1 && image->strange <= (WARY_FLAGGED_MOST << 1 | 1) && image->scope < FAMILIAR_LEVELS;
}

static bool load_watches(struct guard *guard, struct image_in *in, struct error *error)
{
	uint32_t accounts = accounts_count(guard->accounts);
	struct watch_image image;
	uint64_t left;

	if (!image_open(in, "watches", IMAGE_VERSION, sizeof image, accounts, &left, error))
		return false;
	for (; left; left--) {
		struct watch *watch;

		if (!image_get(in, &image, 1, error))
			return false;
		if (!is_watch(&image, accounts) || guard_find_watch(guard, image.account))
			return image_wrong(in, error);
		watch = guard_watch_for(guard, image.account);
		watch->since_us = image.since_us;
		watch->accepted_us = image.accepted_us;
		watch->accepted_bits = image.accepted_bits;
		watch->grown_bits = image.grown_bits;
		watch->window = image.window;
		watch->probed_bits = image.probed_bits;
		watch->locked = image.locked;
		watch->strange = image.strange & 1;
		watch->wary = image.strange >> 1;
		watch->scope = image.scope;
		watch->refused_count = image.refused_count;
		memcpy(watch->refused, image.refused, sizeof watch->refused);
		guard_put_off(guard, watch, image.due_us);
	}
	return true;
}

/* grows as bytes come, not as they are promised */
static bool load_ids(struct image_in *in, char **ids, size_t *bytes, struct error *error)
{
	uint64_t left;
	size_t room = 0;

	if (!image_open(in, "held ids", IMAGE_VERSION, 1, (uint64_t)GUARD_RING_MAX * GUARD_ID_MAX, &left, error))
		return false;
	while (left) {
		size_t n = left < READ_BYTES ? (size_t)left : READ_BYTES;

		if (room - *bytes < n) {
			room = room * 2 + n;
			*ids = memory_resize(*ids, room, 1);
		}
		if (!image_get(in, *ids + *bytes, n, error))
			return false;
		*bytes += n;
		left -= n;
	}
	return true;
}

/* one that is held belongs to an account that is watched; `ids` are those of the held that follow */
static bool is_letter(const struct guard *guard, const struct letter_image *image, struct text ids)
{
	bool numbered = guard->next != 0 || (image->key == 0 && !image->held); /* none has number 0 */

	return numbered && image->account <= accounts_count(guard->accounts) && image_is_time(image->t_us) &&
	       image->familiar < FAMILIAR_LEVELS && image->net <= NET_HOSTING && image->silent <= 1 && image->listed <= 1 &&
	       image->held <= 1 && image->flagged <= 1 && image->dead <= UINT16_MAX && image->id_bytes <= ids.n && image->id_bytes <= GUARD_ID_MAX &&
	       !memchr(ids.p, '\0', image->id_bytes) && (!image->held || guard_find_watch(guard, image->account));
}

static void put_letter(struct guard *guard, const struct letter_image *image, struct text id)
{
	uint32_t number = guard_next_letter(guard);
	struct letter *letter = guard_letter(guard, number);

	*letter = (struct letter){
		.key = image->key, .t_us = image->t_us, .ip = image->ip, .account = image->account,
		.client = image->client, .dead = image->dead, .familiar = image->familiar, .net = image->net,
		.silent = image->silent, .listed = image->listed, .held = image->held, .flagged = image->flagged,
		.place = { { image->country[0], image->country[1] }, image->asn },
	};
	if (letter->key)
		*table_put(&guard->letter_of, letter->key, number, NULL) = number;
	if (!letter->held)
		return;
	letter->id = memory_copy(id.p, id.n);
	guard_put_last(guard, guard_find_watch(guard, letter->account), number);
}

static bool load_letters(struct guard *guard, struct image_in *in, struct text ids, struct error *error)
{
	struct letter_image image;
	uint64_t left;
	bool there;

	if (!image_one(in, "first letter", IMAGE_VERSION, &guard->first, sizeof guard->first, &there, error))
		return false;
	guard->next = guard->first;
	if (!image_open(in, "letters", IMAGE_VERSION, sizeof image, GUARD_RING_MAX, &left, error))
		return false;
	for (; left; left--) {
		if (!image_get(in, &image, 1, error))
			return false;
		if (!is_letter(guard, &image, ids))
			return image_wrong(in, error);
		put_letter(guard, &image, text_head(ids, image.id_bytes));
		ids = text_after(ids, image.id_bytes);
	}
	return ids.n == 0 || image_wrong(in, error);
}

static bool load(struct guard *guard, struct image_in *in, struct error *error)
{
	char *ids = memory_new(READ_BYTES);
	size_t bytes = 0;
	bool done = load_watches(guard, in, error) && load_ids(in, &ids, &bytes, error) &&
		    load_letters(guard, in, (struct text){ ids, bytes }, error) && brakes_load(&guard->brakes, in, error);

	free(ids);
	return done;
}

bool guard_load(struct guard *guard, struct image_in *in, struct error *error)
{
	if (load(guard, in, error))
		return true;
	guard_clear(guard);
	return false;
}
