/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/dovecot_auth.h"

#include <stdio.h>

#include "base/i18n.h"

static bool is_version_1(struct text line) { return text_is(text_word(&line, '\t'), TEXT("1")); }

static void set(struct dovecot_auth_line *parsed, const char *sentence)
{
	text_copy(parsed->says, sizeof parsed->says, text_of(sentence));
}

/* for people, without what could be more than text */
static void say(struct dovecot_auth_line *parsed, const char *sentence, struct text detail)
{
	char plain[100];

	text_copy(plain, sizeof plain, detail);
	for (char *c = plain; *c; c++)
		if ((unsigned char)*c < ' ' || (unsigned char)*c >= 0x7f)
			*c = '?';
	snprintf(parsed->says, sizeof parsed->says, sentence, plain);
}

/* What a failure says decides: without a code it was the password. A refusal of the auth policy has a reason and no code; it
 * comes before any list is looked at. */
static void judge_failure(struct text line, struct dovecot_auth_line *parsed)
{
	struct text reason = TEXT_NONE, code = TEXT_NONE;

	while (line.n) {
		struct text word = text_word(&line, '\t');

		if (text_starts(word, TEXT("reason=")))
			reason = text_after(word, 7);
		else if (text_starts(word, TEXT("code=")))
			code = text_after(word, 5);
		else if (text_is(word, TEXT("temp")) || text_is(word, TEXT("authz")) || text_is(word, TEXT("user_disabled")) ||
			 text_is(word, TEXT("pass_expired")))
			code = word;
	}
	if (text_is(code, TEXT("user_disabled"))) {
		parsed->trial = TRIAL_DENIED;
		set(parsed, _("denied, whatever the password"));
	} else if (code.n) {
		parsed->trial = TRIAL_FAILED;
		say(parsed, _("Dovecot cannot tell now: %s"), code);
	} else if (reason.n) {
		parsed->trial = TRIAL_FAILED;
		say(parsed, _("refused before anything was looked at: %s"), reason);
	} else {
		parsed->trial = TRIAL_WRONG;
		set(parsed, _("a wrong password"));
	}
}

static bool judge(struct text verb, struct text line, struct dovecot_auth_line *parsed)
{
	uint64_t id;

	if (!text_number(text_word(&line, '\t'), UINT32_MAX, &id))
		return false;
	parsed->kind = AUTH_VERDICT;
	parsed->id = (uint32_t)id;
	if (text_is(verb, TEXT("FAIL"))) {
		judge_failure(line, parsed);
		return true;
	}
	parsed->trial = TRIAL_LET_IN;
	set(parsed, _("let in, with any password"));
	return true;
}

bool dovecot_auth_parse(struct text line, struct dovecot_auth_line *parsed)
{
	struct text verb = text_word(&line, '\t');

	*parsed = (struct dovecot_auth_line){ .kind = AUTH_OTHER };
	if (text_is(verb, TEXT("VERSION"))) {
		parsed->kind = AUTH_VERSION;
		return is_version_1(line);
	}
	if (text_is(verb, TEXT("MECH"))) {
		if (text_is(text_word(&line, '\t'), TEXT("PLAIN")))
			parsed->kind = AUTH_PLAIN;
		return true;
	}
	if (text_is(verb, TEXT("DONE")))
		parsed->kind = AUTH_DONE;
	if (text_is(verb, TEXT("OK")) || text_is(verb, TEXT("FAIL")))
		return judge(verb, line, parsed);
	return !text_is(verb, TEXT("CONT"));
}
