/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/policy.h"

#include <stddef.h>

#include "base/hash.h"
#include "base/i18n.h"

enum kind {
	KIND_IGNORED,
	KIND_REQUEST,
	KIND_STATE,
	KIND_OWN,       /* a text that the servers wrote */
	KIND_STRANGERS, /* a text that anybody chose */
	KIND_COUNT,
	KIND_SIZE,
	KIND_ENCRYPTED,
};

struct attribute {
	struct text name;
	enum kind kind;
	size_t at; /* of its text in struct policy_request */
};

#define ROW(name, kind) { { name, sizeof(name) - 1 }, kind, 0 }
#define ROW_TEXT(name, kind, field) { { name, sizeof(name) - 1 }, kind, offsetof(struct policy_request, field) }

/* in the order in which Postfix 3.7 sends them, so that each is mostly found at once; any order is fine */
static const struct attribute attributes[] = {
	ROW("request", KIND_REQUEST),
	ROW("protocol_state", KIND_STATE),
	ROW("protocol_name", KIND_IGNORED),
	ROW_TEXT("client_address", KIND_OWN, client_address),
	ROW("client_name", KIND_IGNORED),
	ROW_TEXT("client_port", KIND_OWN, client_port),
	ROW("reverse_client_name", KIND_IGNORED),
	ROW("server_address", KIND_IGNORED),
	ROW("server_port", KIND_IGNORED),
	ROW_TEXT("helo_name", KIND_STRANGERS, helo),
	ROW_TEXT("sender", KIND_STRANGERS, sender),
	ROW_TEXT("recipient", KIND_STRANGERS, recipient),
	ROW("recipient_count", KIND_COUNT),
	ROW_TEXT("queue_id", KIND_OWN, queue_id),
	ROW_TEXT("instance", KIND_OWN, instance),
	ROW("size", KIND_SIZE),
	ROW("etrn_domain", KIND_IGNORED),
	ROW("stress", KIND_IGNORED),
	ROW("sasl_method", KIND_IGNORED),
	ROW_TEXT("sasl_username", KIND_OWN, login),
	ROW("sasl_sender", KIND_IGNORED),
	ROW("ccert_subject", KIND_IGNORED),
	ROW("ccert_issuer", KIND_IGNORED),
	ROW("ccert_fingerprint", KIND_IGNORED),
	ROW("ccert_pubkey_fingerprint", KIND_IGNORED),
	ROW("encryption_protocol", KIND_ENCRYPTED),
	ROW("encryption_cipher", KIND_IGNORED),
	ROW("encryption_keysize", KIND_IGNORED),
	ROW("policy_context", KIND_IGNORED),
};

enum { ATTRIBUTES = sizeof attributes / sizeof *attributes };

struct reading {
	struct policy_request parsed;
	bool is_request;
	unsigned line, next; /* of attributes: which is expected */
	struct error *error;
};

/* memcmp of so few bytes is mostly the call. Every name has 4 to 24 of them. */
static bool is_same(const char *a, const char *b, size_t n)
{
	if (n < 8)
		return hash_load(a, 4) == hash_load(b, 4) && hash_load(a + n - 4, 4) == hash_load(b + n - 4, 4);
	return hash_load(a, 8) == hash_load(b, 8) && hash_load(a + n - 8, 8) == hash_load(b + n - 8, 8) &&
	       (n <= 16 || hash_load(a + 8, 8) == hash_load(b + 8, 8));
}

static bool has_attribute(struct text line, const struct attribute *attribute)
{
	size_t n = attribute->name.n;

	return line.n > n && line.p[n] == '=' && is_same(line.p, attribute->name.p, n);
}

/* NULL: none that is known */
static const struct attribute *attribute_of(struct reading *reading, struct text line)
{
	if (reading->next < ATTRIBUTES && has_attribute(line, &attributes[reading->next]))
		return &attributes[reading->next++];
	for (unsigned i = 0; i < ATTRIBUTES; i++) {
		if (has_attribute(line, &attributes[i])) {
			reading->next = i + 1;
			return &attributes[i];
		}
	}
	return NULL;
}

static bool has_control(struct text value)
{
	bool found = false;

	for (size_t i = 0; i < value.n; i++)
		found |= (unsigned char)value.p[i] < ' ' || value.p[i] == 0x7f;
	return found;
}

static bool take_text(struct reading *reading, const struct attribute *attribute, struct text value)
{
	bool bad = attribute->kind == KIND_OWN ? has_control(value) : text_find(value, '\0') < value.n;

	if (bad)
		return error_set(reading->error, _("'%s' holds a control character"), attribute->name.p);
	memcpy((char *)&reading->parsed + attribute->at, &value, sizeof value);
	return true;
}

static bool take_number(struct reading *reading, const struct attribute *attribute, struct text value)
{
	uint64_t number, most = attribute->kind == KIND_COUNT ? UINT32_MAX : INT64_MAX;

	if (!text_number(value, most, &number))
		return error_set(reading->error, _("'%s' is no number, or too large"), attribute->name.p);
	if (attribute->kind == KIND_COUNT)
		reading->parsed.recipient_count = (uint32_t)number;
	else
		reading->parsed.size_bytes = number;
	return true;
}

static enum policy_state state_of(struct text word)
{
	if (text_is(word, TEXT("RCPT")))
		return POLICY_RCPT;
	if (text_is(word, TEXT("END-OF-MESSAGE")))
		return POLICY_END_OF_MESSAGE;
	return text_is(word, TEXT("DATA")) ? POLICY_DATA : POLICY_OTHER;
}

static bool take_request(struct reading *reading, struct text value)
{
	reading->is_request = text_is(value, TEXT("smtpd_access_policy"));
	return reading->is_request || error_set(reading->error, _("'request' is not smtpd_access_policy"));
}

static bool take_value(struct reading *reading, const struct attribute *attribute, struct text value)
{
	if (attribute->kind == KIND_IGNORED)
		return true;
	if (value.n > POLICY_VALUE_MAX)
		return error_set(reading->error, _("'%s' is longer than %d bytes"), attribute->name.p, POLICY_VALUE_MAX);
	switch (attribute->kind) {
	case KIND_REQUEST: return take_request(reading, value);
	case KIND_STATE: reading->parsed.state = state_of(value); return true;
	case KIND_ENCRYPTED: reading->parsed.encrypted = value.n > 0; return true;
	case KIND_COUNT:
	case KIND_SIZE: return take_number(reading, attribute, value);
	default: return take_text(reading, attribute, value);
	}
}

static bool take_line(struct reading *reading, struct text line)
{
	const struct attribute *attribute = attribute_of(reading, line);

	reading->line++;
	if (attribute)
		return take_value(reading, attribute, text_after(line, attribute->name.n + 1));
	return text_find(line, '=') < line.n || error_set(reading->error, _("line %u has no '='"), reading->line);
}

static void begin(struct reading *reading)
{
	struct policy_request *request = &reading->parsed;
	struct text *texts[] = { &request->login, &request->sender, &request->recipient, &request->queue_id, &request->instance,
				 &request->helo, &request->client_address, &request->client_port };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = TEXT_NONE;
}

static bool end(struct reading *reading)
{
	if (!reading->is_request)
		return error_set(reading->error, _("'request' is missing"));
	if (!ip_parse(reading->parsed.client_address, &reading->parsed.ip))
		reading->parsed.ip = (struct ip){ { 0 } };
	return true;
}

/* is there an empty line from `known` on? A look that costs little, for those who send byte by byte */
static bool has_end(struct text bytes, size_t known)
{
	struct text rest = text_after(bytes, known - 3), line; /* "\n\r\n" may have begun before */

	while (text_cut(&rest, '\n', &line))
		if (text_starts(rest, TEXT("\n")) || text_starts(rest, TEXT("\r\n")))
			return true;
	return false;
}

enum policy_found policy_parse(struct text bytes, size_t known, struct policy_request *request, size_t *used, struct error *error)
{
	struct reading reading = { .error = error };
	struct text rest = bytes, line;

	if (known > 3 && !has_end(bytes, known))
		return POLICY_PARTIAL;
	begin(&reading);
	while (text_cut(&rest, '\n', &line)) {
		line.n -= text_ends(line, TEXT("\r"));
		if (line.n && !take_line(&reading, line))
			return POLICY_FAULTY;
		if (line.n)
			continue;
		if (!end(&reading))
			return POLICY_FAULTY;
		*used = bytes.n - rest.n;
		*request = reading.parsed;
		return POLICY_WHOLE;
	}
	return POLICY_PARTIAL;
}
