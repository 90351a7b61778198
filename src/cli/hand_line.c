/* SPDX-License-Identifier: Apache-2.0 */
/* Whom to ask, and how: the daemon, or its deputy while it is away; one request an account, some side by side. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "cli/hand.h"
#include "cli/hand_stop.h"
#include "cli/progress.h"
#include "report/show.h"

#define REACH_US (20 * SECOND_US)       /* so long a daemon may take to start */
#define REACH_PAUSE_US (100 * 1000)
#define DEPUTY_US (10 * SECOND_US)      /* then a daemon that wants to start may */
#define GIVE_WAY_US (300 * 1000)

enum { HEAR_MS = 100, LOST_MOST = 3 };

/* ---- whom */

static int cannot(const char *away, const char *why)
{
	cli_complain("%s", away);
	cli_complain("%s", why);
	return CLI_AWAY;
}

int hand_reach(struct hand *hand)
{
	const struct config *config = &hand->asked.config;
	int64_t began_us = clock_steady();
	struct error away, why;

	for (;;) {
		enum ask_result result = ask_many_open(config->control_socket, &hand->many, &away);
		enum deputy_result deputy;

		if (result == ASK_ANSWERED)
			return CLI_DONE;
		if (result != ASK_AWAY) {
			cli_complain("%s", away.text);
			return CLI_NO;
		}
		deputy = deputy_open(config, &hand->deputy, &why);
		if (deputy == DEPUTY_READY) {
			hand->away = true;
			hand->deputy_since_us = clock_steady();
			return CLI_DONE;
		}
		if (deputy == DEPUTY_CANNOT || hand_stop() || clock_steady() - began_us > REACH_US)
			return cannot(away.text, why.text);
		usleep(REACH_PAUSE_US);
	}
}

void hand_leave(struct hand *hand)
{
	ask_many_close(hand->many);
	deputy_close(hand->deputy);
	hand->many = NULL;
	hand->deputy = NULL;
}

/* the daemon may be waiting to come up */
static bool is_time_to_give_way(const struct hand *hand)
{
	return hand->deputy && clock_steady() - hand->deputy_since_us > DEPUTY_US;
}

static int give_way(struct hand *hand)
{
	hand_leave(hand);
	usleep(GIVE_WAY_US);
	return hand_reach(hand);
}

static size_t room(const struct hand *hand) { return hand->many ? ask_many_room(hand->many) : deputy_room(hand->deputy); }

static void put(struct hand *hand, json_t *request, void *ticket)
{
	hand->going++;
	if (hand->many)
		ask_many_put(hand->many, request, ticket);
	else
		deputy_put(hand->deputy, request, ticket);
}

static void hear(struct hand *hand, int wait_ms, ask_heard *heard, void *context)
{
	if (hand->many)
		ask_many_hear(hand->many, wait_ms, heard, context);
	else
		deputy_hear(hand->deputy, wait_ms, heard, context);
}

/* ---- one question */

struct single {
	struct hand *hand;
	int status;
	json_t *answer;
};

static void heard_single(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error)
{
	struct single *single = context;

	single->hand->going--;
	single->status = asked_status(result, error);
	single->answer = json_incref(answer);
}

int hand_ask(struct hand *hand, json_t *request, json_t **answer)
{
	struct single single = { .hand = hand };

	put(hand, request, NULL);
	while (hand->going)
		hear(hand, HEAR_MS, heard_single, &single);
	if (single.status == CLI_DONE)
		*answer = single.answer;
	return single.status;
}

static void heard_nothing(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error) { }

void hand_pause(struct hand *hand, int wait_ms) { hear(hand, wait_ms, heard_nothing, NULL); }

/* ---- one for each */

struct going {
	struct hand *hand;
	const struct hand_round *round;
	size_t next, done, lost;
	bool only_lost;
	int64_t began_us;
	uint64_t put;
	struct progress progress;
};

static void heard_one(void *context, void *ticket, enum ask_result result, json_t *answer, const struct error *error)
{
	struct going *going = context;
	struct hand_target *target = ticket;

	going->hand->going--;
	going->done++;
	target->lost = result == ASK_AWAY;
	going->lost += target->lost;
	if (result == ASK_ANSWERED) {
		target->status = CLI_DONE;
		going->round->take(going->hand, target, answer);
		return;
	}
	free(target->why);
	target->why = asked_why(result, error);
	target->status = asked_status_of(result);
}

static bool is_due(const struct going *going)
{
	const struct hand *hand = going->hand;

	if (!going->round->paced || !hand->rate)
		return true;
	return clock_steady() - going->began_us >= (int64_t)(going->put * (uint64_t)MINUTE_US / hand->rate);
}

static struct hand_target *next_of(struct going *going)
{
	struct hand *hand = going->hand;

	for (; going->next < hand->count; going->next++) {
		struct hand_target *target = &hand->targets[going->next];

		if (going->only_lost ? target->lost : going->round->wants(hand, target))
			return target;
		going->done++;
	}
	return NULL;
}

static void put_some(struct going *going)
{
	struct hand *hand = going->hand;
	struct hand_target *target;

	while (room(hand) && is_due(going) && !is_time_to_give_way(hand) && (target = next_of(going))) {
		put(hand, going->round->request(hand, target), target);
		going->next++;
		going->put++;
	}
}

static bool is_stopped(struct going *going)
{
	if (going->round->paced && hand_stop())
		going->hand->stopped = true;
	return going->hand->stopped && going->round->paced;
}

/* CLI_DONE, or nobody can be asked any more */
static int go(struct going *going)
{
	struct hand *hand = going->hand;
	int status = CLI_DONE;

	while (!status && (hand->going || (!is_stopped(going) && next_of(going)))) {
		if (!is_stopped(going))
			put_some(going);
		hear(hand, hand->going ? HEAR_MS : HEAR_MS / 10, heard_one, going);
		if (going->round->paced)
			progress_show(&going->progress, going->done);
		if (!hand->going && is_time_to_give_way(hand) && next_of(going))
			status = give_way(hand);
	}
	return status;
}

static void leave_out(struct going *going, int status)
{
	for (struct hand_target *target; (target = next_of(going)); going->next++) {
		target->status = status;
		free(target->why);
		target->why = show_format("%s", _("nobody could be asked"));
	}
}

json_t *hand_ask_closure(const struct hand *hand, const struct hand_target *target)
{
	return json_pack("{s:s, s:s%}", "verb", "account closure", "account", target->name.p, target->name.n);
}

void hand_go_round(struct hand *hand, const struct hand_round *round)
{
	struct going going = { .hand = hand, .round = round, .began_us = clock_steady() };
	int status = CLI_DONE;

	progress_begin(&going.progress, hand->count);
	for (unsigned i = 0; i < LOST_MOST && !status; i++) {
		status = go(&going);
		if (status)
			leave_out(&going, status);
		if (!going.lost)
			break;
		/* whoever was asked went away: the daemon may be back, or the deputy can do it. What was done twice is done once. */
		going = (struct going){ .hand = hand, .round = round, .only_lost = true, .began_us = clock_steady(), .progress = going.progress };
		hand_leave(hand);
		status = status ? status : hand_reach(hand);
	}
	progress_end(&going.progress);
}
