/* SPDX-License-Identifier: Apache-2.0 */
#include "attribution/attribute.h"

#include <string.h>
#include <strings.h>

#include "profile/profile.h"

static const char *const verdicts[OWNER_VERDICTS] = { "unknown", "hijacked", "owner", "spoofed", "web_script" };
static const char *const ways[BY_WAYS] = { "", "ledger", "trace_header", "queue_id", "message_id", "received", "from" };

const char *owner_verdict_name(enum owner_verdict verdict) { return verdicts[verdict]; }
const char *attribution_by_name(enum attribution_by by) { return ways[by]; }

enum owner_verdict owner_verdict_of(struct text name)
{
	for (unsigned i = 0; i < OWNER_VERDICTS; i++)
		if (text_is(name, text_of(verdicts[i])))
			return (enum owner_verdict)i;
	return OWNER_UNKNOWN;
}

enum attribution_by attribution_by_of(struct text name)
{
	for (unsigned i = 0; i < BY_WAYS; i++)
		if (text_is(name, text_of(ways[i])))
			return (enum attribution_by)i;
	return BY_NOTHING;
}

struct search {
	const struct attribution_ground *ground;
	const struct attribution_question *question;
	struct attribution *to;
	struct error *error;
	bool failed;
};

/* ---- recipients */

static struct text lower(struct text text, char room[ATTRIBUTION_ACCOUNT_MAX])
{
	text = text_head(text, text.n < ATTRIBUTION_ACCOUNT_MAX - 1 ? text.n : (size_t)ATTRIBUTION_ACCOUNT_MAX - 1);
	for (size_t i = 0; i < text.n; i++)
		room[i] = (char)(text.p[i] >= 'A' && text.p[i] <= 'Z' ? text.p[i] | 0x20 : text.p[i]);
	room[text.n] = '\0';
	return (struct text){ room, text.n };
}

static bool has_hash(const struct ledger_found *found, uint64_t hash)
{
	for (uint32_t i = 0; i < found->rcpt_hash_count; i++)
		if (found->rcpt_hashes[i] == hash)
			return true;
	return false;
}

/* reports change the case of letters */
static bool has_recipient(const struct search *search, const struct ledger_found *found, struct text to)
{
	char room[ATTRIBUTION_ACCOUNT_MAX];

	return has_hash(found, ledger_hash(search->ground->ledger, to)) ||
	       (to.n < ATTRIBUTION_ACCOUNT_MAX && has_hash(found, ledger_hash(search->ground->ledger, lower(to, room))));
}

/* how many of those that came back are the row's */
static size_t count_fitting(const struct search *search, const struct ledger_found *found)
{
	const struct attribution_question *question = search->question;
	size_t count = 0;

	for (size_t i = 0; i < question->to_count; i++) {
		bool fits = !found->rcpt_hash_count || has_recipient(search, found, question->to[i]);

		count += fits;
		if (question->fits)
			question->fits[i] = fits;
	}
	return count;
}

/* ---- what was found */

static bool is_hijacked(const struct search *search, const struct ledger_row *row)
{
	const struct attribution_ground *ground = search->ground;

	search->to->incident = ground->incident_of ? ground->incident_of(ground->context, row) : 0;
	return search->to->incident || row->familiar == FAMILIAR_NOT;
}

/* `sure`: by the id and its time alone */
static void take_row(struct search *search, const struct ledger_found *found, enum attribution_by by, bool sure)
{
	struct attribution *to = search->to;
	bool compared = search->question->to_count && found->rcpt_hash_count, fits = count_fitting(search, found) > 0;

	if (to->by && !(compared ? fits : sure))
		return; /* what was found before says no less */
	to->by = by;
	to->certain = by == BY_LEDGER ? sure : compared ? fits : sure;
	to->other_recipient = compared && !fits;
	text_copy(to->account, sizeof to->account, found->row.account);
	text_copy(to->queue_id, sizeof to->queue_id, found->row.queue_id);
	to->sent_us = found->row.t_us;
	to->ip = found->row.ip;
	to->recipients = found->row.rcpt_count;
	to->familiar = found->row.familiar;
	to->verdict = !found->row.account.n ? OWNER_WEB_SCRIPT : is_hijacked(search, &found->row) ? OWNER_HIJACKED : OWNER_OWN;
}

static bool is_near(int64_t t_us, int64_t near_us, int64_t most_us) { return t_us - near_us <= most_us && near_us - t_us <= most_us; }

/* Postfix's long ids (enable_long_queue_ids) have their time in them, and are not used again */
static bool is_long_id(struct text id) { return id.n >= 12 && id.p[10] == 'z'; }

/* true: no more has to be looked for */
static bool ask_id(struct search *search, struct text id, int64_t near_us, enum attribution_by by)
{
	struct ledger_found found;
	bool there = false, timed = near_us != WHEN_NONE;

	if (!id.n || search->failed)
		return search->failed;
	search->to->looked_for++;
	if (!ledger_whose(search->ground->ledger, id, near_us, &there, &found, search->error)) {
		search->failed = true;
		return true;
	}
	if (!there || found.row.action == LEDGER_REFUSED || (by != BY_MESSAGE_ID && timed && !is_near(found.row.t_us, near_us, ATTRIBUTION_NEAR_US)))
		return false;
	take_row(search, &found, by, timed || by == BY_MESSAGE_ID || is_long_id(id));
	return search->to->certain;
}

static bool ask_trail(struct search *search, bool message_ids)
{
	const struct attribution_question *question = search->question;

	for (size_t i = 0; i < question->trail_count; i++) {
		const struct trail_id *id = &question->trail[i];
		int64_t near_us = id->t_us != WHEN_NONE ? id->t_us : question->date_us;

		if (id->is_message_id == message_ids && ask_id(search, id->text, near_us, message_ids ? BY_MESSAGE_ID : BY_RECEIVED))
			return true;
	}
	return false;
}

static bool ask_trace(struct search *search)
{
	const struct attribution_ground *ground = search->ground;
	struct attribution *to = search->to;
	struct seal seal;

	if (!ground->verify || !search->question->trace.n || to->by || !ground->verify(ground->context, search->question->trace, &seal))
		return false;
	if (ask_id(search, text_of(seal.queue_id), seal.t_us, BY_TRACE_HEADER) || to->by)
		return search->failed || to->certain;
	to->by = BY_TRACE_HEADER;
	to->certain = true;
	text_copy(to->account, sizeof to->account, text_of(seal.account));
	to->sent_us = seal.t_us;
	to->verdict = OWNER_OWN; /* the ledger would have said otherwise */
	return true;
}

/* ---- by sender, recipient and date */

static void take_if_sent_to(void *context, const struct ledger_found *found)
{
	struct search *search = context;

	if (!search->to->by && found->rcpt_hash_count && found->row.action != LEDGER_REFUSED &&
	    is_near(found->row.t_us, search->question->date_us, ATTRIBUTION_DATE_US) && count_fitting(search, found))
		take_row(search, found, BY_LEDGER, !search->to->looked_for); /* ids that we do not know are another mail's */
}

static bool ask_sender(struct search *search)
{
	const struct attribution_question *question = search->question;
	char room[ATTRIBUTION_ACCOUNT_MAX];

	if (search->to->by || !question->from.n || !question->to_count || question->date_us == WHEN_NONE)
		return false;
	search->failed = !ledger_each(search->ground->ledger, lower(question->from, room), question->date_us - ATTRIBUTION_DATE_US,
				      ATTRIBUTION_ROWS_MAX, take_if_sent_to, search, search->error);
	return search->failed || search->to->by;
}

/* ---- what the ledger does not have */

static bool is_ours(const struct attribution_ground *ground, struct text host)
{
	for (size_t i = 0; i < ground->host_count; i++)
		if (strlen(ground->hosts[i]) == host.n && strncasecmp(ground->hosts[i], host.p, host.n) == 0)
			return true;
	return false;
}

/* the first server of ours that says it had it; NULL: none */
static const struct trail_id *hop_of_ours(const struct search *search)
{
	const struct attribution_question *question = search->question;

	for (size_t i = 0; i < question->trail_count; i++)
		if (is_ours(search->ground, question->trail[i].by))
			return &question->trail[i];
	return NULL;
}

/* when the first server that says so had it */
static int64_t time_of(const struct attribution_question *question)
{
	for (size_t i = question->trail_count; i-- > 0;)
		if (question->trail[i].t_us != WHEN_NONE)
			return question->trail[i].t_us;
	return question->date_us;
}

static bool has_hops(const struct attribution_question *question)
{
	for (size_t i = 0; i < question->trail_count; i++)
		if (!question->trail[i].is_message_id && question->trail[i].by.n)
			return true;
	return false;
}

static void take_hop(struct attribution *to, const struct trail_id *hop)
{
	to->by = BY_RECEIVED;
	to->verdict = hop->local ? OWNER_WEB_SCRIPT : OWNER_UNKNOWN;
	to->sent_us = hop->t_us;
	text_copy(to->queue_id, sizeof to->queue_id, hop->text);
}

static void take_from(struct search *search)
{
	const struct attribution_question *question = search->question;
	struct attribution *to = search->to;
	char room[ATTRIBUTION_ACCOUNT_MAX];
	int64_t t_us = time_of(question);
	bool covered = to->ledger_us != WHEN_NONE && (t_us != WHEN_NONE ? t_us : search->ground->now_us) >= to->ledger_us;

	if (question->from.n) {
		to->by = BY_FROM;
		text_copy(to->account, sizeof to->account, lower(question->from, room));
	}
	to->sent_us = t_us;
	if (!covered || !to->looked_for)
		return;
	to->verdict = OWNER_SPOOFED;
	to->certain = t_us != WHEN_NONE && has_hops(question);
}

static void conclude(struct search *search)
{
	const struct trail_id *hop = hop_of_ours(search);

	if (search->question->fits) /* of nothing that we sent */
		memset(search->question->fits, 0, search->question->to_count * sizeof *search->question->fits);
	if (hop)
		take_hop(search->to, hop);
	else
		take_from(search);
}

/* as the server says that had it, else as its writer does */
static int64_t queue_time(const struct attribution_question *question)
{
	for (size_t i = 0; i < question->trail_count; i++)
		if (!question->trail[i].is_message_id && question->trail[i].t_us != WHEN_NONE && text_is(question->trail[i].text, question->queue_id))
			return question->trail[i].t_us;
	return question->date_us;
}

bool attribute(const struct attribution_ground *ground, const struct attribution_question *question, struct attribution *attribution,
	       struct error *error)
{
	struct search search = { ground, question, attribution, error, false };

	*attribution = (struct attribution){ .sent_us = WHEN_NONE, .ledger_us = WHEN_NONE };
	if (ground->ledger) {
		search.failed = !ledger_first(ground->ledger, &attribution->ledger_us, error);
		(void)(ask_id(&search, question->queue_id, queue_time(question), BY_QUEUE_ID) ||
		       ask_id(&search, question->message_id, question->date_us, BY_MESSAGE_ID) || ask_trace(&search) ||
		       ask_trail(&search, false) || ask_trail(&search, true) || ask_sender(&search));
	}
	if (!attribution->by && !search.failed)
		conclude(&search);
	return !search.failed;
}
