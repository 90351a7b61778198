/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/weights.h"

#include <stdio.h>

#include "base/i18n.h"

enum { DIGITS_MAX = 6, SHOWN_MAX = 64 };

_Static_assert(PROFILE_SIGNALS <= 32, "a bit for each signal");

void evidence_weights_init(struct evidence_weights *weights)
{
	*weights = (struct evidence_weights){ .named = 0 };
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		weights->factor[i] = 1;
}

/* "0.85", whatever the locale */
static bool take_factor(struct text text, float *factor)
{
	struct text whole = text, fraction = text;
	uint64_t above, below = 0;
	float place = 1;

	if (text_cut(&fraction, '.', &whole) && !text_number(fraction, 999999, &below))
		return false;
	if (whole.n == text.n)
		fraction.n = 0;
	if (fraction.n > DIGITS_MAX || !text_number(whole, EVIDENCE_FACTOR_MAX, &above))
		return false;
	for (size_t i = 0; i < fraction.n; i++)
		place *= 10;
	*factor = (float)above + (float)below / place;
	return *factor <= EVIDENCE_FACTOR_MAX;
}

static unsigned signal_of(struct text name)
{
	unsigned i = 0;

	while (i < PROFILE_SIGNALS && !text_is(name, text_of(signals[i]->name)))
		i++;
	return i;
}

static bool unknown(struct text name, struct error *error)
{
	char all[320] = "";
	size_t n = 0;

	for (unsigned i = 0; i < PROFILE_SIGNALS && n < sizeof all; i++)
		n += (size_t)snprintf(all + n, sizeof all - n, "%s%s", i ? ", " : "", signals[i]->name);
	return error_set(error, _("there is no signal '%.*s'; there are %s"), (int)(name.n < SHOWN_MAX ? name.n : SHOWN_MAX),
			 name.p, all);
}

bool evidence_weights_take(struct evidence_weights *weights, struct text item, struct error *error)
{
	struct text factor = item, name = item;
	unsigned i;
	float number;

	if (!text_cut(&factor, '=', &name))
		return error_set(error, _("'%.*s' is no weight: write signal=factor, for example rate=0.8"),
				 (int)(item.n < SHOWN_MAX ? item.n : SHOWN_MAX), item.p);
	name = text_trim(name);
	i = signal_of(name);
	if (i == PROFILE_SIGNALS)
		return unknown(name, error);
	if (weights->named & 1u << i)
		return error_set(error, _("the weight of '%s' is set twice"), signals[i]->name);
	if (!take_factor(text_trim(factor), &number))
		return error_set(error, _("the weight of '%s' must be from 0 to %d"), signals[i]->name, EVIDENCE_FACTOR_MAX);
	weights->factor[i] = number;
	weights->named |= 1u << i;
	return true;
}
