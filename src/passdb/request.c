/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/request.h"

#include "base/quoted.h"
#include "passdb/account.h"
#include "passdb/audit.h"
#include "password/likely.h"

static const struct text verbs[] = {
	[ASKED_FINGERPRINT] = { "fingerprint", 11 }, [ASKED_SCRAMBLE] = { "scramble", 8 },
	[ASKED_RESTORE] = { "restore", 7 },	     [ASKED_CHANGE] = { "change", 6 },
	[ASKED_RENEW] = { "renew", 5 },		     [ASKED_DISABLE] = { "disable", 7 },
	[ASKED_ENABLE] = { "enable", 6 },	     [ASKED_DELETE] = { "delete", 6 },
	[ASKED_AUDIT_START] = { "audit-start", 11 },
	[ASKED_LIST] = { "list", 4 },		     [ASKED_PING] = { "ping", 4 },
	[ASKED_AUDIT_STATE] = { "audit-state", 11 }, [ASKED_AUDIT_RESULTS] = { "audit-results", 13 },
	[ASKED_AUDIT_STOP] = { "audit-stop", 10 },
};

static enum asked_verb verb_of(struct text word)
{
	size_t verb = 0;

	while (verb < ASKED_FAULTY && !text_is(word, verbs[verb]))
		verb++;
	return verb;
}

/* the verb is all that there is */
static bool is_alone(enum asked_verb verb) { return verb >= ASKED_LIST && verb < ASKED_FAULTY; }

/* false where it is longer than `most` bytes, too, or has an end within */
static bool unquote(struct text quoted, char *to, size_t most)
{
	struct text plain;

	return quoted_read(quoted, to, most + 1, &plain) && text_of(to).n == plain.n;
}

static bool take_account(struct text quoted, struct asked *asked)
{
	return unquote(quoted, asked->account, PASSDB_ACCOUNT_MAX) && account_is_sound(text_of(asked->account));
}

static bool take_password(struct text quoted, struct asked *asked)
{
	return unquote(quoted, asked->password, PASSWORD_MAX) && account_password_is_sound(text_of(asked->password));
}

/* CORES SECONDS TRIES <DOMAIN> <ACCOUNT>; the last two may be empty */
static const char *read_audit(struct text rest, struct asked *asked)
{
	struct text cores = TEXT_NONE, seconds = TEXT_NONE, tries = TEXT_NONE, domain = TEXT_NONE;
	uint64_t numbers[3];

	if (!text_cut(&rest, ' ', &cores) || !text_cut(&rest, ' ', &seconds) || !text_cut(&rest, ' ', &tries) ||
	    !text_cut(&rest, ' ', &domain) || !text_number(cores, AUDIT_CORES_MAX, &numbers[0]) || !numbers[0] ||
	    !text_number(seconds, AUDIT_HOURS_MAX * 3600, &numbers[1]) || !numbers[1] || !text_number(tries, LIKELY_MAX, &numbers[2]))
		return "no such audit";
	if (!unquote(domain, asked->domain, PASSDB_ACCOUNT_MAX) ||
	    (*asked->domain && (!account_is_sound(text_of(asked->domain)) || strchr(asked->domain, '@'))))
		return "no such audit";
	if (!text_is(rest, TEXT("<>")) && !take_account(rest, asked))
		return "no account";
	asked->cores = (unsigned)numbers[0];
	asked->seconds = (unsigned)numbers[1];
	asked->tries = (unsigned)numbers[2];
	return NULL;
}

static bool has_password(enum asked_verb verb) { return verb == ASKED_CHANGE || verb == ASKED_RENEW; }

/* what is wrong with it; NULL: nothing */
static const char *read_words(struct text rest, struct asked *asked)
{
	struct text word, account = TEXT_NONE;

	if (!text_cut(&rest, ' ', &word) || (asked->verb = verb_of(word)) >= ASKED_LIST)
		return "no verb";
	if (asked->verb == ASKED_AUDIT_START)
		return read_audit(rest, asked);
	if (!has_password(asked->verb))
		account = rest;
	else if (!text_cut(&rest, ' ', &account))
		return "no password";
	if (!take_account(account, asked))
		return "no account";
	return has_password(asked->verb) && !take_password(rest, asked) ? "no password" : NULL;
}

void asked_parse(struct text line, struct asked *asked)
{
	const char *fault = NULL;

	*asked = (struct asked){ .verb = verb_of(line) };
	if (!is_alone(asked->verb))
		fault = read_words(line, asked);
	if (fault)
		*asked = (struct asked){ .verb = ASKED_FAULTY, .verb_name = "", .fault = fault };
	else
		asked->verb_name = verbs[asked->verb].p;
}
