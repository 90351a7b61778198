/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/sentence.h"

#include "base/i18n.h"

const char *const sentence_forms[SENTENCES] = {
	[SENTENCE_BEING_DELIVERED] = N_("%u messages were put on hold, of which %s were being delivered: %s"),
	[SENTENCE_FINGERPRINT] = N_("the password is a random one that nobody was told, fingerprint %s"),
};

static const struct text gap = { "%s", 2 };

/* what stands before the next gap, and is cut off with it; false behind the last */
static bool cut_at_gap(struct text *form, struct text *before)
{
	struct text rest;

	if (!text_behind(*form, gap, &rest))
		return false;
	*before = text_between(form->p, rest.p - gap.n);
	*form = rest;
	return true;
}

static void append(char *to, size_t size, struct text more)
{
	size_t used = strlen(to);

	text_copy(to + used, size - used, more);
}

void sentence_compose(enum sentence which, const char *const *parts, char *to, size_t size)
{
	struct text form = text_of(sentence_forms[which]), before;

	*to = '\0';
	while (cut_at_gap(&form, &before)) {
		append(to, size, before);
		append(to, size, text_of(*parts++));
	}
	append(to, size, form);
}

/* what of `said` stands before the next words of the form; all of it, where there are none */
static bool take_part(struct text *said, struct text form, struct text *part)
{
	struct text words = form, rest;

	(void)!cut_at_gap(&form, &words);
	if (!words.n)
		*part = *said;
	else if (text_behind(*said, words, &rest))
		*part = text_between(said->p, rest.p - words.n);
	else
		return false;
	*said = text_after(*said, part->n);
	return true;
}

bool sentence_parts(enum sentence which, struct text said, struct text parts[SENTENCE_PARTS_MAX])
{
	struct text form = text_of(sentence_forms[which]), found[SENTENCE_PARTS_MAX], before;
	size_t count = 0;

	while (cut_at_gap(&form, &before)) {
		if (!text_starts(said, before))
			return false;
		said = text_after(said, before.n);
		if (!take_part(&said, form, &found[count++]))
			return false;
	}
	if (!text_is(said, form))
		return false;
	memcpy(parts, found, count * sizeof *found);
	return true;
}
