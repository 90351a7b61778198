/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/auditing.h"

#include <stdio.h>
#include <uv.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/quoted.h"
#include "containment/keys.h"
#include "containment/listing.h"

#define NUMBER_MOST ((uint64_t)1 << 62)

const char *const auditing_phase_names[AUDITING_PHASES] = { "none", "reading", "trying", "finished", "time_over", "stopped", "broken" };
const char *const auditing_found_names[AUDITING_FOUNDS] = { "open", "guessable", "unknown_scheme", "unread", "damaged", "too_slow" };

/* ---- lines */

/* `count` where it is none of the names */
static unsigned number_of(struct text name, const char *const *names, unsigned count)
{
	unsigned number = 0;

	while (number < count && !text_is(name, text_of(names[number])))
		number++;
	return number;
}

static bool take_number(struct text *line, uint64_t *number)
{
	struct text word;

	return text_cut(line, ' ', &word) && text_number(word, NUMBER_MOST, number);
}

bool auditing_parse_state(struct text line, struct auditing_state *state)
{
	struct text word, sentence;

	if (!text_cut(&line, ' ', &word) || !text_is(word, TEXT("audit")) || !text_cut(&line, ' ', &word))
		return false;
	state->phase = number_of(word, auditing_phase_names, AUDITING_PHASES);
	return state->phase < AUDITING_PHASES && take_number(&line, &state->accounts) && take_number(&line, &state->guessable) &&
	       take_number(&line, &state->settled) && take_number(&line, &state->depth) && take_number(&line, &state->tries) &&
	       take_number(&line, &state->seconds) && quoted_read(line, state->error, sizeof state->error, &sentence);
}

static bool take_flags(struct text word, struct auditing_result *result)
{
	result->shared = result->clear = result->old_scheme = false;
	for (size_t i = 0; i < word.n && !text_is(word, TEXT("-")); i++)
		switch (word.p[i]) {
		case 's': result->shared = true; break;
		case 'c': result->clear = true; break;
		case 'o': result->old_scheme = true; break;
		default: return false;
		}
	return word.n > 0;
}

bool auditing_parse_result(struct text line, struct auditing_result *result)
{
	struct text words[5], account;

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (!text_cut(&line, ' ', &words[i]))
			return false;
	result->found = number_of(words[2], auditing_found_names, AUDITING_FOUNDS);
	result->fault = text_is(words[3], TEXT("-")) ? 0 : number_of(words[3], password_fault_names, PASSWORD_FAULTS);
	return text_is(words[0], TEXT("result")) && quoted_read(words[1], result->account, sizeof result->account, &account) && account.n &&
	       result->found < AUDITING_FOUNDS && result->fault < PASSWORD_FAULTS && take_flags(words[4], result) &&
	       text_number(line, NUMBER_MOST, &result->tried);
}

/* ---- questions */

struct question {
	struct auditing_state *state;
	void (*each)(void *context, const struct auditing_result *result);
	void *context;
	struct error *error;
	bool done;
};

/* the helper's listing frees its context, so it has this alone */
struct pointer {
	struct question *question;
};

static enum listing_step refused(struct text line, struct error *error)
{
	char sentence[512];
	struct text plain, rest;

	if (text_behind(line, TEXT("no - "), &rest) && rest.p == line.p + 5 && text_cut(&rest, ' ', &plain) &&
	    quoted_read(rest, sentence, sizeof sentence, &plain))
		error_set(error, "%s", sentence);
	else
		error_set(error, "%s", _("the helper for passwords says what is not understood; is it of another version?"));
	return LISTING_FAILS;
}

static enum listing_step on_line(void *context, struct text line, struct error *error)
{
	struct question *question = ((struct pointer *)context)->question;
	struct auditing_result result;

	if (question->state)
		return auditing_parse_state(line, question->state) ? LISTING_ENDS : refused(line, error);
	if (text_is(line, TEXT("end")))
		return LISTING_ENDS;
	if (!auditing_parse_result(line, &result))
		return refused(line, error);
	question->each(question->context, &result);
	return LISTING_GOES_ON;
}

static void on_end(void *context, const struct error *error)
{
	struct question *question = ((struct pointer *)context)->question;

	question->done = !error;
	if (error)
		*question->error = *error;
}

static bool ask(const char *socket_path, struct text request, struct question *question)
{
	struct pointer *pointer = memory_new(sizeof *pointer);
	struct listing *first = NULL;
	uv_loop_t loop;

	pointer->question = question;
	uv_loop_init(&loop);
	listing_open(&first, &loop, socket_path, request, &(struct listing_handler){ "the helper for passwords", on_line, on_end, pointer });
	uv_run(&loop, UV_RUN_DEFAULT);
	uv_loop_close(&loop);
	return question->done;
}

static bool ask_state(const char *socket_path, struct text request, struct auditing_state *state, struct error *error)
{
	struct question question = { .state = state, .error = error };

	return ask(socket_path, request, &question);
}

bool auditing_start(const char *socket_path, const struct auditing_order *order, struct auditing_state *state, struct error *error)
{
	char domain[QUOTED_ROOM(AUDITING_ACCOUNT_MAX)], account[QUOTED_ROOM(AUDITING_ACCOUNT_MAX)], line[KEYS_LINE_MAX];
	int n = snprintf(line, sizeof line, "audit-start %u %u %u %s %s\n", order->cores, order->seconds, order->tries,
			 quoted_write(order->domain ? text_of(order->domain) : TEXT_NONE, domain, sizeof domain),
			 quoted_write(order->account ? text_of(order->account) : TEXT_NONE, account, sizeof account));

	return ask_state(socket_path, (struct text){ line, (size_t)n }, state, error);
}

bool auditing_stop(const char *socket_path, struct auditing_state *state, struct error *error)
{
	return ask_state(socket_path, TEXT("audit-stop\n"), state, error);
}

bool auditing_look(const char *socket_path, struct auditing_state *state, struct error *error)
{
	return ask_state(socket_path, TEXT("audit-state\n"), state, error);
}

bool auditing_results(const char *socket_path, void (*each)(void *context, const struct auditing_result *result), void *context,
		      struct error *error)
{
	struct question question = { .each = each, .context = context, .error = error };

	return ask(socket_path, TEXT("audit-results\n"), &question);
}
