/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines for sekisho-passdb: what is taken is sound once more, says nothing that a file, a command or a statement could take
 * for more than a name, and leaves no password behind where it is refused. */
#include <assert.h>

#include "passdb/account.h"
#include "passdb/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void hold_account(const char *account)
{
	static const char forbidden[] = "\"'`:/\\% \t\r\n";
	char expanded[PASSDB_ACCOUNT_MAX + 8];
	struct text text = text_of(account);

	assert(text.n && text.n <= PASSDB_ACCOUNT_MAX && account_is_sound(text));
	assert(!strchr("-.#@", account[0]) && !strpbrk(account, forbidden));
	assert(account_expand("%u", text, expanded, sizeof expanded) && strcmp(expanded, account) == 0);
	if (account_expand("%n@%d", text, expanded, sizeof expanded))
		assert(strcmp(expanded, account) == 0 && !strchr("-.#", strchr(account, '@')[1]));
	else
		assert(!strchr(account, '@'));
}

static void take(struct text line)
{
	static const char nothing[PASSWORD_MAX + 1];
	struct asked asked;

	asked_parse(line, &asked);
	assert(asked.verb <= ASKED_FAULTY && asked.verb_name);
	if (asked.verb == ASKED_FAULTY)
		assert(asked.fault && !*asked.account);
	else if (*asked.account || asked.verb < ASKED_AUDIT_START)
		hold_account(asked.account);
	if (*asked.domain)
		assert(asked.verb == ASKED_AUDIT_START && account_is_sound(text_of(asked.domain)) && !strchr(asked.domain, '@'));
	assert((asked.verb == ASKED_AUDIT_START) == (asked.cores && asked.seconds));
	if (asked.verb == ASKED_CHANGE || asked.verb == ASKED_RENEW)
		assert(account_password_is_sound(text_of(asked.password)));
	else
		assert(memcmp(asked.password, nothing, sizeof nothing) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line))
		take(line);
	take(rest);
	return 0;
}
