/* SPDX-License-Identifier: Apache-2.0 */
#include "report/replay_words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "report/show.h"

#define LEAST_BITS 0.5f /* of a signal that is worth a sentence */

const struct backtest_side *replay_side_of(const struct replay *replay, size_t side)
{
	return &backtest_result(replay->backtest)->sides[side];
}

size_t replay_side_count(const struct replay *replay) { return backtest_result(replay->backtest)->side_count; }

static char *counted(const char *form, uint64_t count) { return show_format(form, show_count(SHOWN, count)); }

/* ---- the answer */

static char *headline(const struct backtest_side *side)
{
	if (side->locked)
		return counted(ngettext("%s account would have been locked.", "%s accounts would have been locked.",
					side->locked), side->locked);
	if (side->waited)
		return counted(ngettext("Nobody would have been locked; mail of %s account would have waited.",
					"Nobody would have been locked; mail of %s accounts would have waited.",
					side->waited), side->waited);
	return show_format("%s", _("Nobody would have noticed the guard."));
}

static void say(struct answer *answer, char *line)
{
	if (answer->count < WORDS_LINES_MAX)
		answer->lines[answer->count++] = line;
	else
		free(line);
}

static void say_limits(const struct replay *replay, struct answer *answer)
{
	say(answer,
	    show_format("%s",
			_("What became of each message is what really happened, also where it would have been held or refused: a live guard would have heard less, and a thief might have gone on otherwise.")));
	say(answer,
	    show_format("%s",
			_("At its beginning nothing is known of anybody yet: what is held and locked in the first days says little.")));
	if (replay->input.trace)
		say(answer, show_format("%s", _("A lock lasts until the trace says that the owner was there (verified).")));
	else
		say(answer,
		    show_format("%s",
				_("A log never says that the owner has proved who they are, so a lock lasts to its end. It names neither software nor, in time, recipients: a live guard knows more.")));
}

void replay_answer(const struct replay *replay, struct answer *answer)
{
	const struct backtest_side *side = replay_side_of(replay, 0);
	char *second;

	*answer = (struct answer){ 0 };
	if (!backtest_result(replay->backtest)->events) {
		answer->tone = ANSWER_BLIND;
		answer->headline = show_format("%s", _("Nothing can be said: the input holds no event that was understood."));
		return;
	}
	answer->tone = side->locked ? ANSWER_HIJACKED : side->waited ? ANSWER_SUSPECTED : ANSWER_CLEAR;
	answer->headline = headline(side);
	if (replay_side_count(replay) > 1) {
		second = headline(replay_side_of(replay, 1));
		say(answer, show_format(_("%s: %s"), show_name(SHOWN, replay->sides[1].name, NAME_COLUMNS), second));
		free(second);
	}
	say_limits(replay, answer);
}

/* ---- figures */

double replay_rate(const struct replay *replay, uint64_t count)
{
	uint64_t days = backtest_result(replay->backtest)->account_days;

	return days ? (double)count * 1e4 / (double)days : 0;
}

/* two digits behind the point where there is little */
static char *rate_text(double rate)
{
	long long hundredths = llround(rate * 100);

	if (rate >= 100)
		return show_format("%s", show_count(SHOWN, (uint64_t)llround(rate)));
	return show_format("%lld.%02lld", hundredths / 100, hundredths % 100);
}

static char *difference_text(uint64_t a, uint64_t b)
{
	if (a == b)
		return show_format("%s", "±0");
	return show_format("%s%s", b > a ? "+" : "−", show_count(SHOWN, b > a ? b - a : a - b));
}

static void put_count(const struct replay *replay, struct replay_figure *figure, const char *label, uint64_t a, uint64_t b)
{
	uint64_t counts[BACKTEST_SIDES] = { a, b };

	*figure = (struct replay_figure){ .label = label };
	for (size_t i = 0; i < BACKTEST_SIDES; i++) {
		figure->value[i] = show_format("%s", show_count(SHOWN, counts[i]));
		figure->rate[i] = rate_text(replay_rate(replay, counts[i]));
	}
	figure->difference = difference_text(a, b);
}

static void put_wait(const struct replay *replay, struct replay_figure *figure, const char *label, double part)
{
	*figure = (struct replay_figure){ .label = label };
	for (size_t i = 0; i < BACKTEST_SIDES; i++) {
		const struct backtest_side *side = replay_side_of(replay, i);

		figure->value[i] = show_format("%s", side->wait_count
							     ? show_span(SHOWN, backtest_wait(side, part) * SECOND_US)
							     : "-");
		figure->rate[i] = show_format("%s", "");
	}
	figure->difference = show_format("%s", "");
}

size_t replay_figures(const struct replay *replay, struct replay_figure figures[REPLAY_FIGURES_MAX])
{
	const struct backtest_side *a = replay_side_of(replay, 0), *b = replay_side_of(replay, 1);
	size_t n = 0;

	put_count(replay, &figures[n++], _("Accounts locked"), a->locked, b->locked);
	put_count(replay, &figures[n++], _("Messages gone before the lock"), a->left, b->left);
	put_count(replay, &figures[n++], _("Accounts with mail held"), a->waited, b->waited);
	put_count(replay, &figures[n++], _("Messages held"), a->held, b->held);
	put_count(replay, &figures[n++], _("… and let go"), a->released, b->released);
	put_count(replay, &figures[n++], _("… and discarded"), a->discarded, b->discarded);
	put_count(replay, &figures[n++], _("Messages refused"), a->refused, b->refused);
	if (a->braked || b->braked)
		put_count(replay, &figures[n++], _("Accounts left to a person"), a->braked, b->braked);
	put_wait(replay, &figures[n++], _("Wait, median"), 0.5);
	put_wait(replay, &figures[n++], _("Wait, 95 of 100"), 0.95);
	put_wait(replay, &figures[n++], _("Wait, longest"), 1);
	return n;
}

void replay_figures_done(struct replay_figure *figures, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t side = 0; side < BACKTEST_SIDES; side++) {
			free(figures[i].value[side]);
			free(figures[i].rate[side]);
		}
		free(figures[i].difference);
	}
}

/* ---- who noticed */

static bool is_worse(const struct backtest_touched *a, const struct backtest_touched *b)
{
	if (!a || !b)
		return a != NULL;
	if ((a->locks > 0) != (b->locks > 0))
		return a->locks > 0;
	if (a->locks)
		return a->locked_us < b->locked_us;
	return a->bits > b->bits;
}

static int worst_first(const void *a, const void *b)
{
	const struct replay_row *x = a, *y = b;

	if (is_worse(x->worst, y->worst))
		return -1;
	if (is_worse(y->worst, x->worst))
		return 1;
	return strcmp(x->name, y->name);
}

struct replay_row *replay_rows(const struct replay *replay, size_t *count)
{
	size_t sides = replay_side_count(replay), room = 1;
	struct replay_row *rows;

	for (size_t i = 0; i < sides; i++)
		room += replay_side_of(replay, i)->touched_count;
	rows = memory_zero(room, sizeof *rows);
	*count = 0;
	for (size_t i = 0; i < sides; i++) {
		const struct backtest_side *side = replay_side_of(replay, i);

		for (size_t k = 0; k < side->touched_count; k++) {
			uint32_t account = side->touched[k].account;
			struct replay_row *row = &rows[*count];

			if (i && backtest_touched(replay->backtest, 0, account))
				continue; /* has its row already */
			row->name = accounts_name(replay->accounts, account).p;
			for (size_t s = 0; s < sides; s++) {
				row->by[s] = backtest_touched(replay->backtest, s, account);
				row->worst = is_worse(row->by[s], row->worst) ? row->by[s] : row->worst;
			}
			(*count)++;
		}
	}
	qsort(rows, *count, sizeof *rows, worst_first);
	return rows;
}

const char *replay_verdict(const struct backtest_touched *touched)
{
	return touched->locks ? _("locked") : touched->braked ? _("left to a person") : _("held");
}

static char *fact_held(const struct backtest_touched *touched)
{
	char *mail = counted(ngettext("%s message", "%s messages", touched->held), touched->held);
	char *text;

	if (touched->released && touched->discarded)
		text = show_format(_("%s from %s on: %s let go, the longest after %s; %s discarded"), mail,
				   show_time(SHOWN, touched->held_us), show_count(SHOWN, touched->released),
				   show_span(SHOWN, touched->longest_us), show_count(SHOWN, touched->discarded));
	else if (touched->discarded)
		text = show_format(_("%s from %s on, all discarded"), mail, show_time(SHOWN, touched->held_us));
	else
		text = show_format(_("%s from %s on, all let go, the longest after %s"), mail,
				   show_time(SHOWN, touched->held_us), show_span(SHOWN, touched->longest_us));
	free(mail);
	return text;
}

static char *fact_locked(const struct backtest_touched *touched)
{
	return show_format(ngettext("%s; %s message had left in the day before", "%s; %s messages had left in the day before",
				    touched->left),
			   show_time(SHOWN, touched->locked_us), show_count(SHOWN, touched->left));
}

static char *fact_refused(const struct backtest_touched *touched)
{
	char *mail = counted(ngettext("%s message", "%s messages", touched->refused), touched->refused);
	char *text = show_format(_("%s from %s on"), mail, show_time(SHOWN, touched->refused_us));

	free(mail);
	return text;
}

size_t replay_facts(const struct backtest_touched *touched, struct fact facts[REPLAY_FACTS_MAX])
{
	size_t n = 0;

	if (touched->held)
		facts[n++] = (struct fact){ _("Held"), fact_held(touched) };
	if (touched->locks)
		facts[n++] = (struct fact){ _("Locked"), fact_locked(touched) };
	if (touched->refused)
		facts[n++] = (struct fact){ _("Refused"), fact_refused(touched) };
	if (touched->braked)
		facts[n++] = (struct fact){
			_("Brakes"), show_format("%s", _("would have been locked, but for the limit of locks an hour"))
		};
	return n;
}

static int by_bits(const void *a, const void *b)
{
	const struct replay_evidence *x = a, *y = b;

	return x->bits > y->bits ? -1 : x->bits < y->bits;
}

size_t replay_evidence(const struct backtest_touched *touched, struct replay_evidence evidence[PROFILE_SIGNALS])
{
	size_t count = 0;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		struct replay_evidence *made = &evidence[count];

		if (profile_bits(&touched->then, i) < LEAST_BITS)
			continue;
		*made = (struct replay_evidence){ signals[i]->name, (double)profile_bits(&touched->then, i), "" };
		signals[i]->say(&touched->then, made->text, sizeof made->text);
		count++;
	}
	qsort(evidence, count, sizeof *evidence, by_bits);
	return count;
}

/* ---- the two beside each other */

static bool locks(const struct replay *replay, size_t side, uint32_t account)
{
	const struct backtest_touched *touched =
		side < replay_side_count(replay) ? backtest_touched(replay->backtest, side, account) : NULL;

	return touched && touched->locks;
}

const char **replay_locked(const struct replay *replay, enum replay_lockers lockers, size_t *count)
{
	const struct backtest_side *side = replay_side_of(replay, lockers == REPLAY_SECOND_ALONE);
	const char **names = memory_zero(side->touched_count + 1, sizeof *names);

	*count = 0;
	for (size_t i = 0; i < side->touched_count; i++) {
		uint32_t account = side->touched[i].account;

		if (locks(replay, 0, account) == (lockers != REPLAY_SECOND_ALONE) &&
		    locks(replay, 1, account) == (lockers != REPLAY_FIRST_ALONE))
			names[(*count)++] = accounts_name(replay->accounts, account).p;
	}
	return names;
}

char *replay_lockers_label(const struct replay *replay, enum replay_lockers lockers)
{
	if (lockers == REPLAY_BOTH)
		return show_format("%s", _("Locked under both"));
	return show_format(_("Locked only under %s"),
			   show_name(SHOWN, replay->sides[lockers == REPLAY_SECOND_ALONE].name, NAME_COLUMNS));
}

/* ---- days */

void replay_days(const struct replay *replay, size_t most, struct replay_days *days)
{
	const struct backtest_result *result = backtest_result(replay->backtest);
	size_t step = 1;
	int64_t start_us = result->first_day * DAY_US;

	most = most < REPLAY_SLOTS_MAX ? most : REPLAY_SLOTS_MAX;
	while ((result->day_count + step - 1) / step > most)
		step = step == 1 ? 7 : step * 2;
	*days = (struct replay_days){
		.start_us = start_us - when_local_offset(start_us) * SECOND_US,
		.step_us = (int64_t)step * DAY_US,
		.count = (result->day_count + step - 1) / step,
	};
	for (size_t side = 0; side < result->side_count; side++) {
		for (size_t i = 0; i < result->day_count; i++) {
			const struct backtest_day *day = &result->sides[side].days[i];
			struct backtest_day *slot = &days->slots[side][i / step];

			slot->held += day->held;
			slot->refused += day->refused;
			slot->locks += day->locks;
		}
	}
}

char *replay_slot_label(const struct replay_days *days, size_t slot)
{
	int64_t from_us = days->start_us + days->step_us * (int64_t)slot;
	/* noon of the last day: a day may be an hour shorter */
	int64_t to_us = from_us + days->step_us - DAY_US / 2;
	struct shown *first = SHOWN, *last = SHOWN;

	show_time(first, from_us + DAY_US / 2);
	show_time(last, to_us);
	if (days->step_us == DAY_US)
		return show_format("%.10s", first->text);
	return show_format(_("%.10s to %.10s"), first->text, last->text);
}

/* ---- waits */

static const struct {
	const char *label;
	uint32_t most_s;
} waits[REPLAY_WAITS] = {
	{ N_("up to 5 minutes"), 300 },    { N_("up to 10 minutes"), 600 }, { N_("up to 15 minutes"), 900 },
	{ N_("up to 30 minutes"), 1800 },  { N_("up to an hour"), 3600 },   { N_("up to four hours"), 4 * 3600 },
	{ N_("longer"), UINT32_MAX },
};

const char *replay_wait_label(size_t kind) { return _(waits[kind].label); }

void replay_waits(const struct backtest_side *side, uint64_t counts[REPLAY_WAITS])
{
	size_t kind = 0;

	memset(counts, 0, REPLAY_WAITS * sizeof *counts);
	for (size_t i = 0; i < side->wait_count; i++) { /* they are sorted */
		while (side->waits_s[i] > waits[kind].most_s)
			kind++;
		counts[kind]++;
	}
}

/* ---- calibration */

char *replay_weights(const struct calibration_result *calibration)
{
	char *text = show_format("%s", "weights = {");
	bool some = false;

	for (unsigned i = 0; i < PROFILE_SIGNALS; i++) {
		const struct calibration_row *row = &calibration->rows[i];
		char *longer;

		if (row->suggested == 1)
			continue;
		longer = show_format("%s%s \"%s=%.3g\"", text, some ? "," : "", row->signal, row->suggested);
		free(text);
		text = longer;
		some = true;
	}
	if (some) {
		char *whole = show_format("%s }", text);

		free(text);
		return whole;
	}
	free(text);
	return show_format("%s", "weights = { }");
}

char *replay_calibration_note(const struct calibration_result *calibration)
{
	if (!calibration->enough)
		return show_format("%s", _("These are too few account-days to suggest anything."));
	if (calibration->full)
		return show_format("%s", _("There was no room for all account-days; those at the end are missing."));
	return NULL;
}

const char **replay_left_out(const struct replay *replay, size_t *count)
{
	size_t rows;
	struct replay_row *touched = replay_rows(replay, &rows);
	const char **names = memory_zero(rows + 1, sizeof *names);

	*count = 0;
	for (size_t i = 0; i < rows; i++)
		for (size_t side = 0; side < BACKTEST_SIDES; side++)
			if (touched[i].by[side] && (touched[i].by[side]->locks || touched[i].by[side]->braked)) {
				names[(*count)++] = touched[i].name;
				break;
			}
	free(touched);
	return names;
}
