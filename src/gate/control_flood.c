/* SPDX-License-Identifier: Apache-2.0 */
/* What `sekisho flood` asks (cli/flood.h): how far it has come with an account, whose the mails are that came back, and that it be
 * remembered. */
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/memory.h"
#include "base/table.h"
#include "gate/control_inside.h"
#include "report/value.h"

enum { MAILS_MAX = 500 /* of one question */, RECIPIENTS_MAX = 100 /* of one mail */, SPANS_MAX = 32, FOLDER_MAX = 255 };
#define EARLY_US (5 * MINUTE_US)  /* what is sent before the first sign of an incident is its, too */
#define RETURNS_US (14 * DAY_US)  /* what comes back later is not looked for by its recipient */

/* ---- fields; of another kind they are as good as missing */

static const char *text_in(const json_t *object, const char *field, size_t most)
{
	const json_t *value = json_object_get(object, field);

	return json_is_string(value) && json_string_length(value) <= most ? json_string_value(value) : "";
}

static uint32_t number_in(const json_t *object, const char *field)
{
	json_int_t number = json_integer_value(json_object_get(object, field));

	return number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
}

static int64_t time_in(const json_t *object, const char *field)
{
	const json_t *value = json_object_get(object, field);
	double seconds = json_number_value(value);

	return json_is_number(value) && seconds >= 0 && seconds < 253402300800.0 ? (int64_t)(seconds * 1e6) : WHEN_NONE;
}

/* ---- how far it has come */

static enum control_step begin_show(struct control_job *job)
{
	return *job->account ? CONTROL_SEARCH : control_fail(job, CONTROL_FAULTY, "'account' is missing");
}

json_t *control_flood(const struct desk_flood *flood)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:b, s:I, s:I, s:I, s:I, s:I}",
		"folder", control_text(flood->folder),
		"incident", flood->incident ? value_count(flood->incident) : json_null(),
		"since", value_time(flood->since_us),
		"until", value_time(flood->until_us),
		"last", value_time(flood->moved_us),
		"spoofed", flood->spoofed,
		"validity", (json_int_t)flood->validity,
		"next_uid", (json_int_t)flood->next_uid,
		"seen_uid", (json_int_t)flood->seen_uid,
		"moved", (json_int_t)flood->moved,
		"brought_back", (json_int_t)flood->brought_back);
}

static void take_flood(void *context, const struct desk_flood *flood)
{
	json_object_set_new(context, "flood", control_flood(flood));
}

static void take_newest(void *context, const struct desk_incident *incident)
{
	json_t *answer = context;

	json_object_set_new(answer, "incident", value_count(incident->id));
	json_object_set_new(answer, "began", value_time(incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us));
}

static void look_show(struct control_job *job)
{
	struct text account = text_of(job->account);

	json_object_set_new(job->answer, "account", control_text(account));
	json_object_set_new(job->answer, "flood", json_null());
	json_object_set_new(job->answer, "incident", json_null());
	json_object_set_new(job->answer, "began", json_null());
	if (control_open_desk(job) &&
	    (!desk_each_flood(job->stores->desk, account, false, take_flood, job->answer, &job->error) ||
	     !desk_each_incident(job->stores->desk, 0, account, false, 1, take_newest, job->answer, &job->error)))
		job->fault = CONTROL_FAILED;
}

/* ---- what is to be remembered */

static enum control_step begin_keep(struct control_job *job)
{
	const struct control_gate *gate = &job->options->gate;
	const json_t *root = job->request.root;
	struct desk_flood flood = {
		.account = text_of(job->account),
		.folder = text_of(text_in(root, "folder", FOLDER_MAX)),
		.incident = job->request.incident,
		.since_us = time_in(root, "since"),
		.until_us = time_in(root, "until"),
		.moved_us = time_in(root, "last"),
		.spoofed = json_is_true(json_object_get(root, "spoofed")),
		.validity = number_in(root, "validity"),
		.next_uid = number_in(root, "next_uid"),
		.seen_uid = number_in(root, "seen_uid"),
		.moved = number_in(root, "moved"),
		.brought_back = number_in(root, "brought_back"),
	};

	if (!flood.account.n || !flood.folder.n || flood.since_us == WHEN_NONE)
		return control_fail(job, CONTROL_FAULTY, "'account', 'folder' or 'since' is missing or wrong");
	json_object_set_new(job->answer, "flood", control_flood(&flood));
	gate->flood(gate->context, &flood, json_is_true(json_object_get(root, "again")), text_of(job->peer.who), job->done, job);
	return CONTROL_LATER;
}

/* ---- whose they are */

struct span {
	int64_t from_us, to_us;
};

/* what is known of the account that was asked about last */
struct known {
	char account[ACCOUNT_NAME_MAX];
	struct span spans[SPANS_MAX]; /* of its incidents */
	size_t count;
	uint8_t scope; /* what is no more familiar is the thief's */
};

/* to whom the account wrote; a bit for each of both */
enum { BY_THIEF = 1, BY_OWNER = 2 };

struct asking {
	struct control_job *job;
	struct known known;
	int64_t since_us;          /* WHEN_NONE: incidents alone say when; else all from then on counts as one */
	struct table recipients;   /* hash -> who wrote to it; filled when it is needed first */
	bool gathered, failed;
};

static void add_span(void *context, const struct desk_incident *incident)
{
	struct known *known = context;
	int64_t began_us = incident->began_us != WHEN_NONE ? incident->began_us : incident->opened_us;

	if (known->count < SPANS_MAX)
		known->spans[known->count++] = (struct span){ began_us - EARLY_US, incident->closed_us == WHEN_NONE ? INT64_MAX : incident->closed_us };
}

static void take_scope(void *context, const struct desk_lock *lock)
{
	struct known *known = context;

	if (text_is(lock->account, text_of(known->account)))
		known->scope = lock->scope;
}

static bool know(struct asking *asking, struct text account)
{
	struct control_job *job = asking->job;
	struct known *known = &asking->known;

	if (text_is(text_of(known->account), account))
		return true;
	*known = (struct known){ .scope = FAMILIAR_SOMEWHAT };
	text_copy(known->account, sizeof known->account, account);
	return desk_each_incident(job->stores->desk, 0, account, false, SPANS_MAX, add_span, known, &job->error) &&
	       desk_each_lock(job->stores->desk, take_scope, known, &job->error);
}

/* in an incident, from where the owner usually is not */
static bool is_thiefs(struct asking *asking, const struct ledger_row *row)
{
	if (!know(asking, row->account)) {
		asking->failed = true;
		return false;
	}
	if (row->familiar > asking->known.scope)
		return false;
	if (asking->since_us != WHEN_NONE && row->t_us >= asking->since_us && text_is(row->account, text_of(asking->job->account)))
		return true;
	for (size_t i = 0; i < asking->known.count; i++)
		if (row->t_us >= asking->known.spans[i].from_us && row->t_us <= asking->known.spans[i].to_us)
			return true;
	return false;
}

static json_t *verdict(struct asking *asking, const struct ledger_row *row, const char *by)
{
	return json_pack("{s:s, s:b, s:s, s:o}", "verdict", is_thiefs(asking, row) ? "hijacked" : "owner", "certain", 1, "by", by, "account",
			 control_text(row->account));
}

/* ---- by the ids that it has */

static json_t *by_id(struct asking *asking, const char *id, int64_t near_us, const char *by)
{
	struct control_job *job = asking->job;
	struct ledger_found found;
	bool ours = false;

	if (!*id)
		return NULL;
	if (!ledger_whose(job->stores->ledger, text_of(id), near_us, &ours, &found, &job->error))
		asking->failed = true;
	return ours && !asking->failed ? verdict(asking, &found.row, by) : NULL;
}

/* further ones, in the order in which they are likely */
static json_t *by_trail(struct asking *asking, const json_t *ids)
{
	json_t *found = NULL;
	const json_t *one;
	size_t i;

	json_array_foreach((json_t *)ids, i, one) {
		if (found || i == CONTROL_IDS_MAX)
			break;
		found = by_id(asking, text_in(one, "id", CONTROL_ID_MAX), time_in(one, "near"), "received");
	}
	return found;
}

/* ---- by whom it was sent to, where the mail itself did not come back */

static void gather(void *context, const struct ledger_found *found)
{
	struct asking *asking = context;
	uint32_t who = is_thiefs(asking, &found->row) ? BY_THIEF : BY_OWNER;
	bool made;

	if (found->row.action == LEDGER_REFUSED) /* it came to nobody */
		return;
	for (uint32_t i = 0; i < found->rcpt_hash_count; i++)
		*table_put(&asking->recipients, found->rcpt_hashes[i], 0, &made) |= who;
}

static uint32_t who_wrote_to(struct asking *asking, struct text address)
{
	const uint32_t *who = table_find(&asking->recipients, ledger_hash(asking->job->stores->ledger, address));

	return who ? *who : 0;
}

static json_t *by_recipient(struct asking *asking, const json_t *to)
{
	struct control_job *job = asking->job;
	uint32_t who = 0;
	const json_t *one;
	size_t i;

	if (!asking->gathered && json_array_size(to))
		asking->failed |= !ledger_each(job->stores->ledger, text_of(job->account), clock_now() - RETURNS_US, CONTROL_ROWS_MAX, gather, asking,
					       &job->error);
	asking->gathered |= json_array_size(to) > 0;
	json_array_foreach((json_t *)to, i, one) {
		if (json_is_string(one) && i < RECIPIENTS_MAX)
			who |= who_wrote_to(asking, (struct text){ json_string_value(one), json_string_length(one) });
	}
	if (!who || asking->failed)
		return NULL;
	/* to whom both wrote, that may be the answer to either */
	return json_pack("{s:s, s:b, s:s, s:s}", "verdict", who == BY_THIEF ? "hijacked" : who == BY_OWNER ? "owner" : "unknown", "certain",
			 who != (BY_THIEF | BY_OWNER), "by", "ledger", "account", job->account);
}

/* the first that is found decides */
static json_t *whose(struct asking *asking, const json_t *mail)
{
	int64_t near_us = time_in(mail, "near");
	json_t *found = by_id(asking, text_in(mail, "queue_id", CONTROL_ID_MAX), near_us, "queue_id");

	if (!found && !asking->failed)
		found = by_id(asking, text_in(mail, "message_id", CONTROL_ID_MAX), near_us, "message_id");
	if (!found && !asking->failed)
		found = by_trail(asking, json_object_get(mail, "ids"));
	if (!found && !asking->failed)
		found = by_recipient(asking, json_object_get(mail, "to"));
	if (!found)
		found = json_pack("{s:s, s:b, s:n, s:n}", "verdict", "unknown", "certain", 0, "by", "account");
	return found;
}

static enum control_step begin_whose(struct control_job *job)
{
	const json_t *mails = json_object_get(job->request.root, "mails");

	if (!*job->account || !json_is_array(mails) || json_array_size(mails) > MAILS_MAX)
		return control_fail(job, CONTROL_FAULTY, "'account' or 'mails' is missing or wrong");
	return CONTROL_SEARCH;
}

static void look_whose(struct control_job *job)
{
	struct asking asking = { .job = job, .since_us = time_in(job->request.root, "since") };
	const json_t *mails = json_object_get(job->request.root, "mails"), *mail;
	json_t *answers = json_array();
	size_t i;

	json_object_set_new(job->answer, "answers", answers);
	if (!control_open_desk(job) || !control_open_ledger(job))
		return;
	json_array_foreach((json_t *)mails, i, mail) {
		if (asking.failed)
			break;
		json_array_append_new(answers, whose(&asking, mail));
	}
	if (asking.failed)
		job->fault = CONTROL_FAILED;
	table_done(&asking.recipients);
}

const struct control_verb control_flood_verbs[] = {
	{ "flood show", CONTROL_LOOK, begin_show, look_show },
	{ "flood whose", CONTROL_LOOK, begin_whose, look_whose },
	{ "flood keep", CONTROL_CHANGE, begin_keep, NULL },
};

const size_t control_flood_verb_count = sizeof control_flood_verbs / sizeof *control_flood_verbs;
