/* SPDX-License-Identifier: Apache-2.0 */
/* How an account was shut, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/when.h"
#include "containment/action.h"
#include "containment/sentence.h"
#include "report/steps.h"

static void sentences_have_their_numbers(void **state)
{
	static const struct {
		const char *form;
		uint64_t count;
		const char *wanted;
	} rows[] = {
		{ "", 3, "" },
		{ "nothing to count", 3, "nothing to count" },
		{ "%u sessions were ended", 0, "0 sessions were ended" },
		{ "%u sessions were ended", 1, "1 session was ended" },
		{ "%u sessions were ended", 1234, "1,234 sessions were ended" },
		{ "%u messages were put on hold", 1, "1 message was put on hold" },
		{ "%u messages were put on hold, of which", 12, "12 messages were put on hold, of which" },
		/* what a server said is no format */
		{ "500 %s %n %d %", 7, "500 %s %n %d %" },
		{ "%u of %u", 7, "7 of 7" },
		{ "100%", 1, "100%" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *sentence = steps_sentence(rows[i].form, rows[i].count);

		assert_string_equal(sentence, rows[i].wanted);
		free(sentence);
	}
}

/* in the words of those who compose them (containment/act_*.c) */
static void composed_ones_are_known_again(void **state)
{
	static const struct {
		enum sentence which;
		const char *parts[SENTENCE_PARTS_MAX];
		const char *wanted;
	} rows[] = {
		{ SENTENCE_BEING_DELIVERED, { "3", "A B C" }, "12 messages were put on hold, of which 3 were being delivered: A B C" },
		{ SENTENCE_BEING_DELIVERED, { "9", "A %s %u" }, "12 messages were put on hold, of which 9 were being delivered: A %s %u" },
		{ SENTENCE_BEING_DELIVERED, { "1", "" }, "12 messages were put on hold, of which 1 were being delivered: " },
		{ SENTENCE_FINGERPRINT, { "1a2b" }, "the password is a random one that nobody was told, fingerprint 1a2b" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct text parts[SENTENCE_PARTS_MAX] = { 0 };
		char said[ACTION_SAYS_MAX], *shown;

		sentence_compose(rows[i].which, rows[i].parts, said, sizeof said);
		assert_true(sentence_parts(rows[i].which, text_of(said), parts));
		for (size_t part = 0; part < SENTENCE_PARTS_MAX && rows[i].parts[part]; part++)
			assert_true(text_is(parts[part], text_of(rows[i].parts[part])));
		shown = steps_sentence(said, 12);
		assert_string_equal(shown, rows[i].wanted);
		free(shown);
	}
}

static void a_composed_one_that_was_cut_is_shown_as_it_is(void **state)
{
	const char *ids[] = { "3", "A B C" };
	struct text parts[SENTENCE_PARTS_MAX] = { 0 };
	char said[ACTION_SAYS_MAX];

	for (size_t size = 1; size < sizeof said; size++) {
		sentence_compose(SENTENCE_BEING_DELIVERED, ids, said, size);
		assert_true(strlen(said) < size);
		if (size < sizeof "%u messages were put on hold, of which 3 were being delivered: ")
			assert_false(sentence_parts(SENTENCE_BEING_DELIVERED, text_of(said), parts) || parts[0].p || parts[1].p);
	}
	assert_false(sentence_parts(SENTENCE_FINGERPRINT, text_of(said), parts));
}

static void each_form_has_its_gaps(void **state)
{
	for (enum sentence which = 0; which < SENTENCES; which++) {
		size_t gaps = 0;

		for (const char *at = sentence_forms[which]; (at = strstr(at, "%s")); at += 2)
			gaps++;
		assert_in_range(gaps, 1, SENTENCE_PARTS_MAX);
	}
}

static void a_long_one_is_cut(void **state)
{
	char form[5000], *sentence;

	memset(form, 'x', sizeof form);
	form[sizeof form - 1] = '\0';
	sentence = steps_sentence(form, 1);
	assert_true(strlen(sentence) > 500 && strlen(sentence) < sizeof form - 1);
	free(sentence);
}

static json_t *step(const char *state, bool wanted, bool proved)
{
	json_t *one = json_pack("{s:s, s:s, s:s, s:b, s:s, s:{s:s, s:i}}", "action", "queue", "title", "the queue", "state", state, "wanted",
				wanted, "at", "2026-11-22T20:00:00+00:00", "said", "form", "%u messages were put on hold", "count", 4);

	if (proved) {
		json_object_set_new(one, "proved_at", json_string("2026-11-22T20:00:02+00:00"));
		json_object_set_new(one, "proved", json_pack("{s:s, s:i}", "form", "nothing of it is on its way in the queue", "count", 0));
	}
	return one;
}

static void states_have_words(void **state)
{
	static const struct {
		const char *state;
		bool wanted, proved;
		const char *word;
		bool lacking;
	} rows[] = {
		{ "waiting", true, false, "waiting", true },
		{ "done", true, false, "done", true },
		{ "done", true, true, "proved", false },
		{ "failed", true, false, "failed", true },
		{ "cannot", true, false, "impossible", true },
		{ "not_set_up", true, false, "not set up", false },
		{ "done", false, true, "still shut", true },
		{ "waiting", false, false, "waiting", true },
		{ "failed", false, false, "failed", true },
		{ "cannot", false, false, "impossible", false },
		{ "undone", false, false, "undone", false },
		{ "of a later version", true, false, "of a later version", false },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		json_t *one = step(rows[i].state, rows[i].wanted, rows[i].proved), *closure = json_pack("{s:[O]}", "steps", one);
		struct step_words words;

		step_words(one, &words);
		assert_string_equal(words.state, rows[i].word);
		assert_string_equal(words.title, "the queue");
		assert_string_equal(words.says, "4 messages were put on hold");
		assert_int_equal(words.lacking, rows[i].lacking);
		assert_int_equal(steps_lacking(closure), rows[i].lacking);
		assert_int_equal(words.proof != NULL, rows[i].proved);
		step_words_done(&words);
		json_decref(closure);
		json_decref(one);
	}
}

static void what_is_missing_is_empty(void **state)
{
	json_t *nothing = json_object();
	struct step_words words;

	step_words(nothing, &words);
	assert_string_equal(words.title, "");
	assert_string_equal(words.state, "");
	assert_null(words.says);
	assert_null(words.proof);
	assert_true(words.at_us == WHEN_NONE && words.proved_us == WHEN_NONE);
	step_words_done(&words);
	json_decref(nothing);
	assert_int_equal(steps_lacking(NULL), 0);
	nothing = json_null();
	assert_int_equal(steps_lacking(nothing), 0);
}

static void shown(json_t *closure, bool away, const char *wanted)
{
	char *text = NULL;
	size_t bytes;
	FILE *to = open_memstream(&text, &bytes);
	struct terminal terminal;

	terminal_init(&terminal, to, false);
	steps_show(closure, away, &terminal, 2);
	fclose(to);
	assert_string_equal(text, wanted);
	free(text);
}

static void shows_them(void **state)
{
	json_t *closure = json_pack("{s:[o, {s:s, s:s, s:s, s:b}]}", "steps", step("done", true, true), "action", "gate", "title",
				    "the gate, for mail", "state", "not_set_up", "wanted", true);

	shown(closure, false,
	      "  proved       the queue: 4 messages were put on hold\n"
	      "               nothing of it is on its way in the queue, at 2026-11-22\n"
	      "               20:00:02+00:00\n"
	      "  not set up   the gate, for mail\n");
	shown(closure, true,
	      "  proved       the queue: 4 messages were put on hold\n"
	      "               nothing of it is on its way in the queue, at 2026-11-22\n"
	      "               20:00:02+00:00\n"
	      "  waiting      the gate, for mail: the daemon is away, and sees to it when it is\n"
	      "               back\n");
	shown(json_null(), false, "");
	json_decref(closure);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sentences_have_their_numbers), cmocka_unit_test(composed_ones_are_known_again),
		cmocka_unit_test(a_composed_one_that_was_cut_is_shown_as_it_is), cmocka_unit_test(each_form_has_its_gaps),
		cmocka_unit_test(a_long_one_is_cut),
		cmocka_unit_test(states_have_words), cmocka_unit_test(what_is_missing_is_empty),
		cmocka_unit_test(shows_them),
	};

	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
