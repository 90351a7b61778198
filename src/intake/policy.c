/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/policy.h"

#include <stddef.h>

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

/* ---- where a request ends */

/* the bytes of an empty line at that place, 0 where there is none */
static size_t empty_line(const char *p, const char *end)
{
	if (p < end && *p == '\n')
		return 1;
	return end - p >= 2 && p[0] == '\r' && p[1] == '\n' ? 2 : 0;
}

size_t policy_request_bytes(struct text bytes, size_t known)
{
	const char *end = bytes.p + bytes.n;
	const char *at = bytes.p + (known > 2 ? known - 2 : 0); /* "\n\r" may have waited for its "\n" */
	size_t empty = empty_line(bytes.p, end);

	if (empty)
		return empty;
	while ((at = memchr(at, '\n', (size_t)(end - at)))) {
		empty = empty_line(++at, end);
		if (empty)
			return (size_t)(at - bytes.p) + empty;
	}
	return 0;
}

/* ---- its lines */

static bool has_attribute(struct text line, const struct attribute *attribute)
{
	size_t n = attribute->name.n;

	return line.n > n && line.p[n] == '=' && memcmp(line.p, attribute->name.p, n) == 0;
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

bool policy_parse(struct text request, struct policy_request *parsed, struct error *error)
{
	struct reading reading = { .error = error };
	struct text *texts[] = {
		&reading.parsed.login, &reading.parsed.sender, &reading.parsed.recipient, &reading.parsed.queue_id,
		&reading.parsed.instance, &reading.parsed.helo, &reading.parsed.client_address, &reading.parsed.client_port,
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		*texts[i] = TEXT_NONE;
	while (request.n) {
		size_t end = text_find(request, '\n');
		struct text line = text_head(request, end);

		request = text_after(request, end + (end < request.n));
		if (line.n && line.p[line.n - 1] == '\r')
			line.n--;
		if (!line.n)
			break;
		if (!take_line(&reading, line))
			return false;
	}
	if (!reading.is_request)
		return error_set(error, _("'request' is missing"));
	if (!ip_parse(reading.parsed.client_address, &reading.parsed.ip))
		reading.parsed.ip = (struct ip){ { 0 } };
	*parsed = reading.parsed;
	return true;
}
