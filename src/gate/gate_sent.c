/* SPDX-License-Identifier: Apache-2.0 */
/* What an account sends, read over the milter: of suspects alone, and of each only some. That it is phishing is evidence, of what the place
 * was from which it came. Nobody's mail is kept, and nothing of it but that word. */
#include <jansson.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/gate_inside.h"
#include "mail/phishing.h"

/* an account's first SENT_HOURLY mails of an hour, then one in SENT_EACH */
enum { SENT_HOURLY = 20, SENT_EACH = 10, SIGNS_TOLD = 160 };
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

static bool is_phishing(const json_t *report, char *signs, size_t size)
{
	const json_t *phishing = json_object_get(report, "phishing"), *one;
	size_t i, n = 0;

	json_array_foreach(json_object_get(phishing, "signs"), i, one) {
		const char *name = json_string_value(json_object_get(one, "sign"));

		if (name && n + strlen(name) + 3 < size)
			n += (size_t)snprintf(signs + n, size - n, n ? ", %s" : "%s", name);
	}
	return n && json_number_value(json_object_get(phishing, "bits")) >= (double)PHISHING_BITS;
}

static void was_read(void *context, struct text said)
{
	struct sent *sent = context;
	struct gate *gate = sent->gate;
	json_t *report = said.n ? json_loadb(said.p, said.n, 0, NULL) : NULL;
	struct guard_answer answer;
	char signs[SIGNS_TOLD];

	if (is_phishing(report, signs, sizeof signs)) {
		log_say(LOG_NOTE, _("%s of %.*s is phishing: %s"), sent->queue_id, TEXT_ARG(accounts_name(gate->accounts, sent->account)), signs);
		gate_tell(gate, &(struct event){ .t_us = clock_now(), .kind = EVENT_CONTENT, .account = sent->account, .spam = true },
			  text_of(sent->queue_id), &answer);
		gate_commit(gate, NULL, NULL);
	}
	json_decref(report);
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

bool gate_read_sent(struct gate *gate, struct inlet_options *options, struct error *error)
{
	const char *word = gate->config->milter_reads;

	if (strcmp(word, "suspects") != 0 && strcmp(word, "no") != 0)
		return error_set(error, _("milter_reads: '%s' is neither suspects nor no"), word);
	if (strcmp(word, "no") == 0)
		return true;
	options->wants = wants;
	options->sent = take;
	return true;
}
