/* SPDX-License-Identifier: Apache-2.0 */
/* What the policy says to people: why not, how to mend it, what is asked for, and a recipe that gives it. */
#include <stdio.h>

#include "base/i18n.h"
#include "password/policy.h"

/* "%u" stands for the objection's number, "%s" for the symbols that may be used */
static const struct {
	const char *why, *mend;
} sentences[PASSWORD_FAULTS] = {
	[PASSWORD_BYTES] = { N_("It has a character that may not be used."), NULL },
	[PASSWORD_SHORT] = { N_("It is too short."), N_("Take at least %u characters.") },
	[PASSWORD_LONG] = { N_("It is too long."), N_("Take at most %u characters.") },
	[PASSWORD_CLASSES] = { N_("It has too few kinds of characters."),
			       N_("Take characters of %u of these kinds: small letters, capitals, digits, symbols.") },
	[PASSWORD_ONLY_DIGITS] = { N_("It has no letters. Numbers are tried through within seconds; dates and telephone numbers first."),
				   N_("Take letters as well, in no order that means something.") },
	[PASSWORD_REPEATS] = { N_("It repeats itself."), N_("Take characters that do not come again and again.") },
	[PASSWORD_ROW] = { N_("Its characters lie side by side on a keyboard, or follow one another in the alphabet. That is tried first."),
			   N_("Take characters in no order.") },
	[PASSWORD_WORD] = { N_("It is a word, a name, or one of the passwords that are used most. Those are all tried, also backwards and with 0 for o."),
			    N_("Take random characters, or four or more words that have nothing to do with one another.") },
	[PASSWORD_WORD_DIGITS] = { N_("It is a word or a name with digits or symbols. These are tried right after the words."),
				   N_("Take random characters, or four or more words that have nothing to do with one another.") },
	[PASSWORD_OF_ADDRESS] = { N_("A piece of the mail address is in it, perhaps backwards or with 0 for o. That is tried first."),
				  N_("Take nothing that stands in the address or the domain.") },
	[PASSWORD_OF_NAMES] = { N_("A name of the owner, the company or the provider is in it, perhaps backwards or with 0 for o."),
				N_("Take nothing of these names.") },
	[PASSWORD_MIXTURE] = { N_("It is made of a few words, names, rows of keys or years, one after another. Guessers put these together too."),
			       N_("Take random characters, or four or more words that have nothing to do with one another.") },
	[PASSWORD_FORMER] = { N_("It was the password of this account before."), N_("Take a new one; whoever knew the old one must not get in again.") },
	[PASSWORD_BREACHED] = { N_("It is in a list of passwords that became known elsewhere. Such lists are what is tried."),
				N_("Take another one, and change it wherever else you use it.") },
	[PASSWORD_GUESSED] = { N_("It can be guessed in too few tries."), N_("Make it longer, or let a random one be made.") },
};

void password_objection_why(const struct password_objection *objection, const struct password_policy *policy,
			    char sentence[PASSWORD_SENTENCE_MAX])
{
	snprintf(sentence, PASSWORD_SENTENCE_MAX, "%s", _(sentences[objection->fault].why));
}

/* four words and what parts them */
enum { WORDS_FIT = 20 };

static void say_allowed(const struct password_policy *policy, char sentence[PASSWORD_SENTENCE_MAX])
{
	const char *symbols = policy->symbols;

	if (!symbols)
		snprintf(sentence, PASSWORD_SENTENCE_MAX, "%s", _("Take Latin letters, digits, and the symbols of an English keyboard."));
	else if (!*symbols)
		snprintf(sentence, PASSWORD_SENTENCE_MAX, "%s", _("Take Latin letters and digits alone."));
	else
		snprintf(sentence, PASSWORD_SENTENCE_MAX, _("Take Latin letters, digits, and of symbols only these: %s"), symbols);
}

void password_objection_mend(const struct password_objection *objection, const struct password_policy *policy,
			     char sentence[PASSWORD_SENTENCE_MAX])
{
	static const char *const of_words = N_("Take random characters, or four or more words that have nothing to do with one another.");
	const char *mend = sentences[objection->fault].mend;

	if (objection->fault == PASSWORD_BYTES)
		say_allowed(policy, sentence);
	else if (strcmp(mend, of_words) == 0 && policy->most && policy->most < WORDS_FIT)
		snprintf(sentence, PASSWORD_SENTENCE_MAX, "%s", _("Take random characters, as many as may be, or let a random one be made."));
	else if (objection->fault == PASSWORD_GUESSED && policy->most && policy->most < WORDS_FIT)
		snprintf(sentence, PASSWORD_SENTENCE_MAX, "%s", _("Make it as long as it may be, of random characters, or let a random one be made."));
	else
		snprintf(sentence, PASSWORD_SENTENCE_MAX, _(mend), objection->number);
}

/* ---- beforehand */

static void say_length(const struct password_policy *policy, char sentence[PASSWORD_SENTENCE_MAX])
{
	if (policy->most && policy->most < PASSWORD_MAX)
		snprintf(sentence, PASSWORD_SENTENCE_MAX, _("%u to %u characters."), policy->least, policy->most);
	else
		snprintf(sentence, PASSWORD_SENTENCE_MAX, _("At least %u characters."), policy->least);
}

size_t password_policy_demands(const struct password_policy *policy, char demands[PASSWORD_DEMANDS_MAX][PASSWORD_SENTENCE_MAX])
{
	size_t n = 0;

	say_length(policy, demands[n++]);
	if (policy->classes > 1)
		snprintf(demands[n++], PASSWORD_SENTENCE_MAX, _(sentences[PASSWORD_CLASSES].mend), policy->classes);
	say_allowed(policy, demands[n++]);
	snprintf(demands[n++], PASSWORD_SENTENCE_MAX, "%s", _("Nothing of the mail address, of your name or of the company's."));
	snprintf(demands[n++], PASSWORD_SENTENCE_MAX, "%s",
		 _("No word or name with or without digits, no few of them one after another, no row of keys, no repetition, no number alone."));
	snprintf(demands[n++], PASSWORD_SENTENCE_MAX, "%s", _("Not the one before, and none that you use elsewhere."));
	return n;
}

/* ---- a recipe */

/* 90 bits and more of letters, digits and three symbols */
enum { RECIPE_LENGTH = 16 };

struct password_recipe password_policy_recipe(const struct password_policy *policy)
{
	unsigned most = policy->most && policy->most < PASSWORD_MAX ? policy->most : PASSWORD_MAX;
	unsigned length = policy->least > RECIPE_LENGTH ? policy->least : RECIPE_LENGTH;
	bool symbols = !policy->symbols || *policy->symbols;

	return (struct password_recipe){
		.length = length < most ? length : most,
		.classes = PASSWORD_LOWER | PASSWORD_UPPER | PASSWORD_DIGITS | (symbols ? PASSWORD_SYMBOLS : 0u),
		.symbols = policy->symbols ? policy->symbols : "-.,",
		.plain = true,
	};
}
