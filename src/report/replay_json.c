/* SPDX-License-Identifier: Apache-2.0 */
/* The backtest as "sekisho.replay/1"; its fields stand in man/sekisho-replay.1. Fields may be added, never renamed. */
#include "report/replay.h"

#include <stdlib.h>

#include "report/replay_words.h"
#include "report/value.h"

#define PUT(object, name, value) json_object_set_new(object, name, value)

static json_t *names(const char **items, size_t count)
{
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++)
		json_array_append_new(array, value_text(items[i]));
	free(items);
	return array;
}

static json_t *seconds(int64_t span_us) { return value_rounded((double)span_us / 1e6, 1000); }

/* ---- the input */

static json_t *files_of(const struct report *input)
{
	json_t *array = json_array();

	for (size_t i = 0; i < input->file_count; i++) {
		const struct report_file *file = &input->files[i];
		json_t *object = json_object();

		PUT(object, "path", value_text(file->path));
		PUT(object, "lines", value_count(file->lines));
		PUT(object, "bytes", value_count(file->bytes));
		PUT(object, "unparsed", value_count(file->unparsed));
		PUT(object, "foreign", value_count(file->foreign));
		PUT(object, "repeated", value_count(file->repeated));
	PUT(object, "error", value_text_or_null(file->error));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *input_of(const struct replay *replay)
{
	const struct report *input = &replay->input;
	json_t *object = json_object();

	PUT(object, "kind", json_string(input->trace ? "trace" : "log"));
	PUT(object, "files", files_of(input));
	PUT(object, "lines", value_count(input->lines));
	PUT(object, "bytes", value_count(input->bytes));
	PUT(object, "unparsed", value_count(input->unparsed));
	PUT(object, "foreign", value_count(input->foreign));
	PUT(object, "events", value_count(input->events));
	PUT(object, "first", value_time(input->first_us));
	PUT(object, "last", value_time(input->last_us));
	PUT(object, "seconds", value_rounded(input->seconds, 1000));
	return object;
}

/* ---- one configuration */

static json_t *settings_of(const struct replay_side *side)
{
	json_t *object = json_object(), *weights = json_object();

	PUT(object, "suspect_bits", value_rounded((double)side->limits.suspect_bits, 1000));
	PUT(object, "hold_bits", value_rounded((double)side->limits.hold_bits, 1000));
	PUT(object, "lock_bits", value_rounded((double)side->limits.lock_bits, 1000));
	PUT(object, "locks_an_hour", value_rounded((double)side->brakes.locks_an_hour, 1000));
	PUT(object, "locks_an_hour_of_domain", value_rounded((double)side->brakes.locks_an_hour_of_domain, 1000));
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		if (side->weights->named & 1u << i)
			PUT(weights, signals[i]->name, value_rounded((double)side->weights->factor[i], 1e6));
	PUT(object, "weights", weights);
	return object;
}

static json_t *totals_of(const struct replay *replay, const struct backtest_side *side, bool rates)
{
	const struct {
		const char *name;
		uint64_t count;
	} rows[] = {
		{ "accounts_locked", side->locked },      { "accounts_held", side->waited },
		{ "accounts_braked", side->braked },      { "locks", side->locks },
		{ "messages_held", side->held },          { "messages_released", side->released },
		{ "messages_discarded", side->discarded }, { "messages_refused", side->refused },
		{ "messages_left_before_lock", side->left },
	};
	json_t *object = json_object();

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		PUT(object, rows[i].name,
		    rates ? value_rounded(replay_rate(replay, rows[i].count), 1e4) : value_count(rows[i].count));
	return object;
}

static json_t *wait_of(const struct backtest_side *side)
{
	json_t *object = json_object();

	PUT(object, "median_s", side->wait_count ? value_count(backtest_wait(side, 0.5)) : json_null());
	PUT(object, "p95_s", side->wait_count ? value_count(backtest_wait(side, 0.95)) : json_null());
	PUT(object, "longest_s", side->wait_count ? value_count(backtest_wait(side, 1)) : json_null());
	return object;
}

static json_t *days_of(const struct backtest_result *result, size_t side)
{
	json_t *array = json_array();

	for (size_t i = 0; i < result->day_count; i++) {
		const struct backtest_day *day = &result->sides[side].days[i];
		json_t *object;
		struct civil civil;
		char date[40];

		if (!day->held && !day->refused && !day->locks)
			continue;
		object = json_object();
		when_to_civil((result->first_day + (int64_t)i) * DAY_US, &civil);
		snprintf(date, sizeof date, "%04d-%02d-%02d", civil.year, civil.month, civil.day);
		PUT(object, "day", json_string(date));
		PUT(object, "held", value_count(day->held));
		PUT(object, "refused", value_count(day->refused));
		PUT(object, "locks", value_count(day->locks));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *evidence_of(const struct backtest_touched *touched)
{
	struct replay_evidence evidence[PROFILE_SIGNALS];
	size_t count = replay_evidence(touched, evidence);
	json_t *array = json_array();

	for (size_t i = 0; i < count; i++) {
		json_t *object = json_object();

		PUT(object, "signal", json_string(evidence[i].signal));
		PUT(object, "bits", value_rounded(evidence[i].bits, 10));
		PUT(object, "text", value_text(evidence[i].text));
		json_array_append_new(array, object);
	}
	return array;
}

static json_t *account_of(const char *name, const struct backtest_touched *touched)
{
	json_t *object = json_object();

	PUT(object, "account", value_text(name));
	PUT(object, "bits", value_rounded((double)touched->bits, 10));
	PUT(object, "bits_at", value_time(touched->bits_us));
	PUT(object, "held_at", value_time(touched->held_us));
	PUT(object, "locked_at", value_time(touched->locked_us));
	PUT(object, "refused_at", value_time(touched->refused_us));
	PUT(object, "locks", value_count(touched->locks));
	PUT(object, "braked", json_boolean(touched->braked));
	PUT(object, "held", value_count(touched->held));
	PUT(object, "released", value_count(touched->released));
	PUT(object, "discarded", value_count(touched->discarded));
	PUT(object, "refused", value_count(touched->refused));
	PUT(object, "left_before_lock", value_count(touched->left));
	PUT(object, "longest_wait_s", touched->released ? seconds(touched->longest_us) : json_null());
	PUT(object, "evidence", evidence_of(touched));
	return object;
}

static json_t *side_of(const struct replay *replay, size_t side, const struct replay_row *rows, size_t row_count)
{
	const struct backtest_result *result = backtest_result(replay->backtest);
	json_t *object = json_object(), *accounts = json_array();

	PUT(object, "name", value_text(replay->sides[side].name));
	PUT(object, "settings", settings_of(&replay->sides[side]));
	PUT(object, "totals", totals_of(replay, &result->sides[side], false));
	PUT(object, "per_10000_account_days", totals_of(replay, &result->sides[side], true));
	PUT(object, "wait", wait_of(&result->sides[side]));
	PUT(object, "days", days_of(result, side));
	for (size_t i = 0; i < row_count; i++)
		if (rows[i].by[side])
			json_array_append_new(accounts, account_of(rows[i].name, rows[i].by[side]));
	PUT(object, "accounts", accounts);
	return object;
}

static json_t *sides_of(const struct replay *replay)
{
	size_t count;
	struct replay_row *rows = replay_rows(replay, &count);
	json_t *array = json_array();

	for (size_t i = 0; i < replay_side_count(replay); i++)
		json_array_append_new(array, side_of(replay, i, rows, count));
	free(rows);
	return array;
}

static json_t *difference_of(const struct replay *replay)
{
	static const char *const keys[] = { "locked_only_first", "locked_only_second", "locked_both" };
	json_t *object = json_object();

	for (size_t i = 0; i < REPLAY_LOCKERS; i++) {
		size_t count;
		const char **items = replay_locked(replay, (enum replay_lockers)i, &count);

		PUT(object, keys[i], names(items, count));
	}
	return object;
}

/* ---- calibration */

static json_t *signal_of(const struct calibration_row *row, uint64_t days)
{
	json_t *object = json_object();

	PUT(object, "signal", json_string(row->signal));
	PUT(object, "median", value_rounded(row->median, 100));
	PUT(object, "p99", value_rounded(row->p99, 100));
	PUT(object, "p999", value_rounded(row->p999, 100));
	PUT(object, "most", value_rounded(row->most, 100));
	PUT(object, "cap", value_rounded(row->cap, 100));
	PUT(object, "over_half_cap", days ? value_rounded((double)row->over_half / (double)days, 1e6) : json_null());
	PUT(object, "factor", value_rounded(row->factor, 1e6));
	PUT(object, "suggested", value_rounded(row->suggested, 1e6));
	return object;
}

static json_t *calibration_of(const struct replay *replay)
{
	const struct calibration_result *calibration = replay->calibration;
	json_t *object = json_object(), *rows = json_array();
	char *weights = replay_weights(calibration);
	const char **out;
	size_t count;

	out = replay_left_out(replay, &count);
	PUT(object, "account_days", value_count(calibration->account_days));
	PUT(object, "left_out_account_days", value_count(calibration->left_out));
	PUT(object, "left_out", names(out, count));
	PUT(object, "enough", json_boolean(calibration->enough));
	for (unsigned i = 0; i < PROFILE_SIGNALS; i++)
		json_array_append_new(rows, signal_of(&calibration->rows[i], calibration->account_days));
	PUT(object, "signals", rows);
	PUT(object, "settings", json_string(weights));
	free(weights);
	return object;
}

bool replay_json(const struct replay *replay, FILE *to, struct error *error)
{
	const struct backtest_result *result = backtest_result(replay->backtest);
	json_t *object = json_object();

	PUT(object, "schema", json_string("sekisho.replay/1"));
	PUT(object, "open_loop", json_true());
	PUT(object, "input", input_of(replay));
	PUT(object, "accounts", value_count(result->accounts));
	PUT(object, "account_days", value_count(result->account_days));
	PUT(object, "messages", value_count(result->messages));
	PUT(object, "configurations", sides_of(replay));
	PUT(object, "difference", replay_side_count(replay) > 1 ? difference_of(replay) : json_null());
	PUT(object, "calibration", replay->calibration ? calibration_of(replay) : json_null());
	return value_write(object, to, error);
}
