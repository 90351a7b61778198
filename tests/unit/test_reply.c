/* SPDX-License-Identifier: Apache-2.0 */
/* Replies, byte for byte. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>

#include "base/memory.h"
#include "report/reply.h"

static struct accounts *accounts;
static struct engine *engine;
static struct guard *guard;
static struct reply reply;
static uint32_t alice;

static int begin(void **state)
{
	uint64_t key;

	accounts = accounts_new("example.jp");
	alice = accounts_add(accounts, TEXT("alice"), &key);
	engine = engine_new(&(struct engine_options){ .limits = { 14, 11, 22 } });
	guard = guard_new(engine, accounts, &(struct brakes_limits){ 60, 30 });
	return 0;
}

static int end(void **state)
{
	reply_done(&reply);
	guard_free(guard);
	engine_free(engine);
	accounts_free(accounts);
	return 0;
}

static void wants(const struct guard_answer *answer, enum event_kind kind, uint32_t account, const char *line)
{
	struct event event = { .kind = (uint8_t)kind, .account = account };
	struct guard_answer told = *answer;
	struct text said;

	told.account = account;
	reply_answer(&reply, &told, guard, accounts_name(accounts, account), &event);
	said = reply_take(&reply);
	if (!text_is(said, text_of(line)))
		fail_msg("%.*swanted %s", TEXT_ARG(said), line);
}

static struct text ids[] = { { "A1", 2 }, { "B\"2\\", 4 } };

static void answers(void **state)
{
	const struct {
		struct guard_answer answer;
		enum event_kind kind;
		bool nobody;
		const char *line;
	} rows[] = {
		{ { .wake_us = WHEN_NONE }, EVENT_TICK, true, "{}\n" },
		{ { .wake_us = WHEN_NONE, .verdict.bits = 30 }, EVENT_AUTH, false, "{}\n" },
		{ { .wake_us = WHEN_NONE }, EVENT_SUBMIT, true, "{\"verdict\":\"pass\"}\n" },
		{ { .wake_us = WHEN_NONE, .verdict.bits = 1.26f }, EVENT_SUBMIT, false, "{\"verdict\":\"pass\",\"bits\":1.3}\n" },
		{ { .wake_us = WHEN_NONE, .verdict.bits = -4 }, EVENT_SUBMIT, false, "{\"verdict\":\"pass\",\"bits\":-4.0}\n" },
		{ { .wake_us = WHEN_NONE, .action = GUARD_HOLD, .verdict.bits = 12 }, EVENT_SUBMIT, false,
		  "{\"verdict\":\"hold\",\"bits\":12.0,\"why\":[]}\n" },
		{ { .wake_us = WHEN_NONE, .action = GUARD_REFUSE, .verdict.bits = 24, .lock = true }, EVENT_SUBMIT, false,
		  "{\"verdict\":\"refuse\",\"bits\":24.0,\"lock\":[\"alice@example.jp\"],\"why\":[]}\n" },
		{ { .wake_us = WHEN_NONE, .lock = true, .verdict.bits = 24, .discard = ids, .discard_count = 2 }, EVENT_OUTCOME, false,
		  "{\"lock\":[\"alice@example.jp\"],\"discard\":[\"A1\",\"B\\\"2\\\\\"],\"bits\":24.0,\"why\":[]}\n" },
		{ { .wake_us = 1774000000123456, .release = ids, .release_count = 1 }, EVENT_TICK, true,
		  "{\"release\":[\"A1\"],\"wake\":1774000000.124}\n" },
		{ { .wake_us = WHEN_NONE, .action = GUARD_HOLD, .braked = true, .verdict.bits = 25 }, EVENT_SUBMIT, false,
		  "{\"verdict\":\"hold\",\"bits\":25.0,\"braked\":true,\"why\":[]}\n" },
		{ { .wake_us = 0 }, EVENT_TICK, true, "{\"wake\":0.000}\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(&rows[i].answer, rows[i].kind, rows[i].nobody ? ACCOUNT_NONE : alice, rows[i].line);
}

/* a tick at the time that was told is never too early */
static void wake_is_rounded_up(void **state)
{
	static const struct { int64_t wake_us; const char *line; } rows[] = {
		{ 1774000000000000, "{\"wake\":1774000000.000}\n" }, { 1774000000000001, "{\"wake\":1774000000.001}\n" },
		{ 1774000000000999, "{\"wake\":1774000000.001}\n" }, { 1774000000999001, "{\"wake\":1774000001.000}\n" },
		{ 4294967295999999, "{\"wake\":4294967296.000}\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		wants(&(struct guard_answer){ .wake_us = rows[i].wake_us }, EVENT_TICK, ACCOUNT_NONE, rows[i].line);
}

/* whatever an id holds comes back as it was */
static void any_text_survives(void **state)
{
	char bytes[0x80 + 16];
	struct text text = { bytes, 0 };
	json_t *read;
	struct text said;

	for (char c = 1; text.n < 0x7f; c++)
		bytes[text.n++] = c;
	memcpy(bytes + text.n, "関所😀", 10);
	text.n += 10;
	reply_answer(&reply, &(struct guard_answer){ .wake_us = WHEN_NONE, .release = &text, .release_count = 1 }, guard, TEXT_NONE,
		     &(struct event){ .kind = EVENT_TICK });
	said = reply_take(&reply);
	assert_int_equal(text_find(said, '\n'), said.n - 1); /* one line */
	read = json_loadb(said.p, said.n, 0, NULL);
	assert_non_null(read);
	assert_true(text_is(text_of(json_string_value(json_array_get(json_object_get(read, "release"), 0))), text));
	json_decref(read);
}

static void many_and_long_ones(void **state)
{
	enum { MANY = 5000, LONG = 1000 };
	struct text *many = memory_new(MANY * sizeof *many), said;
	char *bytes = memory_new(LONG);

	memset(bytes, '"', LONG);
	for (size_t i = 0; i < MANY; i++)
		many[i] = (struct text){ bytes, LONG };
	reply_answer(&reply, &(struct guard_answer){ .wake_us = WHEN_NONE, .discard = many, .discard_count = MANY }, guard, TEXT_NONE,
		     &(struct event){ .kind = EVENT_TICK });
	said = reply_take(&reply);
	assert_int_equal(said.n, sizeof "{\"discard\":[]}\n" - 1 + MANY * (2 * LONG + 2) + MANY - 1);
	free(bytes);
	free(many);
}

static void errors(void **state)
{
	static const struct { uint64_t line; const char *why, *said; } rows[] = {
		{ 1, "no JSON", "{\"error\":\"no JSON\",\"line\":1,\"verdict\":\"pass\"}\n" },
		{ 4294967297, "", "{\"error\":\"\",\"line\":4294967297,\"verdict\":\"pass\"}\n" },
		{ 7, "a \"quote\"\nand \x1b[m", "{\"error\":\"a \\\"quote\\\"\\u000aand \\u001b[m\",\"line\":7,\"verdict\":\"pass\"}\n" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text said;

		reply_error(&reply, rows[i].line, rows[i].why);
		said = reply_take(&reply);
		if (!text_is(said, text_of(rows[i].said)))
			fail_msg("%.*swanted %s", TEXT_ARG(said), rows[i].said);
	}
}

static void gathered_until_taken(void **state)
{
	reply_error(&reply, 1, "a");
	reply_error(&reply, 2, "b");
	assert_int_equal(reply_take(&reply).n, 2 * strlen("{\"error\":\"a\",\"line\":1,\"verdict\":\"pass\"}\n"));
	assert_int_equal(reply_take(&reply).n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers),
		TEST(wake_is_rounded_up),
		TEST(any_text_survives),
		TEST(many_and_long_ones),
		TEST(errors),
		TEST(gathered_until_taken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
