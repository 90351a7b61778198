/* SPDX-License-Identifier: Apache-2.0 */
/* A word in the sender's name or the subject with letters of other scripts that look like Latin ones, to slip by filters. */
#include "base/i18n.h"
#include "mail/signs.h"

enum { WORD_LEAST = 4, WORDS_MAX = 60 };

static void look_at(const struct phishing_view *view, struct text text, float bits, struct sign_found *found)
{
	const char *p = text.p, *end = p + text.n, *stop;
	struct text looks;

	for (int words = 0; p < end && words < WORDS_MAX; words++, p = stop + 1) {
		for (stop = p; stop < end && !strchr(" \t\"'<>()[]-_/.,:;!?@|", *stop); stop++)
			;
		if (stop - p >= WORD_LEAST && lookalike_word(view->rules, view->arena, text_between(p, stop), &looks))
			sign_say(found, bits, _("\"%s\" is written with letters of several scripts that look alike"), sign_quoted(view, text_between(p, stop)));
	}
}

static void look(const struct phishing_view *view, struct sign_found *found)
{
	look_at(view, view->from_name, 6.5f, found);
	look_at(view, view->subject, 6, found);
}

const struct sign sign_letters = { "mixed_letters", SIGN_GROUP_HOST, look };
