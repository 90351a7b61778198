/* SPDX-License-Identifier: Apache-2.0 */
/* The databases behind the answers, and values made of their rows. */
#include <stdlib.h>

#include "base/memory.h"
#include "gate/control_inside.h"
#include "report/value.h"

#define LEDGER_PATIENCE_US (2 * SECOND_US)

static const char *const actions[] = { [LEDGER_PASSED] = "passed", [LEDGER_HELD] = "held", [LEDGER_REFUSED] = "refused" };

bool control_open_desk(struct control_job *job)
{
	struct control_stores *stores = job->stores;
	struct error error;

	if (!stores->desk)
		stores->desk = desk_reader_open(stores->folder, &error);
	if (!stores->desk)
		control_fail(job, CONTROL_FAILED, "%s", error.text);
	return stores->desk != NULL;
}

/* with a geo database of its own, for the gate's is the gate's alone; without one places are left out */
bool control_open_ledger(struct control_job *job)
{
	struct control_stores *stores = job->stores;
	struct error error;

	if (!stores->ledger)
		stores->ledger = ledger_reader_open(stores->folder, &error);
	if (!stores->ledger)
		control_fail(job, CONTROL_FAILED, "%s", error.text);
	else if (!stores->geo)
		stores->geo = geo_new(stores->geo_file, &error);
	return stores->ledger != NULL;
}

bool control_hurry_ledger(struct control_job *job)
{
	return job->options->ledger && ledger_hurry(job->options->ledger, LEDGER_PATIENCE_US);
}

void control_stores_done(struct control_stores *stores)
{
	desk_reader_close(stores->desk);
	ledger_reader_close(stores->ledger);
	geo_free(stores->geo);
}

json_t *control_text(struct text text)
{
	char *copy = memory_copy(text.p, text.n);
	json_t *value;

	for (size_t i = 0; i < text.n; i++)
		if (!copy[i])
			copy[i] = '?';
	value = value_text(copy);
	free(copy);
	return value;
}

static json_t *address(const struct ip *ip)
{
	char text[IP_TEXT_MAX];

	return ip_known(ip) ? json_string(ip_format(ip, text)) : json_null();
}

json_t *control_row(const struct ledger_found *found)
{
	const struct ledger_row *row = &found->row;
	char country[3] = { row->country[0], row->country[1], '\0' };

	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:I, s:I, s:s, s:b, s:b, s:o}",
		"at", value_time(row->t_us),
		"account", control_text(row->account),
		"queue_id", control_text(row->queue_id),
		"message_id", found->message_id.n ? control_text(found->message_id) : json_null(),
		"session", row->session.n ? control_text(row->session) : json_null(),
		"ip", address(&row->ip),
		"country", value_text_or_null(country),
		"recipients", (json_int_t)row->rcpt_count,
		"size", (json_int_t)row->size_bytes,
		"action", row->action <= LEDGER_REFUSED ? actions[row->action] : "passed",
		"familiar", row->familiar >= FAMILIAR_SOMEWHAT,
		"from_log", row->from_log,
		"bits", value_rounded((double)row->bits, 10));
}

/* what the gate put down, if it is a list as it should be */
static json_t *evidence_of(struct text evidence)
{
	json_t *list = json_loadb(evidence.p, evidence.n, 0, NULL);

	if (json_is_array(list))
		return list;
	json_decref(list);
	return json_array();
}

json_t *control_incident_head(const struct desk_incident *incident)
{
	return json_pack("{s:I, s:o, s:s, s:s, s:s, s:b, s:I, s:o, s:o, s:o, s:o, s:I, s:o, s:o}",
		"id", (json_int_t)incident->id,
		"account", control_text(incident->account),
		"verdict", "hijacked", /* none is opened for less */
		"state", desk_incident_names[incident->state],
		"mode", desk_mode_names[incident->mode],
		"braked", incident->braked,
		"bulk", (json_int_t)incident->bulk,
		"bits", value_rounded((double)incident->bits, 10),
		"began", value_time(incident->began_us),
		"detected_at", value_time(incident->opened_us),
		"closed", value_time(incident->closed_us),
		"turned_away", (json_int_t)incident->refused,
		"last_turned_away", value_time(incident->last_refused_us),
		"evidence", evidence_of(incident->evidence));
}
