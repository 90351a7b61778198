/* SPDX-License-Identifier: Apache-2.0 */
#include "passdb/request.h"

#include "base/quoted.h"
#include "passdb/account.h"

static const struct text verbs[] = {
	[ASKED_FINGERPRINT] = { "fingerprint", 11 }, [ASKED_SCRAMBLE] = { "scramble", 8 }, [ASKED_RESTORE] = { "restore", 7 },
	[ASKED_CHANGE] = { "change", 6 },	     [ASKED_DISABLE] = { "disable", 7 },   [ASKED_ENABLE] = { "enable", 6 },
	[ASKED_DELETE] = { "delete", 6 },	     [ASKED_LIST] = { "list", 4 },	   [ASKED_PING] = { "ping", 4 },
};

static enum asked_verb verb_of(struct text word)
{
	size_t verb = 0;

	while (verb < ASKED_FAULTY && !text_is(word, verbs[verb]))
		verb++;
	return verb;
}

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

/* what is wrong with it; NULL: nothing */
static const char *read_words(struct text rest, struct asked *asked)
{
	struct text word, account = TEXT_NONE;

	if (!text_cut(&rest, ' ', &word) || (asked->verb = verb_of(word)) >= ASKED_LIST)
		return "no verb";
	if (asked->verb != ASKED_CHANGE)
		account = rest;
	else if (!text_cut(&rest, ' ', &account))
		return "no password";
	if (!take_account(account, asked))
		return "no account";
	return asked->verb == ASKED_CHANGE && !take_password(rest, asked) ? "no password" : NULL;
}

void asked_parse(struct text line, struct asked *asked)
{
	const char *fault = NULL;

	*asked = (struct asked){ .verb = verb_of(line) };
	if (asked->verb != ASKED_LIST && asked->verb != ASKED_PING)
		fault = read_words(line, asked);
	if (fault)
		*asked = (struct asked){ .verb = ASKED_FAULTY, .verb_name = "", .fault = fault };
	else
		asked->verb_name = verbs[asked->verb].p;
}
