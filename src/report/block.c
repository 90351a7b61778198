/* SPDX-License-Identifier: Apache-2.0 */
#include "report/block.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "report/show.h"
#include "report/tally.h"
#include "report/words.h"

enum { BITS = 7 }; /* columns */

void block_heading(struct terminal *t, unsigned indent, const char *text)
{
	terminal_end(t);
	terminal_pad(t, indent);
	terminal_put(t, SHADE_BOLD, text);
	terminal_end(t);
}

void block_paragraph(struct terminal *t, unsigned indent, const char *text)
{
	terminal_pad(t, indent);
	terminal_wrap(t, indent, text);
}

void block_label(struct terminal *t, unsigned indent, unsigned column, const char *label)
{
	unsigned end = indent + terminal_columns(t, label);

	terminal_pad(t, indent);
	terminal_put(t, SHADE_DIM, label);
	terminal_pad(t, end < column ? column - end : 1);
}

void block_labelled(struct terminal *t, unsigned indent, unsigned column, const char *label, const char *value)
{
	block_label(t, indent, column, label);
	terminal_wrap(t, column, value);
}

void block_evidence(struct terminal *t, unsigned indent, double bits, const char *text)
{
	const char *number = show_bits(SHOWN, bits, true);
	unsigned width = terminal_columns(t, number);

	terminal_pad(t, indent + (width < BITS ? BITS - width : 0));
	terminal_put(t, SHADE_BOLD, number);
	terminal_pad(t, 2);
	terminal_wrap(t, indent + BITS + 2, text);
}

void block_evidence_sum(struct terminal *t, unsigned indent, double bits)
{
	terminal_pad(t, indent);
	terminal_print(t, SHADE_BOLD, "%*s", (int)BITS, show_bits(SHOWN, bits, false));
	terminal_pad(t, 2);
	terminal_put(t, SHADE_PLAIN, _("bits together"));
	terminal_end(t);
}

void block_countries(struct terminal *t, unsigned indent, unsigned column, const struct incident *incident, size_t most)
{
	struct tally tally;

	tally_make(incident, TALLY_COUNTRY, &tally);
	for (size_t i = 0; i < tally.known && i < most; i++) {
		char *weight = words_weight(tally.rows[i].addresses, tally.rows[i].messages);
		char *value = show_format(_("%s: %s"), show_country(SHOWN, &tally.rows[i].first->place), weight);

		block_labelled(t, indent, column, i ? "" : _("Countries"), value);
		free(value);
		free(weight);
	}
	if (tally.known > most) {
		char *rest = words_more(tally.known - most);

		block_labelled(t, indent, column, "", rest);
		free(rest);
	}
	tally_done(&tally);
}
