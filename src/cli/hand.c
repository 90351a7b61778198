/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho account lock|unlock, sekisho incident contain */
#include "cli/hand.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "cli/hand_stop.h"
#include "report/show.h"
#include "report/steps.h"

#define WRITTEN_US (3 * SECOND_US) /* what is settled is on the desk by then */

enum { PAUSE_MS = 50, MANY_PAUSE_MS = 300 };

/* ---- Ctrl-C */

static volatile sig_atomic_t stop;

static void note_stop(int number)
{
	if (stop)
		_exit(CLI_PARTLY);
	stop = 1;
}

void hand_stop_watch(void)
{
	const struct sigaction action = { .sa_handler = note_stop };

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
}

bool hand_stop(void) { return stop; }

/* ---- the act itself */

static bool wants_all(const struct hand *hand, const struct hand_target *target) { return true; }

/* one that goes on after it was stopped passes over what it did already */
static bool wants_unlocked(const struct hand *hand, const struct hand_target *target) { return !target->was_locked; }

static json_t *ask_lock(const struct hand *hand, const struct hand_target *target)
{
	json_t *request = json_pack("{s:s, s:s%, s:s}", "verb", "account lock", "account", target->name.p, target->name.n, "scope",
				    hand->scope ? hand->scope : desk_reach_names[REACH_ACCOUNT]);

	if (hand->why)
		json_object_set_new(request, "why", json_string(hand->why));
	if (hand->password)
		json_object_set_new(request, "actions", json_pack("[s]", "password"));
	if (hand->bulk)
		json_object_set_new(request, "bulk", json_integer((json_int_t)hand->bulk));
	return request;
}

static json_t *ask_unlock(const struct hand *hand, const struct hand_target *target)
{
	return json_pack("{s:s, s:s%, s:b}", "verb", "account unlock", "account", target->name.p, target->name.n, "false_alarm",
			 hand->false_alarm);
}

static void take_act(struct hand *hand, struct hand_target *target, const json_t *answer)
{
	target->acted = true;
	target->incident = field_count(answer, "incident");
	target->unknown = json_is_false(json_object_get(answer, "known"));
}

static void act(struct hand *hand)
{
	struct hand_round round = { wants_all, hand->act == HAND_UNLOCK ? ask_unlock : ask_lock, take_act, true };

	if (hand->act == HAND_LOCK && hand->together && hand->bulk && hand->count > 1)
		round.wants = wants_unlocked;
	hand_stop_watch();
	hand_go_round(hand, &round);
}

/* ---- until it is settled */

static bool wants_settled(const struct hand *hand, const struct hand_target *target)
{
	return target->acted && !target->settled && !target->status;
}

static void take_closure(struct hand *hand, struct hand_target *target, const json_t *answer)
{
	target->settled = !field_flag(answer, "known") || field_flag(answer, "settled");
	target->lacking = field_flag(answer, "known") ? field_count(answer, "lacking") + field_count(answer, "impossible") : 0;
}

static bool is_settled(const struct hand *hand)
{
	for (size_t i = 0; i < hand->count; i++)
		if (wants_settled(hand, &hand->targets[i]))
			return false;
	return true;
}

static void wait_until_settled(struct hand *hand)
{
	static const struct hand_round look = { wants_settled, hand_ask_closure, take_closure, false };
	int64_t began_us = clock_steady();

	while (!is_settled(hand) && clock_steady() - began_us < HAND_SETTLES_US && !hand->stopped) {
		hand_go_round(hand, &look);
		if (!is_settled(hand))
			hand_pause(hand, hand->count > 1 ? MANY_PAUSE_MS : PAUSE_MS);
	}
}

/* ---- all of it */

static int begin_bulk(struct hand *hand)
{
	json_t *answer;
	int status;

	if (hand->act != HAND_LOCK || hand->bulk || (hand->count == 1 && !hand->together))
		return CLI_DONE;
	status = hand_ask(hand, json_pack("{s:s}", "verb", "bulk begin"), &answer);
	if (status)
		return status;
	hand->bulk = field_count(answer, "bulk");
	json_decref(answer);
	return CLI_DONE;
}

static bool fetch_once(struct hand *hand, struct hand_target *target)
{
	json_t *answer;

	if (hand_ask(hand, json_pack("{s:s, s:I}", "verb", "incident show", "incident", (json_int_t)target->incident), &answer) != CLI_DONE)
		return false;
	json_decref(hand->closure);
	hand->closure = json_incref(json_object_get(json_object_get(answer, "incident"), "closure"));
	json_decref(answer);
	return true;
}

/* How it was shut, of a single one. What is settled is on the desk a moment later. */
static void fetch_closure(struct hand *hand)
{
	struct hand_target *target = &hand->targets[0];
	int64_t began_us = clock_steady();
	uint64_t impossible = target->lacking;

	if (hand->count != 1 || !target->acted || !target->incident)
		return;
	while (fetch_once(hand, target) && !hand->no_wait) {
		target->lacking = steps_lacking(hand->closure);
		if (!target->settled || target->lacking <= impossible || clock_steady() - began_us > WRITTEN_US)
			return;
		hand_pause(hand, PAUSE_MS);
	}
}

static int do_it(struct hand *hand)
{
	int status = hand_gather(hand);

	if (status || hand->dry_run)
		return status;
	if (hand_is_many(hand))
		status = hand_confirm(hand);
	if (!status)
		status = begin_bulk(hand);
	if (status)
		return status;
	act(hand);
	if (!hand->no_wait)
		wait_until_settled(hand);
	fetch_closure(hand);
	return CLI_DONE;
}

int cli_hand(enum hand_act act, int argc, char **argv)
{
	struct hand hand = { .act = act };
	bool ended;
	int status = hand_options(&hand, argc, argv, &ended);

	if (!ended)
		status = hand_reach(&hand);
	if (!ended && !status) {
		status = do_it(&hand);
		hand_leave(&hand);
		if (!status)
			status = hand_tell(&hand);
	}
	for (size_t i = 0; i < hand.count; i++)
		free(hand.targets[i].why);
	free(hand.targets);
	json_decref(hand.closure);
	accounts_free(hand.accounts);
	asked_done(&hand.asked);
	return status;
}
