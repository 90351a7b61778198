/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/acts.h"

#include <stdlib.h>

#include "base/memory.h"

struct act_call *act_begin(struct doors *doors, enum action_verb verb, const struct target *target,
			   const char *const says[3], action_done *done, void *context)
{
	struct act_call *call = memory_zero(1, sizeof *call);

	call->doors = doors;
	call->verb = verb;
	call->says = says;
	call->done = done;
	call->context = context;
	text_copy(call->name, sizeof call->name, target->name);
	text_copy(call->before, sizeof call->before, text_of(target->before ? target->before : ""));
	call->target = *target;
	call->target.name = text_of(call->name);
	call->target.before = call->before;
	call->next = doors->calls;
	call->place = &doors->calls;
	if (call->next)
		call->next->place = &call->next;
	doors->calls = call;
	return call;
}

static void on_closed(uv_handle_t *timer) { free(timer->data); }

static void drop(struct act_call *call)
{
	*call->place = call->next;
	if (call->next)
		call->next->place = call->place;
	if (call->timed)
		uv_close((uv_handle_t *)&call->timer, on_closed);
	else
		free(call);
}

void act_wait(struct act_call *call, unsigned ms, void (*wake)(uv_timer_t *timer))
{
	if (!call->timed)
		uv_timer_init(call->doors->loop, &call->timer);
	call->timed = true;
	call->timer.data = call;
	uv_timer_start(&call->timer, wake, ms, 0);
}

void act_answer(struct act_call *call, enum action_result result, const char *says, uint32_t count)
{
	action_done *done = call->done;
	void *context = call->context;

	drop(call);
	done(context, result, says, count);
}

void doors_drop_calls(struct doors *doors)
{
	while (doors->calls)
		drop(doors->calls);
}
