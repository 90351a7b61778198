/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/authres.h"

#include <ctype.h>
#include <strings.h>

static enum authres_result result_of(struct text word)
{
	if (text_same_word(word, "pass"))
		return AUTHRES_PASS;
	if (text_same_word(word, "softfail"))
		return AUTHRES_SOFTFAIL;
	return text_same_word(word, "fail") || text_same_word(word, "hardfail") || text_same_word(word, "permerror") ? AUTHRES_FAIL : AUTHRES_NONE;
}

/* comments in round brackets, one within the other, are passed over */
static const char *over_comment(const char *p, const char *end)
{
	int depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth <= 0)
			return p + 1;
	}
	return end;
}

static const char *over_blanks(const char *p, const char *end)
{
	while (p < end && (isspace((unsigned char)*p) || *p == '('))
		p = *p == '(' ? over_comment(p, end) : p + 1;
	return p;
}

static bool ends_word(char c) { return isspace((unsigned char)c) || c == ';' || c == '=' || c == '('; }

/* a word or a text in quotes; *p behind it */
static struct text next_word(const char **p, const char *end)
{
	const char *begin;
	struct text word;

	*p = over_blanks(*p, end);
	begin = *p;
	if (begin < end && *begin == '"') {
		const char *close = memchr(begin + 1, '"', (size_t)(end - begin - 1));

		*p = close ? close + 1 : end;
		return text_between(begin + 1, close ? close : end);
	}
	while (*p < end && !ends_word(**p))
		++*p;
	word = text_between(begin, *p);
	*p = over_blanks(*p, end);
	return word;
}

static struct text domain_of(struct text value)
{
	const char *at = value.n ? memrchr(value.p, '@', value.n) : NULL;

	return at ? text_between(at + 1, value.p + value.n) : value;
}

/* one "method=result property=value …" */
struct finding {
	struct text method;
	enum authres_result result;
	struct text domain, signer, from;
};

static void read_property(struct finding *finding, struct text name, struct text value)
{
	if (text_same_word(name, "smtp.mailfrom") || text_same_word(name, "smtp.mail") || (text_same_word(name, "smtp.helo") && !finding->domain.n))
		finding->domain = domain_of(value);
	else if (text_same_word(name, "header.d") || ((text_same_word(name, "header.i") || text_same_word(name, "header.from")) && !finding->signer.n))
		finding->signer = domain_of(value);
	if (text_same_word(name, "header.from"))
		finding->from = domain_of(value);
}

static bool read_finding(const char **p, const char *end, struct finding *finding)
{
	bool first = true;

	*finding = (struct finding){ .method = TEXT_NONE, .domain = TEXT_NONE, .signer = TEXT_NONE, .from = TEXT_NONE };
	while (*p < end && **p != ';') {
		const char *before = *p;
		struct text name = next_word(p, end), value = TEXT_NONE;

		if (*p < end && **p == '=') {
			++*p;
			value = next_word(p, end);
		}
		if (first && value.n) {
			const char *slash = memchr(name.p, '/', name.n); /* a version */

			finding->method = slash ? text_between(name.p, slash) : name;
			finding->result = result_of(value);
		} else {
			read_property(finding, name, value);
		}
		first = false;
		*p += *p == before; /* whatever it is */
	}
	*p += *p < end;
	return finding->method.n > 0;
}

/* of several results of one kind a good one counts, else the first that says something */
static bool better(enum authres_result now, enum authres_result before)
{
	return now == AUTHRES_PASS || (before == AUTHRES_NONE && now != AUTHRES_NONE);
}

static void take(struct authres *authres, const struct finding *finding)
{
	if (text_same_word(finding->method, "spf") && better(finding->result, authres->spf)) {
		authres->spf = finding->result;
		authres->spf_domain = finding->domain;
	} else if (text_same_word(finding->method, "dmarc") && better(finding->result, authres->dmarc)) {
		authres->dmarc = finding->result;
		authres->dmarc_domain = finding->from;
	} else if (text_same_word(finding->method, "dkim")) {
		if (better(finding->result, authres->dkim))
			authres->dkim = finding->result;
		if (finding->result == AUTHRES_PASS && finding->signer.n && authres->signed_count < AUTHRES_SIGNED_MAX)
			authres->signed_by[authres->signed_count++] = finding->signer;
	}
}

static bool is_ours(struct text id, struct text authserv_id)
{
	return !authserv_id.n || (id.n == authserv_id.n && strncasecmp(id.p, authserv_id.p, id.n) == 0);
}

static bool read_field(struct authres *authres, struct text value, struct text authserv_id)
{
	const char *p = value.p, *end = p + value.n;
	struct text id = next_word(&p, end);
	struct finding finding;

	if (!is_ours(id, authserv_id))
		return false;
	while (p < end && *p != ';') /* a version behind the name */
		p++;
	for (p += p < end; p < end;)
		if (read_finding(&p, end, &finding))
			take(authres, &finding);
	return true;
}

/* "fail (comment) client-ip=192.0.2.1; envelope-from=a@b; receiver=mx.example.org" */
static void read_spf(struct authres *authres, struct text value, struct text authserv_id)
{
	const char *p = value.p, *end = p + value.n;
	enum authres_result result = result_of(next_word(&p, end));
	struct text domain = TEXT_NONE, receiver = TEXT_NONE;

	while (p < end) {
		const char *before = p;
		struct text name = next_word(&p, end);

		if (p < end && *p == '=') {
			struct text word = (p++, next_word(&p, end));

			if (text_same_word(name, "envelope-from"))
				domain = domain_of(word);
			else if (text_same_word(name, "receiver"))
				receiver = word;
		}
		p += p < end && (*p == ';' || p == before);
	}
	if (authserv_id.n && !is_ours(receiver, authserv_id))
		return;
	authres->told = true;
	authres->spf = result;
	authres->spf_domain = domain;
}

void authres_read(const struct fields *fields, struct text authserv_id, struct authres *authres)
{
	struct text spf = TEXT_NONE;
	bool first = true;

	*authres = (struct authres){ .spf_domain = TEXT_NONE, .dmarc_domain = TEXT_NONE };
	for (size_t i = 0; i < fields->count; i++) {
		const struct field *field = &fields->field[i];

		if (text_same_word(field->name, "authentication-results") && (authserv_id.n || first)) {
			authres->told |= read_field(authres, field->value, authserv_id);
			first = false;
		} else if (text_same_word(field->name, "received-spf") && !spf.n) {
			spf = field->value;
		}
	}
	if (spf.n && authres->spf == AUTHRES_NONE)
		read_spf(authres, spf, authserv_id);
}
