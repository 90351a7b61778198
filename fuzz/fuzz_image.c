/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a picture of memory (first byte even) or as a block of the journal (odd): what is taken can be judged with,
 * and comes back from a picture of its own as it was. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine/keeper_inside.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct bytes {
	char *p;
	size_t n, room, at;
};

static bool put_bytes(void *context, const void *from, size_t n)
{
	struct bytes *bytes = context;

	while (bytes->room - bytes->n < n) {
		bytes->room = bytes->room * 2 + 65536;
		bytes->p = memory_resize(bytes->p, bytes->room, 1);
	}
	memcpy(bytes->p + bytes->n, from, n);
	bytes->n += n;
	return true;
}

static bool get_bytes(void *context, void *to, size_t n)
{
	struct bytes *bytes = context;

	if (bytes->n - bytes->at < n)
		return false;
	memcpy(to, bytes->p + bytes->at, n);
	bytes->at += n;
	return true;
}

static void begin(struct keeper *keeper)
{
	keeper->accounts = accounts_new("example.org");
	keeper->engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 22 }, .live = true });
	keeper->guard = guard_new(keeper->engine, keeper->accounts, &(struct brakes_limits){ 3, 2 });
	keeper->mark_count = keeper->mark_oldest = 0;
}

static void end(struct keeper *keeper)
{
	guard_free(keeper->guard);
	engine_free(keeper->engine);
	accounts_free(keeper->accounts);
}

static bool load(struct keeper *keeper, struct bytes *bytes)
{
	struct image_in in = { .get = get_bytes, .context = bytes };
	struct error error = { "" };
	bool done = keeper_load(keeper, &in, &error);

	assert(done || (error.text[0] && accounts_count(keeper->accounts) == 0));
	return done;
}

static void tell(struct keeper *keeper, enum event_kind kind, uint32_t account, int64_t t_us, struct text id)
{
	struct event event = { .kind = (uint8_t)kind, .account = account, .count = 1, .ok = true, .t_us = t_us, .rcpt = 77 };
	struct guard_answer answer;

	event.ip.bytes[15] = 1;
	guard_event(keeper->guard, &event, id, &answer);
}

/* all that is held comes out */
static void live_on(struct keeper *keeper)
{
	uint32_t accounts = accounts_count(keeper->accounts);
	int64_t now_us = 20000 * DAY_US;

	for (uint32_t i = 1; i <= accounts && i < 20; i++) {
		char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX];

		tell(keeper, EVENT_AUTH, i, now_us += SECOND_US, TEXT_NONE);
		tell(keeper, EVENT_SUBMIT, i, now_us += SECOND_US, TEXT("X1"));
		tell(keeper, EVENT_OUTCOME, i, now_us += SECOND_US, TEXT("X1"));
		guard_why(keeper->guard, i, why);
		tell(keeper, EVENT_VERIFIED, i, now_us += SECOND_US, TEXT_NONE);
	}
	for (unsigned i = 0; i < 10; i++)
		tell(keeper, EVENT_TICK, ACCOUNT_NONE, now_us += HOUR_US, TEXT_NONE);
}

static struct bytes picture_of(const struct keeper *keeper)
{
	struct bytes bytes = { 0 };
	struct image_out out = { .put = put_bytes, .context = &bytes };

	keeper_save(keeper, &out);
	assert(image_finish(&out));
	return bytes;
}

static void come_back(const struct keeper *keeper, struct keeper *again)
{
	struct bytes picture = picture_of(keeper), other;

	begin(again);
	assert(load(again, &picture));
	other = picture_of(again);
	assert(other.n == picture.n);
	end(again);
	free(other.p);
	free(picture.p);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct keeper keeper, again;
	struct bytes bytes = { 0 };

	if (size == 0)
		return 0;
	put_bytes(&bytes, data + 1, size - 1);
	begin(&keeper);
	if (*data % 2 ? keeper_replay(&keeper, (struct text){ bytes.p, bytes.n }) : load(&keeper, &bytes)) {
		come_back(&keeper, &again);
		live_on(&keeper);
		come_back(&keeper, &again);
	}
	end(&keeper);
	free(bytes.p);
	return 0;
}
