/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>

#include "base/i18n.h"
#include "base/when.h"
#include "report/risks.h"
#include "report/show.h"
#include "report/value.h"

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

/* ---- accounts that nobody uses */

static void say_unused(const struct risk_found *found, char sentence[RISK_SENTENCE_MAX])
{
	snprintf(sentence, RISK_SENTENCE_MAX, _("Nobody has used it since %s: no login, and no mail of its own."), show_time(SHOWN, found->at_us));
}

static void say_unseen(const struct risk_found *found, char sentence[RISK_SENTENCE_MAX])
{
	if (found->at_us == WHEN_NONE)
		text_copy(sentence, RISK_SENTENCE_MAX, text_of(_("It was never seen in use, and neither was any other.")));
	else
		snprintf(sentence, RISK_SENTENCE_MAX, _("It was not seen in use since %s; what was before that is not known."),
			 show_time(SHOWN, found->at_us));
}

static void last_seen_field(const struct risk_found *found, json_t *object) { json_object_set_new(object, "last_seen", value_time(found->at_us)); }
static void since_field(const struct risk_found *found, json_t *object) { json_object_set_new(object, "since", value_time(found->at_us)); }

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
	[RISK_TOO_SLOW] = { .name = "too_slow",
			    .why = N_("Its password was not tried: one try at what is stored takes too long or too much memory, and so does each login."),
			    .next = N_("Name a usual cost in passdb.conf, and store it anew:"),
			    .command = RESET },
	[RISK_UNKNOWN] = { .name = "unknown_scheme",
			   .why = N_("Its password was not tried: it is stored in a way that is not known here."),
			   .next = N_("Name a scheme in passdb.conf, and store it anew:"),
			   .command = RESET },
	[RISK_DAMAGED] = { .name = "damaged",
			   .why = N_("What is stored for its password is damaged or empty: it was not tried, and no password opens it."),
			   .next = N_("If somebody needs the account, give it a new password:"),
			   .command = RESET },
	[RISK_UNREAD] = { .name = "unread",
			  .why = N_("What is stored for its password could not be read, so it was not tried."),
			  .next = N_("See whether the account has a password there; if not, give it one:"),
			  .command = RESET },
	[RISK_UNREACHED] = { .name = "unreached",
			     .why = N_("No address of its owner outside this mailbox is known: whoever is locked out of it cannot be told."),
			     .next = N_("Ask its owner for another address, and enter it with --mail:"),
			     .command = "sekisho contact set" },
	[RISK_UNUSED] = { .name = "unused",
			  .say = say_unused,
			  .next = N_("Ask whether anybody needs it still. If nobody does, lock it, and delete it when nobody has missed it:"),
			  .command = "sekisho account lock --why unused",
			  .fields = last_seen_field },
	[RISK_UNSEEN] = { .name = "unseen",
			  .say = say_unseen,
			  .next = N_("Ask whose it is, and whether they use it. If nobody does, lock it, and delete it when nobody has missed it:"),
			  .command = "sekisho account lock --why unused",
			  .fields = since_field },
	[RISK_TRIED] = { .name = "tried_first",
			 .why = N_("Its name is one of those that guessers try first, on every domain."),
			 .next = N_("Give it a long random password, which is for it alone:"),
			 .command = RESET },
	[RISK_ROLE] = { .name = "role",
			.why = N_("Its name says that several people use it: then all of them know its password, also those who have left."),
			.next = N_("Give each of them an account of their own, and make this one an alias. Until then, change its password whenever somebody leaves:"),
			.command = RESET },
};
