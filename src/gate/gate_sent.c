/* SPDX-License-Identifier: Apache-2.0 */
/* What an account sends, read over the milter: of suspects alone, and of each only some. That it is phishing is evidence, which
 * weighs by the place that it came from. Nobody's mail is kept, and nothing of it but that word. */
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"

/* an account's first SENT_HOURLY mails of an hour, then one in SENT_EACH */
enum { SENT_HOURLY = 20, SENT_EACH = 10 };
#define SUSPECT_BITS 3.0f

struct sent {
	struct gate *gate;
	uint32_t account;
	char queue_id[MILTER_TEXT_MAX];
};

/* ---- whose */

/* At home, and with nothing against it, an account is nobody's business. */
static bool is_suspect(const struct gate *gate, uint32_t account, struct text queue_id)
{
	struct verdict verdict;
	uint8_t familiar;

	if (!guard_letter_familiar(gate->guard, account, queue_id, &familiar))
		return false;
	if (familiar != FAMILIAR_WELL)
		return true;
	engine_standing(gate->engine, account, clock_now(), &verdict);
	return verdict.bits >= SUSPECT_BITS;
}

/* Accounts share places of the table, whose last comer counts anew. */
static bool has_its_turn(struct gate *gate, uint32_t account)
{
	struct sent_turns *turns = &gate->sent_turns[account % GATE_SENT_TURNS];
	uint32_t hour = (uint32_t)(clock_now() / HOUR_US);

	if (turns->account != account || turns->hour != hour)
		*turns = (struct sent_turns){ account, hour, 0 };
	return turns->mails++ < SENT_HOURLY || turns->mails % SENT_EACH == 0;
}

static bool wants(void *context, struct text login, struct text queue_id)
{
	struct gate *gate = context;
	uint64_t key;
	uint32_t account = accounts_find(gate->accounts, login, &key);

	return account && is_suspect(gate, account, queue_id) && has_its_turn(gate, account);
}

/* ---- what it is */

static void was_read(void *context, struct text signs)
{
	struct sent *sent = context;
	struct gate *gate = sent->gate;
	struct guard_answer answer;

	if (signs.n) {
		log_say(LOG_NOTE, _("%s of %.*s is phishing: %.*s"), sent->queue_id, TEXT_ARG(accounts_name(gate->accounts, sent->account)), TEXT_ARG(signs));
		gate_tell(gate, &(struct event){ .t_us = clock_now(), .kind = EVENT_CONTENT, .account = sent->account, .spam = true },
			  text_of(sent->queue_id), &answer);
		gate_commit(gate, NULL, NULL);
	}
	free(sent);
}

static void take(void *context, struct text login, struct text queue_id, struct text bytes)
{
	struct gate *gate = context;
	struct sent *sent = memory_zero(1, sizeof *sent);
	uint64_t key;

	sent->gate = gate;
	sent->account = accounts_find(gate->accounts, login, &key);
	text_copy(sent->queue_id, sizeof sent->queue_id, queue_id);
	if (!mail_readers_report(gate->readers, bytes, was_read, sent))
		free(sent);
}

void gate_read_sent(struct gate *gate, struct inlet_options *options)
{
	if (strcmp(gate->config->milter_reads, "no") == 0)
		return;
	options->wants = wants;
	options->sent = take;
}
