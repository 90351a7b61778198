/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/auth_policy.h"

#include <stdlib.h>

#include "base/flat.h"
#include "base/i18n.h"
#include "base/memory.h"

struct auth_policy_parser {
	char room[AUTH_POLICY_BODY_MAX]; /* what escaped texts say: never more than the body */
	size_t used;
};

struct auth_policy_parser *auth_policy_parser_new(void)
{
	return memory_zero(1, sizeof(struct auth_policy_parser));
}

void auth_policy_parser_free(struct auth_policy_parser *parser)
{
	free(parser);
}

/* ---- words */

struct word {
	struct text word;
	uint8_t means;
};

/* the list ends with an empty word, whose meaning stands for all others */
static uint8_t meaning(struct text text, const struct word *words)
{
	while (words->word.n && !text_is(text, words->word))
		words++;
	return words->means;
}

enum auth_policy_command auth_policy_command(struct text word)
{
	static const struct word commands[] = {
		{ { "allow", 5 }, AUTH_POLICY_ALLOW }, { { "report", 6 }, AUTH_POLICY_REPORT }, { { "reset", 5 }, AUTH_POLICY_RESET },
		{ { "ping", 4 }, AUTH_POLICY_PING },   { { "stats", 5 }, AUTH_POLICY_STATS },   { { "", 0 }, AUTH_POLICY_NONE },
	};

	return meaning(word, commands);
}

/* Dovecot's names of services, and weakforced's */
static uint8_t protocol_of(struct text name)
{
	static const struct word protocols[] = {
		{ { "imap", 4 }, PROTOCOL_IMAP },        { { "smtp", 4 }, PROTOCOL_SMTP },
		{ { "pop3", 4 }, PROTOCOL_POP3 },        { { "submission", 10 }, PROTOCOL_SMTP },
		{ { "sieve", 5 }, PROTOCOL_SIEVE },      { { "managesieve", 11 }, PROTOCOL_SIEVE },
		{ { "http", 4 }, PROTOCOL_WEBMAIL },     { { "https", 5 }, PROTOCOL_WEBMAIL },
		{ { "webmail", 7 }, PROTOCOL_WEBMAIL },  { { "mobileapi", 9 }, PROTOCOL_WEBMAIL },
		{ { "imaps", 5 }, PROTOCOL_IMAP },       { { "pop3s", 5 }, PROTOCOL_POP3 },
		{ { "", 0 }, PROTOCOL_UNKNOWN },
	};

	return meaning(name, protocols);
}

/* ---- fields */

enum field_kind { FIELD_TEXT, FIELD_ADDRESS, FIELD_PROTOCOL, FIELD_FLAG };

static const struct field {
	struct text name;
	enum field_kind kind;
	size_t place; /* in the request */
} fields[] = {
#define FIELD(name, kind, member) { { name, sizeof(name) - 1 }, kind, offsetof(struct auth_policy_request, member) }
	FIELD("login", FIELD_TEXT, login),
	FIELD("success", FIELD_FLAG, success),
	FIELD("remote", FIELD_ADDRESS, ip),
	FIELD("protocol", FIELD_PROTOCOL, protocol),
	FIELD("pwhash", FIELD_TEXT, pwhash),
	FIELD("session_id", FIELD_TEXT, session),
	FIELD("device_id", FIELD_TEXT, device),
	FIELD("mech", FIELD_TEXT, mech),
	FIELD("policy_reject", FIELD_FLAG, policy_reject),
	FIELD("tls", FIELD_FLAG, tls),
	FIELD("fail_type", FIELD_TEXT, fail),
	FIELD("ip", FIELD_ADDRESS, ip),
#undef FIELD
};

/* rows that some commands need; the last one is for RESET alone */
enum { LOGIN, SUCCESS, FIELDS = sizeof fields / sizeof *fields, ADDRESS = FIELDS - 1 };

static const struct field *field_of(enum auth_policy_command command, struct text name)
{
	for (size_t i = 0; i < (command == AUTH_POLICY_RESET ? FIELDS : ADDRESS); i++)
		if (text_is(name, fields[i].name))
			return &fields[i];
	return NULL;
}

/* cut between characters where it is too long */
static struct text take_text(struct auth_policy_parser *parser, const struct flat_value *value)
{
	struct text text = flat_text(value, parser->room + parser->used);

	parser->used += value->escaped ? text.n : 0;
	if (text.n > AUTH_POLICY_TEXT_MAX) {
		text.n = AUTH_POLICY_TEXT_MAX;
		while (((unsigned char)text.p[text.n] & 0xc0) == 0x80)
			text.n--;
	}
	return text;
}

/* weakforced's manual writes them as texts, too */
static bool take_flag(const struct flat_value *value, bool *flag)
{
	bool yes = value->kind == FLAT_TRUE || (value->kind == FLAT_TEXT && text_is(value->text, TEXT("true")));

	if (!yes && value->kind != FLAT_FALSE && !(value->kind == FLAT_TEXT && text_is(value->text, TEXT("false"))))
		return false;
	*flag = yes;
	return true;
}

static bool take_field(struct auth_policy_parser *parser, const struct field *field, const struct flat_value *value,
		       struct auth_policy_request *request, struct error *error)
{
	void *place = (char *)request + field->place;
	struct text text;

	if (field->kind == FIELD_FLAG)
		return take_flag(value, place) || error_set(error, _("'%s' is not true or false"), field->name.p);
	if (value->kind != FLAT_TEXT)
		return error_set(error, _("'%s' is not a text"), field->name.p);
	text = take_text(parser, value);
	if (field->kind == FIELD_TEXT)
		*(struct text *)place = text;
	else if (field->kind == FIELD_PROTOCOL)
		*(uint8_t *)place = protocol_of(text);
	else if (!ip_parse(text, place))
		*(struct ip *)place = (struct ip){ { 0 } };
	return true;
}

/* `found`: a bit for each row of the table */
static bool complete(const struct auth_policy_request *request, unsigned found, struct error *error)
{
	bool login = found >> LOGIN & 1, address = found >> ADDRESS & 1;

	if (!login && !address)
		return error_set(error, _("'%s' is missing"), fields[LOGIN].name.p);
	if (address && !ip_known(&request->ip)) /* nothing is reset that was not meant */
		return error_set(error, _("'%s' is not an address"), fields[ADDRESS].name.p);
	if (request->command == AUTH_POLICY_REPORT && !(found >> SUCCESS & 1))
		return error_set(error, _("'%s' is missing"), fields[SUCCESS].name.p);
	return true;
}

bool auth_policy_parse(struct auth_policy_parser *parser, enum auth_policy_command command, struct text body,
		       struct auth_policy_request *request, struct error *error)
{
	static const struct text none = { "", 0 };
	struct auth_policy_request read = { command, none, none, none, none, .mech = none, .fail = none };
	struct flat flat = flat_object(body);
	struct flat_value value;
	struct text name;
	unsigned found = 0;

	if (body.n > AUTH_POLICY_BODY_MAX)
		return error_set(error, _("longer than %d bytes"), AUTH_POLICY_BODY_MAX);
	parser->used = 0;
	while (flat_next(&flat, &name, &value)) {
		const struct field *field = value.kind == FLAT_NULL ? NULL : field_of(command, name);

		if (field && !take_field(parser, field, &value, &read, error))
			return false;
		found |= field ? 1u << (field - fields) : 0;
	}
	if (flat.fault)
		return error_set(error, _("no JSON: %s, at byte %d"), flat.fault, (int)(flat.at - body.p));
	if (!complete(&read, found, error))
		return false;
	*request = read;
	return true;
}
