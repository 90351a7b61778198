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

/* ---- Dovecot */

/* the target's local part, where its domain may be left away; else empty */
static struct text bare_name(const struct act_call *call)
{
	struct text name = call->target.name, usual = text_of(call->doors->default_domain ? call->doors->default_domain : "");
	size_t at = text_find(name, '@');

	return usual.n && at && at < name.n && text_is(text_after(name, at + 1), usual) ? text_head(name, at) : TEXT_NONE;
}

static void told(void *context, enum dovecot_result result, uint32_t count, const char *says)
{
	struct act_call *call = context;
	struct text bare = bare_name(call);

	call->count += count;
	if (result != DOVECOT_DONE || !bare.n || call->asked.n == bare.n) {
		call->then(call, result == DOVECOT_DONE, says);
		return;
	}
	call->asked = bare;
	dovecot_ask(call->doors->dovecot, call->question, bare, told, call);
}

void act_ask_dovecot(struct act_call *call, enum dovecot_verb verb, void (*then)(struct act_call *call, bool good, const char *says))
{
	call->question = verb;
	call->then = then;
	call->asked = call->target.name;
	dovecot_ask(call->doors->dovecot, verb, call->asked, told, call);
}

void doors_drop_calls(struct doors *doors)
{
	while (doors->calls)
		drop(doors->calls);
}
