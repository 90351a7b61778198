/* SPDX-License-Identifier: Apache-2.0 */
#include "report/reply.h"

#include <math.h>
#include <stdlib.h>

#include "base/flat.h"
#include "base/memory.h"

void reply_done(struct reply *reply)
{
	free(reply->bytes);
	*reply = (struct reply){ 0 };
}

struct text reply_take(struct reply *reply)
{
	struct text all = { reply->bytes, reply->n };

	reply->n = 0;
	return all;
}

static char *room_for(struct reply *reply, size_t n)
{
	if (reply->room - reply->n < n) {
		reply->room = 2 * reply->room + n;
		reply->bytes = memory_resize(reply->bytes, reply->room, 1);
	}
	return reply->bytes + reply->n;
}

static void put(struct reply *reply, struct text text)
{
	if (!text.n)
		return;
	memcpy(room_for(reply, text.n), text.p, text.n);
	reply->n += text.n;
}

static void put_text(struct reply *reply, struct text text)
{
	char *to = room_for(reply, 6 * text.n + 2);

	reply->n += flat_quote(text, to);
}

static void put_list(struct reply *reply, struct text name, const struct text *items, size_t count)
{
	if (!count)
		return;
	put(reply, name);
	for (size_t i = 0; i < count; i++) {
		put(reply, i ? TEXT(",") : TEXT("["));
		put_text(reply, items[i]);
	}
	put(reply, TEXT("]"));
}

/* a whole number of units, of which 10^decimals make one */
static void put_number(struct reply *reply, struct text name, unsigned decimals, int64_t units)
{
	char digits[24], *p = digits + sizeof digits;
	uint64_t rest = units < 0 ? -(uint64_t)units : (uint64_t)units;

	for (unsigned n = 0; rest || n <= decimals; n++, rest /= 10) {
		if (decimals && n == decimals)
			*--p = '.';
		*--p = (char)('0' + rest % 10);
	}
	if (units < 0)
		*--p = '-';
	put(reply, name);
	put(reply, text_between(p, digits + sizeof digits));
}

static void put_bits(struct reply *reply, float bits)
{
	put_number(reply, TEXT(",\"bits\":"), 1, lrint((double)bits * 10));
}

static void put_why(struct reply *reply, const struct guard *guard, uint32_t account)
{
	char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX];
	size_t count = guard_why(guard, account, why);

	put(reply, TEXT(",\"why\":["));
	for (size_t i = 0; i < count; i++) {
		put(reply, i ? TEXT(",") : TEXT_NONE);
		put_text(reply, text_of(why[i]));
	}
	put(reply, TEXT("]"));
}

void reply_answer(struct reply *reply, const struct guard_answer *answer, const struct guard *guard, struct text account,
		  const struct event *event)
{
	static const struct text words[] = { { "pass", 4 }, { "hold", 4 }, { "refuse", 6 } };
	bool submit = event->kind == EVENT_SUBMIT;
	size_t begin;

	put(reply, TEXT("{"));
	begin = reply->n;
	if (submit) {
		put(reply, TEXT("\"verdict\":\""));
		put(reply, words[answer->action]);
		put(reply, TEXT("\""));
		if (event->account)
			put_bits(reply, answer->verdict.bits);
	}
	put_list(reply, TEXT(",\"lock\":"), &account, answer->lock);
	put_list(reply, TEXT(",\"release\":"), answer->release, answer->release_count);
	put_list(reply, TEXT(",\"discard\":"), answer->discard, answer->discard_count);
	if (answer->braked)
		put(reply, TEXT(",\"braked\":true"));
	if (answer->wake_us != WHEN_NONE)
		put_number(reply, TEXT(",\"wake\":"), 3, (answer->wake_us + 999) / 1000);
	if (answer->lock || answer->braked || answer->action != GUARD_PASS) {
		if (!submit)
			put_bits(reply, answer->verdict.bits);
		put_why(reply, guard, answer->account);
	}
	if (reply->n > begin && reply->bytes[begin] == ',') { /* the first has no comma before it */
		memmove(reply->bytes + begin, reply->bytes + begin + 1, reply->n - begin - 1);
		reply->n--;
	}
	put(reply, TEXT("}\n"));
}

void reply_error(struct reply *reply, uint64_t line, const char *why)
{
	put(reply, TEXT("{\"error\":"));
	put_text(reply, text_of(why));
	put_number(reply, TEXT(",\"line\":"), 0, (int64_t)line);
	put(reply, TEXT(",\"verdict\":\"pass\"}\n"));
}
