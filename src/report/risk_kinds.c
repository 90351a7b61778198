/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "report/risks.h"

#define RESET "sekisho account reset --generate"

/* ---- passwords, as `account audit` finds them */

static const char *guessable_by(enum password_fault fault)
{
	switch (fault) {
	case PASSWORD_ONLY_DIGITS: return _("Its password can be guessed: it has digits alone.");
	case PASSWORD_REPEATS: return _("Its password can be guessed: something is repeated in it.");
	case PASSWORD_ROW: return _("Its password can be guessed: it is a run over the keyboard.");
	case PASSWORD_WORD: return _("Its password can be guessed: it is a word, a name, or one of those that are used most.");
	case PASSWORD_WORD_DIGITS: return _("Its password can be guessed: it is a word or a name with digits.");
	case PASSWORD_OF_ADDRESS: return _("Its password can be guessed: it contains the account's name or its domain.");
	case PASSWORD_OF_NAMES: return _("Its password can be guessed: it contains the company's name.");
	case PASSWORD_MIXTURE: return _("Its password can be guessed: it is a mixture of names, words and runs.");
	case PASSWORD_BREACHED: return _("Its password can be guessed: it is in a list of known ones.");
	default: return _("Its password can be guessed.");
	}
}

static void say_guessable(const struct risk_found *found, char sentence[RISK_SENTENCE_MAX])
{
	text_copy(sentence, RISK_SENTENCE_MAX, text_of(guessable_by(found->fault)));
}

static void fault_field(const struct risk_found *found, json_t *object)
{
	json_object_set_new(object, "fault", json_string(password_fault_names[found->fault]));
}

const struct risk_kind risk_kinds[RISKS] = {
	[RISK_GUESSABLE] = { .name = "guessable",
			     .say = say_guessable,
			     .next = N_("Have its owner choose another one, or give it one yourself:"),
			     .command = RESET,
			     .fields = fault_field },
	[RISK_SHARED] = { .name = "shared_password",
			  .why = N_("Other accounts have the same password: whoever knows one of them opens them all."),
			  .next = N_("Give each of them one of its own:"),
			  .command = RESET },
	[RISK_CLEAR] = { .name = "stored_in_clear",
			 .why = N_("Its password is stored as it is: whoever can read the file or the database has it."),
			 .next = N_("Name a scheme in passdb.conf, and store it anew:"),
			 .command = RESET },
	[RISK_SCHEME] = { .name = "old_scheme",
			  .why = N_("What is stored of its password is of an old kind: whoever can read it tries millions of passwords a second."),
			  .next = N_("Name a stronger scheme in passdb.conf, and store it anew:"),
			  .command = RESET },
};
