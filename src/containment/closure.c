/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/closure.h"

#include <stdlib.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/table.h"

struct step {
	struct closure *closure; /* whose it is; NULL: it has no place there */
	bool wanted, busy;
	enum action_verb verb; /* while it is busy */
	uint8_t state;         /* enum desk_step_state */
	uint32_t tries, pause_ms, count, proof_count;
	int64_t at_us, done_us, proved_us;
	uint64_t due_ms;    /* of the loop: not before */
	char *says, *proof; /* never NULL where it has a place */
};

struct closure {
	struct closures *closures;
	uint32_t account;
	uint64_t incident;
	uint8_t reach;
	int64_t began_us;
	bool shut, false_alarm, settled, unsaved;
	struct step steps[ACTIONS_MAX];
};

struct closures {
	struct closures_options options;
	uv_timer_t wake;
	struct closure **items;
	size_t count, room;
	struct table of_account; /* -> index */
	bool closing;
};

static struct closure *find(const struct closures *closures, uint32_t account)
{
	uint32_t *at = table_find(&closures->of_account, table_key(account));

	return at ? closures->items[*at] : NULL;
}

static struct closure *find_or_add(struct closures *closures, uint32_t account)
{
	struct closure *closure = find(closures, account);

	if (closure)
		return closure;
	closure = memory_zero(1, sizeof *closure);
	closure->closures = closures;
	closure->account = account;
	MEMORY_ROOM(closures->items, closures->count, closures->room);
	*table_put(&closures->of_account, table_key(account), 0, NULL) = (uint32_t)closures->count;
	closures->items[closures->count++] = closure;
	return closure;
}

static void free_closure(struct closure *closure)
{
	for (size_t i = 0; i < action_count; i++) {
		free(closure->steps[i].says);
		free(closure->steps[i].proof);
	}
	free(closure);
}

static void forget(struct closures *closures, struct closure *closure)
{
	uint32_t at = *table_find(&closures->of_account, table_key(closure->account));

	table_drop(&closures->of_account, table_key(closure->account));
	closures->items[at] = closures->items[--closures->count];
	if (at < closures->count)
		*table_find(&closures->of_account, table_key(closures->items[at]->account)) = at;
	free_closure(closure);
}

/* ---- the desk */

static struct text name_of(const struct closure *closure)
{
	return accounts_name(closure->closures->options.doors->accounts, closure->account);
}

static void put_step(const struct closure *closure, size_t place, struct desk_batch *batch)
{
	const struct step *step = &closure->steps[place];

	desk_put_step(batch, &(struct desk_step){
				     .incident = closure->incident,
				     .account = name_of(closure),
				     .action = text_of(actions[place].name),
				     .wanted = step->wanted,
				     .state = step->state,
				     .tries = step->tries,
				     .at_us = step->at_us, .done_us = step->done_us,
				     .says = text_of(step->says),
				     .count = step->count,
				     .proved_us = step->proved_us,
				     .proof = text_of(step->proof),
				     .proof_count = step->proof_count,
			     });
}

static void put_steps(struct closure *closure, struct desk_batch *batch)
{
	for (size_t i = 0; i < action_count; i++)
		if (closure->steps[i].closure)
			put_step(closure, i, batch);
	closure->unsaved = false;
}

/* whom a batch was about */
struct word {
	struct closures *closures;
	uint32_t account;
};

static void written(void *context, const struct error *error)
{
	struct word *word = context;
	struct closure *closure = error ? find(word->closures, word->account) : NULL;

	if (closure)
		closure->unsaved = true; /* with the next step, or when somebody looks */
	free(word);
}

static struct desk_batch *batch_for(const struct closure *closure)
{
	struct word *word = memory_zero(1, sizeof *word);

	*word = (struct word){ closure->closures, closure->account };
	return desk_batch_new(written, word);
}

static void save(struct closure *closure, size_t place)
{
	struct desk_batch *batch = batch_for(closure);

	if (closure->unsaved)
		put_steps(closure, batch);
	else
		put_step(closure, place, batch);
	desk_write(closure->closures->options.desk, batch);
}

/* ---- one step */

static void say(char **to, const char *text)
{
	free(*to);
	*to = memory_copy(text, strlen(text));
}

static void unprove(struct step *step)
{
	step->proved_us = WHEN_NONE;
	step->proof_count = 0;
	say(&step->proof, "");
}

static void turn(struct step *step, enum desk_step_state state, const char *says, uint32_t count)
{
	step->state = (uint8_t)state;
	step->at_us = clock_now();
	step->count = count;
	say(&step->says, says);
}

static uint64_t now_ms(const struct closure *closure) { return uv_now(closure->closures->options.loop); }

static void put_off(struct closure *closure, struct step *step)
{
	step->pause_ms = step->pause_ms ? step->pause_ms * 2 : CLOSURE_TRY_LEAST_MS;
	if (step->pause_ms > CLOSURE_TRY_MOST_MS)
		step->pause_ms = CLOSURE_TRY_MOST_MS;
	step->due_ms = now_ms(closure) + step->pause_ms;
}

static void look_soon(struct closures *closures, uint64_t ms);

static void did(struct closure *closure, struct step *step, enum action_result result, const char *says, uint32_t count)
{
	unprove(step);
	if (result == ACTION_DONE) {
		turn(step, STEP_DONE, says, count);
		step->done_us = step->at_us;
		step->pause_ms = 0;
	} else if (result == ACTION_CANNOT) {
		turn(step, STEP_CANNOT, says, count);
	} else {
		turn(step, STEP_FAILED, says, count);
		put_off(closure, step);
	}
}

/* what was done, and its proof, stay to be read */
static void undid(struct closure *closure, struct step *step, enum action_result result, const char *says, uint32_t count)
{
	if (result == ACTION_FAILED) {
		turn(step, STEP_FAILED, says, count);
		put_off(closure, step);
	} else if (step->done_us == WHEN_NONE || result == ACTION_CANNOT) {
		turn(step, STEP_UNDONE, says, count);
	} else {
		step->state = STEP_UNDONE;
		step->at_us = clock_now();
	}
}

static void checked(struct closure *closure, struct step *step, enum action_result result, const char *says,
		    uint32_t count)
{
	if (result == ACTION_DONE) {
		step->proved_us = clock_now();
		step->proof_count = count;
		say(&step->proof, says);
		step->pause_ms = 0;
		return;
	}
	unprove(step);
	turn(step, result == ACTION_FAILED ? STEP_FAILED : STEP_CANNOT, says, count);
	if (result == ACTION_FAILED)
		put_off(closure, step);
}

static void answered(void *context, enum action_result result, const char *says, uint32_t count)
{
	static void (*const become[])(struct closure *, struct step *, enum action_result, const char *, uint32_t) = {
		[ACTION_DO] = did,
		[ACTION_UNDO] = undid,
		[ACTION_CHECK] = checked,
	};
	struct step *step = context;
	struct closure *closure = step->closure;

	step->busy = false;
	if (step->wanted == (step->verb != ACTION_UNDO)) { /* else it was decided otherwise meanwhile */
		become[step->verb](closure, step, result, says, count);
		save(closure, (size_t)(step - closure->steps));
	}
	look_soon(closure->closures, 0);
}

static void start(struct closure *closure, size_t place, enum action_verb verb)
{
	struct step *step = &closure->steps[place];
	struct target target = {
		.account = closure->account,
		.name = name_of(closure),
		.began_us = closure->began_us,
		.reach = closure->reach,
		.false_alarm = closure->false_alarm,
		.before = step->says,
	};

	step->tries += verb != ACTION_CHECK;
	if (!actions[place].is_set_up(closure->closures->options.doors)) {
		turn(step, STEP_NOT_SET_UP, "", 0);
		save(closure, place);
		return;
	}
	step->busy = true;
	step->verb = verb;
	actions[place].run(closure->closures->options.doors, verb, &target, answered, step);
}

/* ---- what is next */

static bool is_to_do(const struct step *step)
{
	return step->closure && step->wanted &&
	       (step->state == STEP_WAITING || step->state == STEP_FAILED || step->state == STEP_UNDONE);
}

static bool is_to_prove(const struct step *step)
{
	return step->closure && step->wanted && step->state == STEP_DONE && step->proved_us == WHEN_NONE;
}

static bool is_to_undo(const struct step *step)
{
	return step->closure && !step->wanted && step->state != STEP_UNDONE && step->state != STEP_NOT_SET_UP;
}

static void note_due(uint64_t *next_ms, uint64_t due_ms)
{
	if (due_ms < *next_ms)
		*next_ms = due_ms;
}

/* does the next one have to wait for it? */
static bool is_in_the_way(const struct step *step, const struct action *action) { return step->busy && !action->aside; }

/* The first that is to be done and due, or, from behind, undone: one at a time, for their order counts. One that failed keeps
 * the others from nothing. True while something is on its way that the others wait for. */
static bool work(struct closure *closure, uint64_t *next_ms)
{
	bool (*const is_wanted)(const struct step *) = closure->shut ? is_to_do : is_to_undo;

	for (size_t i = 0; i < action_count; i++)
		if (is_in_the_way(&closure->steps[i], &actions[i]))
			return true;
	for (size_t i = 0; i < action_count; i++) {
		size_t place = closure->shut ? i : action_count - 1 - i;
		struct step *step = &closure->steps[place];

		if (step->busy || !is_wanted(step))
			continue;
		if (step->due_ms > now_ms(closure)) {
			note_due(next_ms, step->due_ms);
			continue;
		}
		start(closure, place, closure->shut ? ACTION_DO : ACTION_UNDO);
		if (is_in_the_way(step, &actions[place]))
			return true;
	}
	return false;
}

/* all that were done, side by side: some take seconds */
static bool prove(struct closure *closure)
{
	bool busy = false;

	if (!closure->shut)
		return false;
	for (size_t i = 0; i < action_count; i++)
		if (is_to_prove(&closure->steps[i]) && !closure->steps[i].busy)
			start(closure, i, ACTION_CHECK);
	for (size_t i = 0; i < action_count; i++)
		busy |= closure->steps[i].busy;
	return busy;
}

static uint32_t lacking(const struct closure *closure)
{
	uint32_t count = 0;

	for (size_t i = 0; i < action_count; i++)
		count += is_to_do(&closure->steps[i]) || is_to_prove(&closure->steps[i]) ||
			 is_to_undo(&closure->steps[i]);
	return count;
}

/* true where it is over, and gone */
static bool settle(struct closure *closure)
{
	const struct closures_options *options = &closure->closures->options;
	bool shut = closure->shut, was = closure->settled;

	closure->settled = !lacking(closure);
	if (!closure->settled || was)
		return false;
	if (options->settled)
		options->settled(options->context, closure->account, closure->incident, shut);
	if (shut)
		return false;
	forget(closure->closures, closure);
	return true;
}

static void look_at(struct closure *closure, uint64_t *next_ms)
{
	uint64_t due_ms = UINT64_MAX;

	if (work(closure, &due_ms) || prove(closure))
		return; /* looked at again with the answer */
	if (!settle(closure))
		note_due(next_ms, due_ms);
}

static void look(uv_timer_t *timer)
{
	struct closures *closures = timer->data;
	uint64_t next_ms = UINT64_MAX, now = uv_now(closures->options.loop);

	for (size_t i = closures->count; i-- > 0;)
		if (!closures->items[i]->settled)
			look_at(closures->items[i], &next_ms);
	if (next_ms != UINT64_MAX)
		look_soon(closures, next_ms > now ? next_ms - now : 0);
}

static void look_soon(struct closures *closures, uint64_t ms)
{
	if (closures->closing)
		return;
	if (!uv_is_active((uv_handle_t *)&closures->wake) || uv_timer_get_due_in(&closures->wake) > ms)
		uv_timer_start(&closures->wake, look, ms, 0);
}

/* ---- from outside */

struct closures *closures_new(const struct closures_options *options)
{
	struct closures *closures = memory_zero(1, sizeof *closures);

	closures->options = *options;
	uv_timer_init(options->loop, &closures->wake);
	closures->wake.data = closures;
	return closures;
}

static bool add_step(struct closure *closure, struct step *step)
{
	if (step->closure && step->wanted)
		return false;
	if (!step->closure)
		*step = (struct step){
			.closure = closure, .says = memory_copy("", 0), .proof = memory_copy("", 0), .at_us = WHEN_NONE, .done_us = WHEN_NONE };
	step->wanted = true;
	step->state = STEP_WAITING;
	step->due_ms = step->pause_ms = 0;
	unprove(step);
	return true;
}

static void take_order(struct closure *closure, const struct closure_order *order)
{
	closure->incident = order->incident;
	closure->reach = order->reach;
	closure->began_us = order->began_us;
	closure->shut = true;
}

/* A lock became wider: what was proved is proved anew, and what has its place behind the new step is done anew. */
static void do_behind_again(struct closure *closure, size_t first)
{
	for (size_t i = 0; i < action_count; i++) {
		struct step *step = &closure->steps[i];

		if (!step->closure || !step->wanted || step->state != STEP_DONE)
			continue;
		unprove(step);
		if (i > first)
			step->state = STEP_WAITING;
	}
}

void closures_begin(struct closures *closures, const struct closure_order *order, struct desk_batch *batch)
{
	struct closure *closure = find_or_add(closures, order->account);
	unsigned places = actions_for(order->reach, order->actions);
	size_t first = action_count; /* that is new */

	take_order(closure, order);
	for (size_t i = action_count; i-- > 0;)
		if (places >> i & 1 && add_step(closure, &closure->steps[i]))
			first = i;
	if (first == action_count)
		return;
	do_behind_again(closure, first);
	closure->settled = false;
	put_steps(closure, batch);
	look_soon(closures, 0);
}

void closures_undo(struct closures *closures, uint32_t account, bool false_alarm, struct desk_batch *batch)
{
	struct closure *closure = find(closures, account);

	if (!closure)
		return;
	closure->shut = closure->settled = false;
	closure->false_alarm = false_alarm;
	for (size_t i = 0; i < action_count; i++) {
		struct step *step = &closure->steps[i];

		step->wanted = false;
		step->due_ms = step->pause_ms = 0;
	}
	put_steps(closure, batch);
	look_soon(closures, 0);
}

void closures_restore(struct closures *closures, const struct closure_order *order)
{
	take_order(find_or_add(closures, order->account), order);
}

void closures_restore_step(struct closures *closures, uint32_t account, const struct desk_step *from)
{
	struct closure *closure = find_or_add(closures, account);
	size_t place = action_find(from->action);
	struct step *step = &closure->steps[place < action_count ? place : 0];

	closure->incident = from->incident;
	if (place == action_count || step->closure)
		return; /* of a version that had other actions */
	*step = (struct step){
		.closure = closure,
		.wanted = from->wanted,
		.state = from->state,
		.tries = from->tries,
		.at_us = from->at_us, .done_us = from->done_us,
		.count = from->count,
		.proved_us = from->proved_us,
		.proof_count = from->proof_count,
		.says = memory_copy(from->says.p, from->says.n),
		.proof = memory_copy(from->proof.p, from->proof.n),
	};
	if (step->wanted && step->state == STEP_NOT_SET_UP) /* it may be by now */
		step->state = STEP_WAITING;
}

void closures_resume(struct closures *closures)
{
	for (size_t i = closures->count; i-- > 0;) { /* what was settled before was told then */
		struct closure *closure = closures->items[i];

		closure->settled = !lacking(closure);
		if (closure->settled && !closure->shut)
			forget(closures, closure);
	}
	look_soon(closures, 0);
}

void closures_state(const struct closures *closures, uint32_t account, struct closure_state *state)
{
	const struct closure *closure = find(closures, account);

	*state = (struct closure_state){ .known = closure != NULL };
	if (!closure)
		return;
	state->shut = closure->shut;
	state->settled = closure->settled;
	state->lacking = lacking(closure);
	for (size_t i = 0; i < action_count; i++)
		state->impossible += closure->steps[i].closure && closure->steps[i].wanted && closure->steps[i].state == STEP_CANNOT;
}

size_t closures_waiting(const struct closures *closures)
{
	size_t waiting = 0;

	for (size_t i = 0; i < closures->count; i++)
		waiting += !closures->items[i]->settled;
	return waiting;
}

void closures_unsaved(struct closures *closures)
{
	for (size_t i = 0; i < closures->count; i++) {
		struct desk_batch *batch = batch_for(closures->items[i]);

		put_steps(closures->items[i], batch);
		desk_write(closures->options.desk, batch);
	}
}

static void on_closed(uv_handle_t *timer)
{
	struct closures *closures = timer->data;

	for (size_t i = 0; i < closures->count; i++)
		free_closure(closures->items[i]);
	table_done(&closures->of_account);
	free(closures->items);
	free(closures);
}

void closures_close(struct closures *closures)
{
	if (!closures)
		return;
	closures->closing = true;
	uv_close((uv_handle_t *)&closures->wake, on_closed);
}
