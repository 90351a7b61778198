/* SPDX-License-Identifier: Apache-2.0 */
/* One event through the guard, and what follows from it: mail let go or thrown away, an account locked, an incident opened. */
#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

enum { DUE_LEAST_MS = 50, SENTENCE_MAX = 200 };
#define WORTH_SAYING_BITS 0.5f

/* ---- what has to be durable */

/* whom to tell when a batch was written */
struct gate_waiting {
	struct gate *gate;
	const struct desk_batch *batch;
	void (*done)(void *context, const struct error *error);
	void *context;
};

static void written(void *context, const struct error *error)
{
	struct gate_waiting *waiting = context;

	if (error)
		cases_unsaved(waiting->gate->cases);
	notices_written(waiting->gate->notices, waiting->batch, !error);
	if (waiting->done)
		waiting->done(waiting->context, error);
	free(waiting);
}

struct desk_batch *gate_batch(struct gate *gate)
{
	struct gate_waiting *waiting;

	if (gate->batch)
		return gate->batch;
	gate->waiting = waiting = memory_zero(1, sizeof *waiting);
	waiting->gate = gate;
	waiting->batch = gate->batch = desk_batch_new(written, waiting);
	return gate->batch;
}

void gate_commit(struct gate *gate, void (*done)(void *context, const struct error *error), void *context)
{
	struct desk_batch *batch = gate->batch;

	gate->batch = NULL;
	if (!batch) {
		if (done)
			done(context, NULL);
		return;
	}
	gate->waiting->done = done;
	gate->waiting->context = context;
	desk_write(gate->desk, batch);
}

/* ---- incidents */

struct reason {
	unsigned signal;
	float bits;
};

static int by_bits(const void *a, const void *b)
{
	float one = ((const struct reason *)a)->bits, other = ((const struct reason *)b)->bits;

	return (one < other) - (one > other);
}

static json_t *reason_of(const struct profile *profile, const struct reason *reason, const char *at)
{
	char sentence[SENTENCE_MAX] = "";

	signals[reason->signal]->say(profile, sentence, sizeof sentence);
	return json_pack("{s:s, s:f, s:s, s:s}", "signal", signals[reason->signal]->name, "bits",
			 round((double)reason->bits * 10) / 10, "at", at, "text", sentence);
}

/* [{"signal","bits","at","text"}], largest first */
char *gate_evidence(const struct gate *gate, uint32_t account, int64_t t_us)
{
	const struct profile *profile = profiles_peek(engine_profiles(gate->engine), account);
	struct reason reasons[PROFILE_SIGNALS];
	char at[WHEN_TEXT_MAX];
	json_t *list = json_array();
	char *text;
	size_t count = 0;

	for (unsigned i = 0; profile && i < PROFILE_SIGNALS; i++)
		if (profile_bits(profile, i) >= WORTH_SAYING_BITS)
			reasons[count++] = (struct reason){ i, profile_bits(profile, i) };
	qsort(reasons, count, sizeof *reasons, by_bits);
	when_format(t_us, at);
	for (size_t i = 0; i < count; i++)
		json_array_append_new(list, reason_of(profile, &reasons[i], at));
	text = json_dumps(list, JSON_COMPACT);
	json_decref(list);
	return text;
}

static int64_t began(const struct gate *gate, uint32_t account, int64_t t_us)
{
	const struct suspect *suspect = engine_suspect(gate->engine, account);
	int64_t first_us = guard_began(gate->guard, account, t_us);

	for (unsigned i = 0; suspect && i < PROFILE_SIGNALS; i++)
		if (suspect->signal_bits[i] >= WORTH_SAYING_BITS && suspect->signal_us[i] < first_us &&
		    suspect->signal_us[i] > t_us - 7 * DAY_US)
			first_us = suspect->signal_us[i];
	return first_us;
}

static void say_opened(struct gate *gate, const struct incident_case *one, const char *what)
{
	struct text name = accounts_name(gate->accounts, one->account);
	char why[GUARD_WHY_MAX][GUARD_WHY_TEXT_MAX];
	size_t count = guard_why(gate->guard, one->account, why);

	log_say(LOG_WARN, _("incident %llu: %.*s: %s, %.1f bits: %s"), (unsigned long long)one->id, TEXT_ARG(name), _(what),
		(double)one->bits, count ? why[0] : "-");
	desk_note(gate_batch(gate), one->id, one->opened_us, TEXT("sekisho"), text_of(what));
}

/* where the abuse came from the owner's own places, nothing is left that could be open */
static void take_scope(struct gate *gate, struct incident_case *one)
{
	guard_locked(gate->guard, one->account, &one->scope);
	one->owner_apart = one->scope < FAMILIAR_WELL;
	one->reach = one->scope >= FAMILIAR_WELL || strcmp(gate->config->lock_reach, desk_reach_names[REACH_ACCOUNT]) == 0 ? REACH_ACCOUNT
													   : REACH_PLACES;
	if (one->reach == REACH_ACCOUNT) {
		guard_lock(gate->guard, one->account, FAMILIAR_WELL);
		one->scope = FAMILIAR_WELL;
	}
}

static void open_case(struct gate *gate, const struct event *event, const struct guard_answer *answer, enum desk_mode mode)
{
	struct incident_case *one = cases_find(gate->cases, answer->account);

	if (!one) {
		one = cases_open(gate->cases, answer->account);
		one->opened_us = event->t_us;
		one->began_us = began(gate, answer->account, event->t_us);
	} else if (one->locked || (one->mode == mode && (one->braked || mode != DESK_ENFORCE) && !answer->lock)) {
		return; /* said before */
	}
	one->mode = (uint8_t)mode;
	one->bits = answer->verdict.bits;
	one->braked = answer->braked || answer->flood;
	one->locked = answer->lock && mode == DESK_ENFORCE;
	if (one->locked)
		take_scope(gate, one);
	free(one->evidence);
	one->evidence = gate_evidence(gate, answer->account, event->t_us);
	seen_begin(gate->seen, one->id, answer->account, one->began_us);
	cases_save(gate->cases, one, gate_batch(gate));
	if (one->locked)
		gate_shut(gate, one);
	notices_put(gate->notices, gate_batch(gate), one->locked ? NOTICE_LOCKED : one->braked ? NOTICE_BRAKED : NOTICE_OBSERVED,
		    accounts_name(gate->accounts, one->account), one->id, clock_now());
	say_opened(gate, one, one->locked      ? N_("the account was locked")
			      : answer->braked ? N_("a person has to decide: the brakes hold")
			      : answer->flood  ? N_("a person has to decide: much of what was sent comes back")
					       : N_("the account would have been locked"));
}

/* ---- the sentence */

static void let_go(struct gate *gate, const struct guard_answer *answer, int64_t now_us)
{
	for (size_t i = 0; i < answer->release_count; i++)
		held_release(gate->held, answer->release[i], now_us);
	for (size_t i = 0; i < answer->discard_count; i++) {
		uint32_t account = held_account(gate->held, answer->discard[i]);

		if (account && gate_enforces(gate, account))
			held_condemn(gate->held, answer->discard[i], now_us);
		else /* held while the domain was guarded, which it is no longer */
			held_release(gate->held, answer->discard[i], now_us);
	}
}

void gate_hold(struct gate *gate, const struct event *event, const struct verdict *verdict, struct text queue_id, bool asks)
{
	held_put(gate->held, gate_batch(gate), &(struct desk_letter){
		.queue_id = queue_id,
		.account = accounts_name(gate->accounts, event->account),
		.t_us = event->t_us,
		.ip = event->ip,
		.familiar = (uint8_t)verdict->familiar,
		.state = HELD_WAITING,
		.recipients = event->count,
		.bits = verdict->bits,
	}, event->account, asks);
}

void gate_lift(struct gate *gate, uint32_t account)
{
	struct guard_answer answer;

	keeper_lift(gate->keeper, account);
	guard_lift(gate->guard, account, &answer);
	let_go(gate, &answer, clock_now());
}

void gate_tell(struct gate *gate, const struct event *event, struct text id, struct guard_answer *answer)
{
	enum desk_mode mode;

	engine_expect(gate->engine, event); /* comes from memory while it is written down */
	keeper_event(gate->keeper, event, id);
	guard_event(gate->guard, event, id, answer);
	if (event->kind == EVENT_AUTH || event->kind == EVENT_OUTCOME)
		seen_event(gate->seen, event, engine_familiar(gate->engine, event));
	if (id.n)
		aftermath_event(gate->aftermath, event, id, engine_familiar(gate->engine, event));
	if (answer->release_count + answer->discard_count)
		let_go(gate, answer, clock_now());
	if (answer->lock || answer->braked || answer->flood) {
		mode = gate_mode(gate, answer->account);
		if (mode == DESK_LEARN)
			gate_lift(gate, answer->account);
		else
			open_case(gate, event, answer, mode);
	}
	if (answer->wake_us != WHEN_NONE)
		gate_set_due(gate);
}

enum desk_mode gate_mode(const struct gate *gate, uint32_t account)
{
	return modes_of(gate->modes, accounts_name(gate->accounts, account));
}

bool gate_is_silent(const struct gate *gate, const struct ip *ip)
{
	for (size_t i = 0; i < gate->config->webmail_hosts.count; i++)
		if (ip_equal(ip, &gate->config->webmail_hosts.items[i]))
			return true;
	return !ip_known(ip) || ip_is_loopback(ip);
}

uint64_t gate_note_refused(struct gate *gate, uint32_t account, int64_t now_us)
{
	struct incident_case *one = cases_find(gate->cases, account);

	if (!one)
		return 0;
	one->refused += one->refused < UINT32_MAX;
	one->last_refused_us = now_us;
	one->changed = true;
	return one->id;
}

void gate_release(struct gate *gate, uint32_t account, bool false_alarm, struct text who)
{
	struct incident_case *one = cases_find(gate->cases, account);
	struct guard_answer answer;
	int64_t now_us = clock_now();

	gate_tell(gate, &(struct event){ .t_us = now_us, .kind = EVENT_VERIFIED, .account = account }, TEXT_NONE, &answer);
	engine_clear_suspect(gate->engine, account);
	held_release_all(gate->held, account, false_alarm, now_us);
	gate_open_again(gate, account, false_alarm);
	gate_ebb(gate, account, false_alarm);
	desk_note(gate_batch(gate), one->id, now_us, who, false_alarm ? TEXT(N_("released: a false alarm")) : TEXT(N_("released")));
	if (one->locked)
		notices_put(gate->notices, gate_batch(gate), NOTICE_RELEASED, accounts_name(gate->accounts, account), one->id, now_us);
	seen_end(gate->seen, account);
	if (!false_alarm)
		aftermath_begin(gate->aftermath, one->id, account, now_us);
	cases_close(gate->cases, one, DESK_RELEASED, now_us, gate_batch(gate));
}

/* ---- what comes due */

static void due(uv_timer_t *timer)
{
	struct gate *gate = timer->data;
	struct guard_answer answer;

	gate_tell(gate, &(struct event){ .t_us = clock_now(), .kind = EVENT_TICK }, TEXT_NONE, &answer);
	gate_commit(gate, NULL, NULL);
	gate_set_due(gate);
}

void gate_set_due(struct gate *gate)
{
	int64_t wake_us = guard_wake(gate->guard), in_ms;

	if (wake_us == WHEN_NONE) {
		uv_timer_stop(&gate->due);
		return;
	}
	in_ms = (wake_us - clock_now()) / 1000 + 1;
	uv_timer_start(&gate->due, due, (uint64_t)(in_ms > DUE_LEAST_MS ? in_ms : DUE_LEAST_MS), 0);
}
