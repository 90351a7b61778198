/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/guard_inside.h"

#include <math.h>

enum { PROBES_MOST = 64, PROBES_GRAVE = 8, SOURCES_LOOKED_AT = 256, HELD_AT_HOME = 3 };
enum {
	PROBES_FLAGGED = 4, /* however good they were, the next of a run that is flagged waits twice as long */
	UNFLAGGED_LOOKED_AT = 4096,
	FLAGGED_LEAST = 8,  /* letters that are held, to be a run that the content filter speaks of */
	BURST_LEAST = 10,   /* letters that are held, to tell its pace … */
	BURST_MOST = 400,   /* … and to be a list that somebody sent by hand */
	SILENT_GAPS = 10,   /* times its pace: a machine that sends at random pauses so long once in twenty thousand messages */
};
#define REVIEW_US (7 * MINUTE_US)       /* a suspicion that has not grown by then is let go … */
#define REVIEW_DOUBT_US (7 * MINUTE_US) /* … a stronger one then too, but one by one … */
#define REVIEW_GRAVE_US (10 * MINUTE_US) /* … and what lacks little for a lock only then */
#define PROBE_US (40 * SECOND_US)       /* until the fate of a probe is known, mostly */
#define PROBE_GRAVE_US (1 * MINUTE_US)
#define PROBE_BAD_US (2 * MINUTE_US)
#define SILENT_US (3 * MINUTE_US)       /* at least, until a burst is over */
#define LONG_RUN_US HOUR_US             /* a list is out by then; what still goes on is a machine's */
#define FLAGGED_BEYOND 0.25f            /* the account's own share of flagged mail */
#define BRAKED_US (10 * MINUTE_US)      /* until what only brakes keep from a lock is looked at again */
#define DOUBT_BITS 1.5f                 /* above hold_bits */
#define GRAVE_BITS 8.5f
#define STILL_GROWS_BITS 5.0f           /* after a lock, by what seems to be the owner */
#define ACCEPTED_MOST 17.0f             /* what is let go is never forgotten beyond this */
#define GROWN_BITS 1.5f                 /* so much more than what was let go before is held again */
#define ACCEPTED_HALF_US (2.0f * (float)DAY_US)

/* ---- hold, and let go */

/* a clock that goes back lets nothing more pass */
static float accepted(const struct watch *watch, int64_t t_us)
{
	int64_t passed_us = t_us > watch->accepted_us ? t_us - watch->accepted_us : 0;

	return watch->accepted_bits * exp2f(-(float)passed_us / ACCEPTED_HALF_US);
}

static void accept(struct watch *watch, float bits, int64_t t_us)
{
	watch->accepted_bits = bits < ACCEPTED_MOST ? bits : ACCEPTED_MOST;
	watch->accepted_us = t_us;
	watch->due_us = WHEN_NONE;
	watch->window = 0;
	watch->wary = 0;
}

static bool must_wait(const struct guard *guard, const struct watch *watch, const struct verdict *verdict, int64_t t_us)
{
	float from = verdict_holds_from(verdict, &guard->limits);

	if (watch && watch->held && verdict->familiar != FAMILIAR_WELL)
		from -= GROWN_BITS;
	else if (watch && verdict->bits < accepted(watch, t_us) + GROWN_BITS)
		return false;
	return verdict->bits >= from;
}

int64_t guard_patience_us(const struct guard *guard, float bits)
{
	return bits < guard->limits.hold_bits + DOUBT_BITS   ? REVIEW_US
	       : bits < guard->limits.hold_bits + GRAVE_BITS ? REVIEW_DOUBT_US
							     : REVIEW_GRAVE_US;
}

void guard_keep(struct guard *guard, struct watch *watch, uint32_t number, struct text id, int64_t t_us)
{
	struct letter *letter = guard_letter(guard, number);

	letter->id = memory_copy(id.p, id.n);
	letter->held = true;
	if (!watch->held)
		watch->since_us = t_us;
	guard_put_last(guard, watch, number);
	if (!watch->locked && letter->familiar != FAMILIAR_WELL) {
		watch->scope = watch->strange && watch->scope > letter->familiar ? watch->scope : letter->familiar;
		watch->strange = true;
	}
}

/* what is held, as far as it was looked at, the oldest first */
struct run {
	uint32_t letters, flagged;
	uint8_t familiar; /* the least of them */
};

static struct run run_of(const struct guard *guard, const struct watch *watch)
{
	struct run run = { .familiar = FAMILIAR_WELL };
	uint32_t number = watch->first;

	for (; number && run.letters < SOURCES_LOOKED_AT; number = guard_letter(guard, number)->next) {
		const struct letter *letter = guard_letter(guard, number);

		run.letters++;
		run.flagged += letter->flagged;
		run.familiar = letter->familiar < run.familiar ? letter->familiar : run.familiar;
	}
	return run;
}

/* The content filter takes far more of it for spam than of what the owner writes: that most of it is taken elsewhere does not
 * buy it off. */
static bool is_flagged_run(const struct guard *guard, const struct watch *watch)
{
	const struct profile *profile = profiles_peek(engine_profiles(guard->engine), watch->account);
	struct run run = run_of(guard, watch);
	float usual = profile ? profile_share(profile->flagged) : 0;

	return run.flagged >= FLAGGED_LEAST && (float)run.flagged > (usual + FLAGGED_BEYOND) * (float)run.letters;
}

static bool is_long_run(const struct guard *guard, const struct watch *watch)
{
	return watch->held && guard_letter(guard, watch->last)->t_us - watch->since_us >= LONG_RUN_US;
}

/* A list that somebody sent from one of the owner's places, and that is over: a machine would go on. */
static bool is_over(const struct guard *guard, const struct watch *watch, const struct verdict *verdict, int64_t t_us)
{
	int64_t last_us = guard_letter(guard, watch->last)->t_us, silent_us = t_us - last_us;
	int64_t gap_us = (last_us - guard_letter(guard, watch->first)->t_us) / watch->held;

	return verdict->bits < guard->limits.hold_bits + GRAVE_BITS && watch->held >= BURST_LEAST &&
	       watch->held <= BURST_MOST && silent_us >= SILENT_US && silent_us >= SILENT_GAPS * gap_us &&
	       !is_long_run(guard, watch) && run_of(guard, watch).familiar >= FAMILIAR_SOMEWHAT;
}

static void hold(struct guard *guard, const struct event *event, const struct verdict *verdict, uint32_t number,
		 struct text id)
{
	struct watch *watch = guard_watch_for(guard, event->account);

	guard_keep(guard, watch, number, id, event->t_us);
	if (watch->wary && !event->spam && !verdict->bad_list && watch->due_us > event->t_us + REVIEW_US && is_flagged_run(guard, watch))
		guard_put_off(guard, watch, event->t_us + REVIEW_US);
	else if (!watch->window && (watch->due_us == WHEN_NONE || verdict->bits >= guard->limits.hold_bits + DOUBT_BITS))
		guard_put_off(guard, watch, watch->since_us + guard_patience_us(guard, verdict->bits));
}

/* One alone, and never the rest; nor is more of it let pass where that was the last. What the filter did not flag goes first, and does
 * not wait for what it did: it may be the owner's. */
static void probe_once(struct guard *guard, struct watch *watch, const struct verdict *verdict, int64_t t_us, struct guard_answer *answer)
{
	bool unflagged = guard_release_unflagged(guard, watch, UNFLAGGED_LOOKED_AT, answer);

	if (!unflagged)
		guard_release_some(guard, watch, 1, answer);
	if (watch->held) {
		watch->window = watch->window ? watch->window + 1 : 2;
		guard_put_off(guard, watch, t_us + (PROBE_BAD_US << (unflagged && !verdict->bad_list ? 0 : watch->wary)));
	} else {
		watch->due_us = WHEN_NONE;
		watch->window = watch->wary = 0;
	}
}

/* Lets a few go, and twice as many each time, while what becomes of them leaves no more against the account than before. A list
 * of which that many were taken as an owner's lists are is answered for: the rest goes with the last of them. */
static void probe(struct guard *guard, struct watch *watch, const struct verdict *verdict, int64_t t_us, struct guard_answer *answer)
{
	bool grave = verdict->bits >= guard->limits.hold_bits + GRAVE_BITS;
	bool flagged = is_flagged_run(guard, watch);

	if (flagged && watch->wary < WARY_FLAGGED_MOST && (!watch->wary || watch->window > PROBES_FLAGGED)) {
		watch->wary++;
		watch->window = 0;
	}
	watch->probed_bits = verdict->group_bits[GROUP_OUTCOME];
	if (flagged || (watch->wary > 1 && verdict->bad_list)) {
		probe_once(guard, watch, verdict, t_us, answer);
		return;
	}
	watch->window = !watch->window ? 1 : grave && watch->window > PROBES_GRAVE ? PROBES_GRAVE : watch->window;
	guard_release_some(guard, watch, watch->window > PROBES_MOST ? UINT32_MAX : watch->window, answer);
	watch->window *= 2;
	if (watch->held)
		guard_put_off(guard, watch, t_us + (grave ? PROBE_GRAVE_US : PROBE_US));
	else
		accept(watch, verdict->bits, t_us);
}

static bool is_harmless(const struct guard *guard, const struct verdict *verdict)
{
	return verdict->bits < guard->limits.hold_bits + DOUBT_BITS && !verdict->bad_burst;
}

/* nothing came that decided: let everything go, or in doubt a few, and see what becomes of them */
static void review(struct guard *guard, struct watch *watch, int64_t t_us, struct guard_answer *answer)
{
	struct verdict verdict;

	if (watch->locked) {
		watch->due_us = WHEN_NONE; /* until the owner is there */
		return;
	}
	engine_standing(guard->engine, watch->account, t_us, &verdict);
	if (t_us < watch->since_us + guard_patience_us(guard, verdict.bits) && !watch->window) {
		guard_put_off(guard, watch, watch->since_us + guard_patience_us(guard, verdict.bits));
		return;
	}
	if (verdict.action == VERDICT_LOCK) { /* the brakes hold: a person decides, or the next event with room for a lock */
		guard_put_off(guard, watch, t_us + BRAKED_US);
		return;
	}
	if (!watch->wary && !is_flagged_run(guard, watch) &&
	    (is_harmless(guard, &verdict) || is_over(guard, watch, &verdict, t_us))) {
		guard_release_some(guard, watch, UINT32_MAX, answer);
		accept(watch, verdict.bits, t_us);
		return;
	}
	probe(guard, watch, &verdict, t_us, answer);
}

/* Who asks too late gets no more than in time: what became of a probe can only be known after it was let go. */
static void do_what_is_due(struct guard *guard, int64_t t_us, struct guard_answer *answer)
{
	while (guard->heap_count && guard->heap[0].t_us <= t_us) {
		struct due due = guard->heap[0];
		bool stale = guard_is_stale(guard, &due);

		guard_heap_drop(guard);
		if (stale)
			continue;
		guard->watches[due.watch].due_us = WHEN_NONE;
		if (guard->watches[due.watch].held)
			review(guard, &guard->watches[due.watch], t_us, answer);
		else
			guard->watches[due.watch].window = guard->watches[due.watch].wary = 0;
	}
}

/* ---- where it comes from */

/* where a message came from; `detail` has room for it */
static void source_of(struct guard *guard, uint32_t number, struct event *event, struct event_detail *detail)
{
	struct letter *letter = guard_letter(guard, number);

	event->account = letter->account; /* a bounce may come back to another mailbox than the one it was sent through */
	event->ip = letter->ip;
	event->place = letter->place;
	event->place_silent = letter->silent;
	detail->client = letter->client;
	detail->net = letter->net;
	event->detail = detail;
}

/* what the message knew of its source */
static void fill_in(struct guard *guard, struct event *event, struct event_detail *detail, uint32_t number)
{
	struct letter *letter = guard_letter(guard, number);

	source_of(guard, number, event, detail);
	event->message = number;
	event->listed = letter->listed;
	detail->dead_before = letter->dead;
	if (event->kind == EVENT_CONTENT) {
		detail->filtered = letter->flagged;
		letter->flagged |= event->spam;
	}
	letter->dead += event->kind == EVENT_OUTCOME && event->result == RESULT_BOUNCED && letter->dead < UINT16_MAX;
}

uint64_t guard_source_key(const struct event *event)
{
	return hash_pair(ip_block_key(&event->ip), event->detail ? event->detail->client : 0) | 1;
}

bool guard_was_refused(const struct watch *watch, uint64_t source)
{
	for (unsigned i = 0; i < REFUSED_SOURCES; i++)
		if (watch->refused[i] == source)
			return true;
	return false;
}

static void note_refused(struct watch *watch, const struct event *event)
{
	uint64_t source = guard_source_key(event);

	if (!guard_was_refused(watch, source))
		watch->refused[watch->refused_count++ % REFUSED_SOURCES] = source;
}

/* ---- lock */

static uint64_t domain_of(const struct guard *guard, uint32_t account)
{
	struct text name = accounts_name(guard->accounts, account);
	size_t at = text_find(name, '@');

	return hash_text(HASH_FIXED, text_after(name, at));
}

/* The owner's own go out, strangers' are to be thrown away. What came from the owner's own place is never thrown away: where
 * the thief is there too it stays until the owner has proved who they are. */
static void clear_out(struct guard *guard, struct watch *watch, uint8_t abused, struct guard_answer *answer)
{
	for (uint32_t left = watch->held; left > 0; left--) {
		uint32_t number = watch->first;
		struct letter *letter = guard_take_first(guard, watch);

		if (letter->familiar > abused && !(watch->wary && letter->familiar == FAMILIAR_WELL))
			guard_release(guard, letter, answer);
		else if (letter->familiar == FAMILIAR_WELL)
			guard_put_last(guard, watch, number);
		else
			guard_discard(guard, letter, answer);
	}
	watch->due_us = WHEN_NONE;
	watch->window = 0;
}

/* Is what is held the mail of somebody at home, but for a few? */
static bool is_from_home(const struct guard *guard, const struct watch *watch)
{
	unsigned home = 0, elsewhere = 0, left = SOURCES_LOOKED_AT;

	for (uint32_t number = watch->first; number && left--; number = guard_letter(guard, number)->next) {
		bool at_home = guard_letter(guard, number)->familiar == FAMILIAR_WELL;

		home += at_home;
		elsewhere += !at_home;
	}
	return home > elsewhere + HELD_AT_HOME;
}

/* The message that tips the scales may be the owner's: what was held from elsewhere tells better where it comes from, unless most
 * of what is held came from home. */
static uint8_t scope_of(const struct guard *guard, const struct watch *watch, enum profile_familiar last)
{
	if (last != FAMILIAR_WELL)
		return last > watch->scope ? (uint8_t)last : watch->scope;
	return watch->strange && !is_from_home(guard, watch) ? watch->scope : FAMILIAR_WELL;
}

/* Where abuse came from although the owner reads there: the lock's scope does not shut it out, so it is named. */
static void note_abused(struct guard *guard, struct watch *watch, const struct event *source)
{
	struct event reading = *source;

	reading.protocol = PROTOCOL_UNKNOWN;
	if (!guard_was_refused(watch, guard_source_key(source)) && engine_familiar(guard->engine, &reading) > watch->scope)
		note_refused(watch, source);
}

/* `last` was as familiar as `familiar`; what is more so than `abused` is the owner's */
static void note_sources(struct guard *guard, struct watch *watch, const struct event *last, enum profile_familiar familiar, uint8_t abused)
{
	struct event_detail detail = { 0 };
	struct event event = { .t_us = last->t_us, .detail = &detail };
	unsigned left = SOURCES_LOOKED_AT;

	if (familiar <= abused && last->kind != EVENT_VERIFIED && ip_known(&last->ip) && !last->place_silent)
		note_abused(guard, watch, last);
	for (uint32_t number = watch->first; number && left--; number = guard_letter(guard, number)->next) {
		source_of(guard, number, &event, &detail);
		if (guard_letter(guard, number)->familiar <= abused && ip_known(&event.ip) && !event.place_silent)
			note_abused(guard, watch, &event);
	}
}

static void lock(struct guard *guard, const struct event *event, struct guard_answer *answer)
{
	struct watch *watch = guard_watch_for(guard, event->account);
	uint8_t abused;

	if (watch->locked)
		return;
	if (!brakes_allow(&guard->brakes, domain_of(guard, event->account), event->t_us)) {
		answer->braked = true;
		return;
	}
	watch->locked = true;
	watch->grown_bits = 0;
	abused = scope_of(guard, watch, answer->verdict.familiar);
	/* a young account's home is as familiar as the next street: those that abuse came from are named instead */
	watch->scope = abused == FAMILIAR_FIRST ? FAMILIAR_NOT : abused;
	memset(watch->refused, 0, sizeof watch->refused);
	note_sources(guard, watch, event, answer->verdict.familiar, abused);
	answer->lock = true;
	clear_out(guard, watch, abused, answer);
}

void guard_unlock(struct guard *guard, uint32_t account, struct guard_answer *answer)
{
	struct watch *watch = guard_find_watch(guard, account);

	if (!watch)
		return;
	watch->locked = watch->strange = false;
	watch->scope = FAMILIAR_NOT;
	watch->accepted_bits = 0;
	guard_release_some(guard, watch, UINT32_MAX, answer);
	watch->due_us = WHEN_NONE;
	watch->window = watch->wary = 0;
}

/* Where a thief was at home, too, what is held may be his: a few go, and more while they are taken. Each bad one doubles the wait
 * for the next, so that an old list of the owner's is out in a day or two, and what malware left behind is not. */
static void let_owner_in(struct guard *guard, const struct event *event, struct guard_answer *answer)
{
	struct watch *watch = guard_find_watch(guard, event->account);

	if (!watch || !watch->locked || (watch->scope != FAMILIAR_WELL && !watch->wary) || watch->held <= PROBES_GRAVE) {
		guard_unlock(guard, event->account, answer);
		return;
	}
	watch->locked = watch->strange = false;
	watch->scope = FAMILIAR_NOT;
	watch->accepted_bits = 0;
	watch->wary = 1;
	watch->window = PROBES_GRAVE;
	probe(guard, watch, &answer->verdict, event->t_us, answer);
}

/* ---- one event */

static bool is_owners(const struct watch *watch, const struct event *event, const struct verdict *verdict)
{
	return !guard_was_refused(watch, guard_source_key(event)) && verdict->familiar > watch->scope &&
	       (verdict->familiar == FAMILIAR_WELL || verdict->owner_like);
}

/* what was against a locked account before this event */
static float locked_bits(struct guard *guard, const struct event *event)
{
	const struct watch *watch = guard_find_watch(guard, event->account);
	struct verdict verdict = { .bits = 0 };

	if (watch && watch->locked)
		engine_standing(guard->engine, event->account, event->t_us, &verdict);
	return verdict.bits;
}

/* Whoever goes on from the owner's own place as the thief did is not the owner: then the lock is for there, too. */
static void note_growth(struct guard *guard, const struct event *event, float before, const struct verdict *verdict)
{
	struct watch *watch = guard_find_watch(guard, event->account);

	if (!watch || !watch->locked || verdict->familiar <= watch->scope || verdict->bits <= before)
		return;
	if (verdict->familiar == FAMILIAR_FIRST && !verdict->owner_like)
		return; /* it is refused, and its source named */
	watch->grown_bits += verdict->bits - before;
	if (watch->grown_bits >= STILL_GROWS_BITS)
		watch->scope = (uint8_t)verdict->familiar;
}

static void answer_submit(struct guard *guard, const struct event *event, struct text id, struct guard_answer *answer)
{
	const struct verdict *verdict = &answer->verdict;
	struct watch *watch = guard_find_watch(guard, event->account);
	uint32_t number;

	if (watch && watch->locked && !is_owners(watch, event, verdict)) {
		note_refused(watch, event);
		answer->action = GUARD_REFUSE;
		return;
	}
	number = guard_remember(guard, event, (uint8_t)verdict->familiar, id, answer);
	if (answer->braked || (!(watch && watch->locked) && must_wait(guard, watch, verdict, event->t_us))) {
		answer->action = GUARD_HOLD;
		hold(guard, event, verdict, number, id);
	}
}

/* Lists that are kept have dead ones, too: a probe is bad where more speaks against the account than when it was let go, or so many
 * are dead that nobody keeps this list. */
static bool is_bad_probe(const struct watch *watch, const struct verdict *verdict)
{
	return verdict->bad_list || verdict->group_bits[GROUP_OUTCOME] >= watch->probed_bits + GROWN_BITS;
}

static void answer_outcome(struct guard *guard, const struct event *event, const struct verdict *verdict)
{
	struct watch *watch = guard_find_watch(guard, event->account);

	if (!watch || !watch->held || !watch->window || event->result != RESULT_BOUNCED || !is_bad_probe(watch, verdict))
		return;
	if (watch->wary < WARY_MOST && (watch->wary ? watch->window > 1 : is_long_run(guard, watch)))
		watch->wary++;
	watch->window = 1; /* back to one, and wait */
	guard_put_off(guard, watch, event->t_us + (PROBE_BAD_US << watch->wary));
}

void guard_tell_wake(struct guard *guard, struct guard_answer *answer)
{
	while (guard->heap_count && guard_is_stale(guard, &guard->heap[0]))
		guard_heap_drop(guard);
	if (!guard->heap_count || guard->heap[0].t_us == guard->told_us)
		return;
	answer->wake_us = guard->told_us = guard->heap[0].t_us;
}

/* A bounce of a message of ours is what became of a recipient, told late. */
static void take_as_outcome(struct event *event)
{
	event->kind = EVENT_OUTCOME;
	event->result = RESULT_BOUNCED;
	event->again = event->late = true;
}

static bool is_flood(const struct guard *guard, const struct event *event, const struct verdict *verdict)
{
	const struct profile *profile = profiles_peek(engine_profiles(guard->engine), event->account);

	return profile && event->late && verdict->bad_list && event->reason == REASON_UNKNOWN_USER && verdict->bits >= guard->limits.suspect_bits &&
	       profile_share_hits(profile->dead_now) >= GUARD_FLOOD && !guard_locked(guard, event->account, NULL);
}

static bool is_about_a_letter(const struct event *event)
{
	return event->kind == EVENT_OUTCOME || event->kind == EVENT_BOUNCE || event->kind == EVENT_COMPLAINT ||
	       event->kind == EVENT_AUTO_REPLY || event->kind == EVENT_CONTENT;
}

void guard_event(struct guard *guard, const struct event *told, struct text id, struct guard_answer *answer)
{
	struct event_detail detail = { 0 };
	struct event copy = *told, *event = &copy;
	uint32_t number;

	*answer = (struct guard_answer){ .wake_us = WHEN_NONE };
	guard_free_garbage(guard);
	id.n = id.n < GUARD_ID_MAX ? id.n : GUARD_ID_MAX;
	number = is_about_a_letter(event) ? guard_find_letter(guard, id) : 0;
	engine_expect(guard->engine, event); /* one wait for memory instead of several */
	do_what_is_due(guard, event->t_us, answer);
	if (number && event->kind == EVENT_BOUNCE)
		take_as_outcome(event);
	if (number)
		fill_in(guard, event, &detail, number);
	else if (event->kind == EVENT_SUBMIT && event->account == ACCOUNT_NONE)
		guard_forget_id(guard, id);
	answer->account = event->account;
	if (event->kind != EVENT_TICK && event->account != ACCOUNT_NONE && (event->kind != EVENT_OUTCOME || number)) {
		float before = locked_bits(guard, event);

		engine_event(guard->engine, event, &answer->verdict);
		note_growth(guard, event, before, &answer->verdict);
		if (answer->verdict.action == VERDICT_LOCK)
			lock(guard, event, answer);
		answer->flood = told->kind == EVENT_BOUNCE && is_flood(guard, event, &answer->verdict);
		if (event->kind == EVENT_SUBMIT)
			answer_submit(guard, event, id, answer);
		else if (event->kind == EVENT_OUTCOME)
			answer_outcome(guard, event, &answer->verdict);
		else if (event->kind == EVENT_VERIFIED)
			let_owner_in(guard, event, answer);
	} else if (event->kind == EVENT_AUTH) {
		engine_event(guard->engine, event, &answer->verdict);
	}
	guard_tell_wake(guard, answer);
}
