/* SPDX-License-Identifier: Apache-2.0 */
/* The paper on an incident: as it was approved (tests/unit/paper), and with whatever an answer might hold. What is expected is
 * written anew, to be looked at before it is kept, with SEKISHO_WRITE_EXPECTED=1. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <limits.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "configuration.h"
#include "sample_paper.h"

enum form { TEXT_FORM, HTML_FORM, JSON_FORM };

static void speak(const char *language)
{
	setenv("LANGUAGE", language, 1);
	setenv("TZ", "Asia/Tokyo", 1);
	tzset();
	assert_non_null(setlocale(LC_ALL, "C.UTF-8"));
	bindtextdomain("sekisho", SEKISHO_BUILD_LOCALE_DIR);
	bind_textdomain_codeset("sekisho", "UTF-8");
	textdomain("sekisho");
}

static char *written(const struct paper *paper, enum form form)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	struct error error = { "" };
	bool good = form == TEXT_FORM ? paper_text(paper, to, false, &error)
		  : form == HTML_FORM ? paper_html(paper, to, &error)
				      : paper_json(paper, to, &error);

	assert_true(good);
	fclose(to);
	assert_int_equal(strlen(text), size);
	return text;
}

/* takes the incident */
static char *paper_on(json_t *incident, bool full, enum form form)
{
	struct error error = { "" };
	struct paper paper;
	char *text;

	assert_non_null(incident);
	if (!paper_read(incident, full, SAMPLE_PAPER_US, &paper, &error))
		fail_msg("%s", error.text);
	json_decref(incident); /* it borrows nothing */
	text = written(&paper, form);
	paper_done(&paper);
	return text;
}

static json_t *sample(void) { return sample_incident(getenv("SEKISHO_SOURCE")); }

static void assert_says(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("'%s' is not in:\n%s", wanted, text);
}

static void assert_silent(const char *text, const char *unwanted)
{
	const char *at = strstr(text, unwanted);

	if (at)
		fail_msg("'%s' is in: %.300s", unwanted, at);
}

/* ---- as it was approved */

static char *expected_path(const char *name)
{
	static char path[PATH_MAX];

	snprintf(path, sizeof path, "%s/tests/unit/paper/%s", getenv("SEKISHO_SOURCE"), name);
	return path;
}

static char *read_file(const char *path)
{
	static char text[256 * 1024];
	FILE *from = fopen(path, "r");
	size_t n;

	if (!from)
		fail_msg("there is no %s", path);
	n = fread(text, 1, sizeof text - 1, from);
	fclose(from);
	text[n] = '\0';
	return text;
}

/* the page's style is that of all pages, and is left out */
static void cut_style(char *page)
{
	char *begin = strstr(page, "<style>"), *end = begin ? strstr(begin, "</style>") : NULL;

	if (end)
		memmove(begin, end, strlen(end) + 1);
}

static void write_expected(const char *path, const char *text)
{
	FILE *to = fopen(path, "w");

	assert_non_null(to);
	fputs(text, to);
	fclose(to);
}

static void is_as_it_was_approved(void **state)
{
	static const struct { const char *language, *name; enum form form; } cases[] = {
		{ "C", "en.txt", TEXT_FORM },   { "ja", "ja.txt", TEXT_FORM },   { "C", "en.html", HTML_FORM },
		{ "ja", "ja.html", HTML_FORM }, { "C", "en.json", JSON_FORM },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char *text;

		speak(cases[i].language);
		text = paper_on(sample(), false, cases[i].form);
		cut_style(text);
		if (getenv("SEKISHO_WRITE_EXPECTED"))
			write_expected(expected_path(cases[i].name), text);
		assert_string_equal(text, read_file(expected_path(cases[i].name)));
		free(text);
	}
	speak("C");
}

/* ---- other people's data */

static void hands_on_nobodys_data(void **state)
{
	static const char *const secrets[] = { "192.0.2.10", "192.0.2.200", "Home Provider", "Phone Provider", "64503", "taro", "carol" };

	for (enum form form = TEXT_FORM; form <= JSON_FORM; form++) {
		char *text = paper_on(sample(), false, form), *full = paper_on(sample(), true, form);

		for (size_t i = 0; i < sizeof secrets / sizeof *secrets; i++)
			assert_silent(text, secrets[i]);
		assert_says(text, "203.0.113.7"); /* the attacker's is told */
		assert_says(full, "192.0.2.10");
		assert_says(full, "Home Provider");
		assert_says(full, "carol(1000)");
		if (form != HTML_FORM) {
			assert_says(text, "[\u2026]");
			assert_silent(full, "[\u2026]");
		}
		free(text);
		free(full);
	}
}

static void leaves_out_addresses_however_they_are_written(void **state)
{
	static const struct { const char *text, *left; } cases[] = {
		{ "<bob@example.org>", "<[\u2026]>" },
		{ "bob+x=y@example.org, and more", "[\u2026], and more" },
		{ "from=<\"bob\"@example.org>.", "from=<[\u2026]>." },
		{ "b\u00fccher@example.org", "[\u2026]" },
		{ "HANAKO@Example.JP.", "HANAKO@Example.JP." },
		{ "of 'hanako@example.jp': \"bob@example.org\"", "of 'hanako@example.jp': [\u2026]" },
		{ "hanako@example.jp.evil.test", "[\u2026]" },
		{ "[192.0.2.10]:25", "[[\u2026]]:25" },
		{ "rip=192.0.2.10, lip=203.0.113.9", "[\u2026], lip=203.0.113.9" },
		{ "192.0.2.10/32", "[\u2026]" },
		{ "192.0.2.100", "192.0.2.100" },
		{ "at 10:20: no", "at 10:20: no" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *incident = sample();
		struct error error = { "" };
		struct paper paper;

		json_object_set_new(json_array_get(json_object_get(incident, "notes"), 0), "text", json_string(cases[i].text));
		assert_true(paper_read(incident, false, SAMPLE_PAPER_US, &paper, &error));
		assert_string_equal(paper.notes[0].text, cases[i].left);
		paper_done(&paper);
		json_decref(incident);
	}
}

/* ---- what an answer might hold */

static void stands_whatever_it_is_given(void **state)
{
	for (enum form form = TEXT_FORM; form <= JSON_FORM; form++)
		for (int full = 0; full < 2; full++) {
			char *text = paper_on(sample_incident_hostile(), full, form);

			assert_null(strchr(text, '\033'));
			assert_null(strchr(text, '\r'));
			assert_silent(text, "\xe2\x80\xae");
			if (form == HTML_FORM)
				assert_silent(text, "<script");
			if (form == JSON_FORM)
				json_decref(json_loads(text, 0, NULL));
			assert_true(strlen(text) < 16 * 1024 * 1024);
			free(text);
		}
}

static void says_what_it_does_not_know(void **state)
{
	char *text = paper_on(sample_incident_bare(), false, TEXT_FORM), *page = paper_on(sample_incident_bare(), false, HTML_FORM);

	assert_says(text, "How the password became known cannot be seen");
	assert_says(text, "No address is known.");
	assert_says(text, "No steps are kept with the incident.");
	assert_says(text, "Nobody: none of the attacker's mail left this server.");
	assert_silent(text, "bounced");
	assert_silent(page, "<svg");
	free(text);
	free(page);
}

static void is_no_paper_on_nothing(void **state)
{
	static const char *const answers[] = { "{}", "[]", "null", "7", "{\"id\":7}", "{\"account\":\"a\"}", "{\"id\":0,\"account\":\"a\"}" };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		json_t *incident = json_loads(answers[i], JSON_DECODE_ANY, NULL);
		struct error error = { "" };
		struct paper paper;

		assert_false(paper_read(incident, false, SAMPLE_PAPER_US, &paper, &error));
		assert_string_not_equal(error.text, "");
		paper_done(&paper);
		json_decref(incident);
	}
}

/* ---- the decision guide, and what follows from what was seen */

static void says_what_follows(void **state)
{
	static const struct { const char *change, *says, *silent; } cases[] = {
		{ "{\"opening\":\"guessed\"}", "wrong ones were tried on this account", "the password was known" },
		{ "{\"opening\":\"out_of_the_blue\"}", "the password was known", "The password was guessed" },
		{ "{\"same_source\":true}", "most likely malware", "The password was guessed" },
		{ "{\"mode\":\"observe\"}", "Stop sending from this account: nothing does so yet.", "Sending was stopped at once" },
		{ "{\"braked\":true,\"locked\":false}", "Decide whether these places are the owner's", "Sending was stopped at once" },
		{ "{\"state\":\"released\",\"closed\":\"2026-11-21T00:00:00+09:00\"}", "The incident was closed at", "The incident is not closed" },
		{ "{\"closure\":null}", "No proof of that is kept", "Dovecot" },
		{ "{\"passed\":null}", "Nobody: none of the", "What left this server" },
		{ "{\"reached\":{\"distinct\":5,\"complete\":false}}", "They are at least 5 different people", "They are 31" },
		{ "{\"sent\":null}", "Let through", "bounced (" },
		{ "{\"notes\":[{\"at\":\"2026-11-21T00:00:00Z\",\"who\":\"root(0)\",\"text\":\"released: a false alarm\"}]}",
		  "a false alarm, the mail was its owner's", "Change the password" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		json_t *incident = sample(), *change = json_loads(cases[i].change, 0, NULL);
		char *text, *line;

		json_object_update(incident, change);
		json_decref(change);
		text = paper_on(incident, false, TEXT_FORM);
		while ((line = strstr(text, "\n  "))) /* as it was before it was wrapped */
			memmove(line, line + 2 + strspn(line + 2, " ") - 1, strlen(line + 2 + strspn(line + 2, " ") - 1) + 1);
		assert_says(text, cases[i].says);
		assert_silent(text, cases[i].silent);
		free(text);
	}
}

static void says_when_it_cannot_be_written(void **state)
{
	struct error error = { "" };
	struct paper paper;
	json_t *incident = sample();
	FILE *full = fopen("/dev/full", "w");

	assert_true(paper_read(incident, false, SAMPLE_PAPER_US, &paper, &error));
	assert_false(paper_text(&paper, full, false, &error));
	assert_false(paper_html(&paper, full, &error));
	assert_false(paper_json(&paper, full, &error));
	assert_non_null(strstr(error.text, "could not be written"));
	fclose(full);
	paper_done(&paper);
	json_decref(incident);
}

static int in_english(void **state)
{
	speak("C");
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(is_as_it_was_approved),
		cmocka_unit_test(hands_on_nobodys_data),
		cmocka_unit_test(leaves_out_addresses_however_they_are_written),
		cmocka_unit_test(stands_whatever_it_is_given),
		cmocka_unit_test(says_what_it_does_not_know),
		cmocka_unit_test(is_no_paper_on_nothing),
		cmocka_unit_test(says_what_follows),
		cmocka_unit_test(says_when_it_cannot_be_written),
	};

	return cmocka_run_group_tests(tests, in_english, NULL);
}
