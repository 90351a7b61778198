/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/complaint.h"

#include "mail/address.h"
#include "mail/complaint_inside.h"
#include "mail/msg_file.h"
#include "mail/original.h"
#include "mail/trail.h"

/* the surest first */
static const struct complaint_reader *const formats[] = { &complaint_arf, &complaint_xarf, &complaint_xarf_plain, &complaint_jmrp,
							  &complaint_freeform };

/* ---- what the formats share */

static const struct {
	const char *said, *meant;
} types[] = {
	{ "abuse", "abuse" },           { "spam", "abuse" },           { "bulk_messaging", "abuse" },  { "fraud", "fraud" },
	{ "phishing", "fraud" },        { "virus", "virus" },          { "malware", "virus" },         { "infected_host", "virus" },
	{ "botnet", "virus" },          { "opt-out", "opt-out" },      { "opt-out-list", "opt-out" },  { "auth-failure", "auth-failure" },
	{ "dmarc", "auth-failure" },    { "not-spam", "not-spam" },    { "login-attack", "login-attack" },
	{ "login_attack", "login-attack" }, { "loginattack", "login-attack" }, { "bruteforce", "login-attack" }, { "other", "other" },
};

const char *complaint_type(struct text word)
{
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (text_same_word(word, types[i].said))
			return types[i].meant;
	return NULL;
}

/* who receives complaints and writes them is not who is complained about */
static bool is_office(struct text address)
{
	static const char *const offices[] = { "abuse@", "postmaster@", "hostmaster@", "noc@", "security@", "mailer-daemon@", "noreply@", "no-reply@", NULL };

	for (const char *const *office = offices; *office; office++)
		if (address.n > strlen(*office) && text_seek(text_head(address, strlen(*office)), *office))
			return true;
	return false;
}

void complaint_add_account(struct arena *arena, struct complaint *complaint, struct text address)
{
	struct text *accounts = (struct text *)complaint->accounts;

	if (!address.n || complaint->account_count == COMPLAINT_ACCOUNTS_MAX || !address_is(address) || is_office(address))
		return;
	for (size_t i = 0; i < complaint->account_count; i++)
		if (address_same(accounts[i], address))
			return;
	if (!accounts)
		complaint->accounts = accounts = arena_take(arena, COMPLAINT_ACCOUNTS_MAX * sizeof *accounts);
	accounts[complaint->account_count++] = address;
}

void complaint_set_ip(struct complaint *complaint, struct text ip)
{
	if (!complaint->has_ip)
		complaint->has_ip = ip_parse(text_trim(ip), &complaint->source_ip);
}

void complaint_set_arrival(struct complaint *complaint, struct text when)
{
	int64_t t_us;
	size_t used;

	if (complaint->arrival_us == WHEN_NONE && (when_parse_rfc3339(text_trim(when), 0, &t_us, &used) || trail_date(when, &t_us)))
		complaint->arrival_us = t_us;
}

/* ---- the mail complained about */

static bool read_headers(struct message *message, struct text text, struct original *original)
{
	struct text head = original_in_text(message_arena(message), text);

	if (!head.n)
		return false;
	original_read(message, -1, head, original);
	return true;
}

static bool has_name(struct text filename, const char *end)
{
	size_t n = strlen(end);

	return filename.n > n && text_same_word(text_after(filename, filename.n - n), end);
}

static bool read_attached(struct message *message, int number, struct original *original)
{
	const struct part *part = message_part(message, number);
	struct text headers;

	if (part->kind != PART_LEAF || part->inside)
		return false;
	if (has_name(part->filename, ".msg") && msg_file_read(message_arena(message), message_data(message, number), &headers))
		return read_headers(message, headers, original);
	if (has_name(part->filename, ".eml") || has_name(part->filename, ".txt") || text_starts(part->type, TEXT("text/rfc822-header")))
		return read_headers(message, message_text(message, number), original);
	return false;
}

bool complaint_find_original(struct message *message, struct original *original)
{
	for (int i = 1; i < message_parts(message); i++)
		if (message_part(message, i)->kind == PART_MESSAGE) {
			original_read(message, i, TEXT_NONE, original);
			return true;
		}
	for (int i = 1; i < message_parts(message); i++)
		if (read_attached(message, i, original))
			return true;
	return read_headers(message, message_body(message), original);
}

/* ---- all of them */

/* whose mail it is, as far as the mail says: who had logged in, who it says sent it */
static void name_accounts(struct message *message, struct complaint *complaint, const struct original *original)
{
	complaint_add_account(message_arena(message), complaint, original->auth_user);
	complaint_add_account(message_arena(message), complaint, original->from);
}

/* what the mail itself says, where the report does not */
static void complete(struct message *message, struct complaint *complaint, const struct original *original)
{
	name_accounts(message, complaint, original);
	if (!complaint->has_ip && original->has_ip) {
		complaint->has_ip = true;
		complaint->source_ip = original->received_from_ip;
	}
	if (complaint->arrival_us == WHEN_NONE)
		complaint->arrival_us = original->date_us;
	if (!complaint->type)
		complaint->type = "abuse";
}

struct answer {
	struct complaint complaint;
	struct original original;
};

static struct answer nothing_yet(enum complaint_format format)
{
	struct answer answer = { .complaint = { .format = format, .arrival_us = WHEN_NONE } };

	original_clear(&answer.original);
	return answer;
}

static bool give(struct message *message, struct answer *answer, struct complaint *complaint, struct original *original)
{
	complete(message, &answer->complaint, &answer->original);
	*complaint = answer->complaint;
	*original = answer->original;
	return true;
}

bool complaint_read(struct message *message, struct complaint *complaint, struct original *original)
{
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
		struct answer answer = nothing_yet(formats[i]->format);

		if (formats[i]->read(message, &answer.complaint, &answer.original))
			return give(message, &answer, complaint, original);
	}
	return false;
}

bool complaint_read_bare(struct message *message, struct text json, struct complaint *complaint, struct original *original)
{
	struct answer answer = nothing_yet(COMPLAINT_XARF);

	return complaint_read_json(message, json, &answer.complaint, &answer.original) && give(message, &answer, complaint, original);
}
