/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines for `judge`: each is answered, a message that is held is released or discarded once and no other
 * ever is, and the same lines bring the same answers. */
#include <assert.h>
#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "engine/guard.h"
#include "intake/trace.h"
#include "report/reply.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct gate {
	struct accounts *accounts;
	struct engine *engine;
	struct guard *guard;
	struct trace *trace;
	struct reply reply;
	char **held;
	size_t count, room, lines;
};

static void drop_held(struct gate *gate, struct text id)
{
	size_t at = 0;

	while (at < gate->count && !text_is(text_of(gate->held[at]), id))
		at++;
	assert(at < gate->count);
	free(gate->held[at]);
	gate->held[at] = gate->held[--gate->count];
}

static void look_at(struct gate *gate, const struct trace_event *told, const struct guard_answer *answer)
{
	assert(answer->action == GUARD_PASS || told->event.kind == EVENT_SUBMIT);
	assert(!(answer->lock && answer->braked) && (!answer->lock || answer->account));
	for (size_t i = 0; i < answer->release_count; i++)
		drop_held(gate, answer->release[i]);
	for (size_t i = 0; i < answer->discard_count; i++)
		drop_held(gate, answer->discard[i]);
	if (answer->action == GUARD_HOLD) {
		MEMORY_ROOM(gate->held, gate->count, gate->room);
		gate->held[gate->count++] = memory_copy(told->id.p, told->id.n);
	}
}

static void hear(struct gate *gate, struct text line)
{
	struct trace_event told;
	struct guard_answer answer;
	struct error error = { "" };

	gate->lines++;
	if (!trace_line(gate->trace, line, &told, &error)) {
		assert(error.text[0]);
		reply_error(&gate->reply, gate->lines, error.text);
		return;
	}
	assert(told.event.t_us >= 0 && told.event.t_us <= (int64_t)(TRACE_TIME_MAX_S * 1e6));
	assert(told.event.kind <= EVENT_TICK && told.event.account <= accounts_count(gate->accounts));
	assert(told.detail.rcpt_count <= told.event.count && told.id.n <= TRACE_ID_MAX);
	guard_event(gate->guard, &told.event, told.id, &answer);
	look_at(gate, &told, &answer);
	reply_answer(&gate->reply, &answer, gate->guard, accounts_name(gate->accounts, answer.account), &told.event);
}

/* one line of JSON for each line */
static void look_at_replies(struct text said, size_t lines)
{
	struct text line;

	for (; text_cut(&said, '\n', &line); lines--) {
		json_t *reply = json_loadb(line.p, line.n, 0, NULL);

		assert(json_is_object(reply));
		json_decref(reply);
	}
	assert(lines == 0 && said.n == 0);
}

static struct text play(struct gate *gate, struct text rest)
{
	struct text line;

	*gate = (struct gate){ .accounts = accounts_new("example.org") };
	gate->engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 22 } });
	gate->guard = guard_new(gate->engine, gate->accounts, &(struct brakes_limits){ 3, 2 });
	gate->trace = trace_new(gate->accounts);
	while (text_cut(&rest, '\n', &line))
		hear(gate, line);
	hear(gate, rest);
	return reply_take(&gate->reply);
}

static void end(struct gate *gate)
{
	while (gate->count)
		free(gate->held[--gate->count]);
	free(gate->held);
	reply_done(&gate->reply);
	trace_free(gate->trace);
	guard_free(gate->guard);
	engine_free(gate->engine);
	accounts_free(gate->accounts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text all = { (const char *)data, size }, said;
	struct gate first, again;

	said = play(&first, all);
	look_at_replies(said, first.lines);
	if (size % 4 == 0) { /* an engine costs more than what it hears here */
		assert(text_is(play(&again, all), said));
		end(&again);
	}
	end(&first);
	return 0;
}
