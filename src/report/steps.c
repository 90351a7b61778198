/* SPDX-License-Identifier: Apache-2.0 */
#include "report/steps.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/text.h"
#include "base/when.h"
#include "containment/sentence.h"
#include "report/field.h"
#include "report/show.h"

enum { SENTENCE_MAX = 1024, STATE_COLUMNS = 13 };

/* ---- sentences */

/* where the number is one */
static const char *const single[][2] = {
	{ N_("%u messages were put on hold"), N_("%u message was put on hold") },
	{ N_("%u messages are on their way still"), N_("%u message is on its way still") },
	{ N_("%u sessions were ended"), N_("%u session was ended") },
	{ N_("%u sessions are there again"), N_("%u session is there again") },
};

/* the form in the reader's language, with what its %s stand for */
static const char *translate(const char *form, uint64_t count, struct text parts[SENTENCE_PARTS_MAX])
{
	if (!*form)
		return form; /* gettext("") is the head of its file */
	for (size_t i = 0; count == 1 && i < sizeof single / sizeof *single; i++)
		if (strcmp(form, single[i][0]) == 0)
			return _(single[i][1]);
	for (enum sentence which = 0; which < SENTENCES; which++)
		if (sentence_parts(which, text_of(form), parts))
			return _(sentence_forms[which]);
	return _(form);
}

char *steps_sentence(const char *english, uint64_t count)
{
	struct text parts[SENTENCE_PARTS_MAX] = { 0 };
	const char *form = translate(english, count, parts), *number = show_count(SHOWN, count);
	char sentence[SENTENCE_MAX];
	size_t n = 0, part = 0;

	while (*form && n < sizeof sentence - 1) {
		struct text put = { form, 1 };

		if (form[0] == '%' && form[1] == 'u')
			put = text_of(number);
		else if (form[0] == '%' && form[1] == 's' && part < SENTENCE_PARTS_MAX && parts[part].p)
			put = parts[part++];
		form += put.p == form ? 1 : 2;
		put.n = put.n < sizeof sentence - 1 - n ? put.n : sizeof sentence - 1 - n;
		memcpy(sentence + n, put.p, put.n);
		n += put.n;
	}
	return memory_copy(sentence, n);
}

/* ---- one step */

static const struct {
	const char *name, *word;
	enum shade shade;
	bool lacking; /* of one that is wanted */
} states[] = {
	{ "waiting", N_("waiting"), SHADE_YELLOW, true },
	{ "done", N_("done"), SHADE_PLAIN, true }, /* but not proved */
	{ "failed", N_("failed"), SHADE_RED, true },
	{ "cannot", N_("impossible"), SHADE_RED, true },
	{ "not_set_up", N_("not set up"), SHADE_DIM, false },
	{ "undone", N_("undone"), SHADE_GREEN, false },
};

static char *said(const json_t *step, const char *field)
{
	const json_t *sentence = json_object_get(step, field);
	json_int_t count = json_integer_value(json_object_get(sentence, "count"));
	const char *form = field_text(sentence, "form");

	return *form ? steps_sentence(form, count > 0 ? (uint64_t)count : 0) : NULL;
}

void step_words(const json_t *step, struct step_words *words)
{
	const char *state = field_text(step, "state"), *title = field_text(step, "title");
	bool wanted = field_flag(step, "wanted");

	*words = (struct step_words){ .title = *title ? _(title) : field_text(step, "action"), .state = state, .set_up = true };
	words->at_us = field_time(step, "at");
	words->proved_us = field_time(step, "proved_at");
	words->says = said(step, "said");
	words->proof = words->proved_us != WHEN_NONE ? said(step, "proved") : NULL;
	for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
		if (strcmp(state, states[i].name) != 0)
			continue;
		words->state = _(states[i].word);
		words->shade = states[i].shade;
		words->lacking = states[i].lacking;
		words->set_up = strcmp(state, "not_set_up") != 0;
	}
	if (wanted && words->proved_us != WHEN_NONE) {
		words->state = _("proved");
		words->shade = SHADE_GREEN;
		words->lacking = false;
	} else if (!wanted && strcmp(state, "done") == 0) {
		words->state = _("still shut");
		words->shade = SHADE_YELLOW;
	} else if (!wanted && strcmp(state, "cannot") == 0) {
		words->lacking = false; /* what could not be done needs no undoing */
	}
}

void step_words_done(struct step_words *words)
{
	free(words->says);
	free(words->proof);
}

size_t steps_lacking(const json_t *closure)
{
	const json_t *steps = json_object_get(closure, "steps");
	size_t lacking = 0;

	for (size_t i = 0; i < json_array_size(steps); i++) {
		struct step_words words;

		step_words(json_array_get(steps, i), &words);
		lacking += words.lacking;
		step_words_done(&words);
	}
	return lacking;
}

/* ---- the terminal */

/* the gate's own refusal is nobody's while the daemon is away */
static bool is_gates(const json_t *step)
{
	const char *action = field_text(step, "action");

	return strcmp(action, "gate") == 0 || strcmp(action, "logins") == 0;
}

static void show_line(struct terminal *t, unsigned indent, enum shade shade, const char *word, char *sentence)
{
	unsigned width = terminal_columns(t, word);

	terminal_pad(t, indent);
	terminal_put(t, shade, word);
	terminal_pad(t, width < STATE_COLUMNS ? STATE_COLUMNS - width : 1);
	terminal_wrap(t, indent + STATE_COLUMNS, sentence);
	free(sentence);
}

static void show_step(const json_t *step, bool away, struct terminal *t, unsigned indent)
{
	struct step_words words;

	step_words(step, &words);
	if (away && !words.set_up && is_gates(step))
		show_line(t, indent, SHADE_YELLOW, _("waiting"),
			  show_format(_("%s: the daemon is away, and sees to it when it is back"), words.title));
	else if (words.says)
		/* TRANSLATORS: "Dovecot's deny list: it stands in …" */
		show_line(t, indent, words.shade, words.state, show_format(_("%s: %s"), words.title, words.says));
	else
		show_line(t, indent, words.shade, words.state, show_format("%s", words.title));
	if (words.proof)
		show_line(t, indent, SHADE_PLAIN, "", show_format(_("%s, at %s"), words.proof, show_time(SHOWN, words.proved_us)));
	step_words_done(&words);
}

void steps_show(const json_t *closure, bool away, struct terminal *terminal, unsigned indent)
{
	const json_t *steps = json_object_get(closure, "steps");

	for (size_t i = 0; i < json_array_size(steps); i++)
		show_step(json_array_get(steps, i), away, terminal, indent);
}
