/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <jansson.h>
#include <locale.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "report/shell.h"
#include "report/show.h"
#include "report/terminal.h"
#include "report/utf8.h"
#include "sample_report.h"

#define COUNT(items) (sizeof(items) / sizeof *(items))

extern char **environ;

enum form { TEXT_PLAIN, TEXT_COLOUR, JSON, HTML };
typedef void make(struct report *report);

static char *written(const struct report *report, enum form form)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	bool good = form == JSON ? report_json(report, to, NULL)
		  : form == HTML ? report_html(report, to, NULL)
				 : report_text(report, to, form == TEXT_COLOUR, NULL);

	assert_true(good);
	fclose(to);
	assert_int_equal(strlen(text), size);
	return text;
}

static char *of(make *fill, enum form form)
{
	struct report report;
	char *text;

	fill(&report);
	text = written(&report, form);
	sample_report_done(&report);
	return text;
}

static void assert_says(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("'%s' is not in:\n%s", wanted, text);
}

static void assert_silent(const char *text, const char *unwanted)
{
	const char *at = strstr(text, unwanted);

	if (at)
		fail_msg("'%s' is in: %.200s", unwanted, at);
}

/* ---- text */

static void text_says_it_all(void **state)
{
	static const char *const wanted[] = {
		"1 account is hijacked.\n",
		"1 more is suspected.\n",
		"  info@example.jp  hijacked since 2024-03-04 11:41:19+09:00\n",
		"info@example.jp  hijacked  26.2 bits\n",
		"guessed: wrong passwords for this account, then the right one",
		"2024-03-04 11:41:19+09:00 to 14:36:42+09:00 (2 h 55 min)",
		"3,166 messages to 47,490 recipients",
		"33,127 sent, 12,104 bounced (26.8%), 2,259 still in the queue",
		"would have stopped it at 2024-03-04 12:01:26+09:00, after 3",
		"39 addresses in 10 countries, 10 networks",
		"203.0.113.135  NL       7       240  2024-03-04 12:12:49+09:00 to 13:37:45+09:00  attacker  AS64500 Example Servers B.V.\n",
		"  and 30 more\n",
		"     +7.4  logins from 3 countries that are new for this account within 9\n           minutes\n",
		"     -0.8  ",
		"     26.2  bits together\n",
		"What to do now\n",
		"What to expect\n",
		"'o'\\''brien.sales@shop.example.jp'",
		"Who guesses passwords\n",
		"192.0.2.0/24      RU       811     9,044",
		"spoofed, not hijacked: 1,204 bounces",
		"uid 33                 5,120       5,120    1,417  looks broken into\n",
		"12,104 (25.5%)  see above\n",
		"3 files, 1,460,349 lines, 222 MB, 1,288 accounts, in 0.8 s.",
		"99.9% of them were understood, 53 were",
		"The geo database is of 2022-10-28, 495 days before the end of the log",
		"Mend: location update",
		"! /var/log/mail.log.2.gz: the gzip data ends too early (77,012 lines were",
	};
	char *text = of(sample_report, TEXT_PLAIN);

	for (size_t i = 0; i < COUNT(wanted); i++)
		assert_says(text, wanted[i]);
	assert_null(strchr(text, '\033'));
	free(text);
}

/* postsuper -d was there first: nothing can be stopped any more, and nothing is said to be */
static void text_of_an_emptied_queue(void **state)
{
	struct report report;
	char *text;

	sample_report(&report);
	for (size_t i = 0; i < report.incident_count; i++)
		while (report.incidents[i].queue_id_count)
			free(report.incidents[i].queue_ids[--report.incidents[i].queue_id_count]);
	text = written(&report, TEXT_PLAIN);
	assert_says(text, "33,127 sent, 12,104 bounced (26.8%), the log does not say what\n                  became of 2,259\n");
	assert_silent(text, "it may still be in the queue");
	free(text);
	sample_report_done(&report);
}

/* …or only for some of it */
static void text_of_a_queue_that_was_half_emptied(void **state)
{
	struct report report;
	char *text;

	sample_report(&report);
	report.incidents[0].queued = 1000;
	text = written(&report, TEXT_PLAIN);
	assert_says(text, "33,127 sent, 12,104 bounced (26.8%), 1,000 still in the queue,\n                  the log does not say what became of 1,259\n");
	assert_says(text, "mail to 1,002 recipients");
	free(text);
	sample_report_done(&report);
}

static void text_of_nothing(void **state)
{
	struct report nothing = { .first_us = WHEN_NONE, .last_us = WHEN_NONE, .geo = { .made_us = WHEN_NONE } };
	char *text = of(sample_report_empty, TEXT_PLAIN);

	assert_true(strncmp(text, "No sign of a hijacked account in 48,211 lines.\n", 47) == 0);
	assert_says(text, "There is no geo database");
	assert_silent(text, "What to do");
	free(text);
	text = written(&nothing, TEXT_PLAIN);
	assert_says(text, "Nothing can be said");
	free(text);
	for (enum form form = JSON; form <= HTML; form++)
		free(written(&nothing, form));
}

/* prose keeps to the terminal; tables and commands are as wide as they are */
static void text_wraps(void **state)
{
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);
	struct terminal terminal;

	terminal_init(&terminal, to, false);
	terminal_pad(&terminal, 4);
	terminal_wrap(&terminal, 4, "送信キューに残っているメールを保留(hold)にして、これ以上出ていかないようにします。保留にしたメールは、消えません。"
				    " Some words in another script, and then one_that_is_longer_than_any_line_could_ever_be_and_goes_on_and_on_and_on_and_on");
	fclose(to);
	for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
		*end = '\0';
		assert_memory_equal(line, "    ", 4);
		assert_true(utf8_columns(line) <= 80 || strstr(line, "one_that"));
		assert_true(strncmp(line + 4, "、", 3) != 0 && strncmp(line + 4, "。", 3) != 0);
	}
	free(text);
}

static void grid_stands_straight(void **state)
{
	struct terminal terminal;
	struct grid grid;
	char *text = NULL;
	size_t size = 0;
	FILE *to = open_memstream(&text, &size);

	terminal_init(&terminal, to, false);
	grid_init(&grid, "lrl");
	for (size_t row = 0; row < GRID_ROWS_MAX + 2; row++) {
		grid_cell(&grid, "%s", row % 2 ? "日本語" : "abc");
		grid_cell(&grid, "%zu", row * row);
		grid_cell(&grid, "|");
	}
	grid_done(&grid, &terminal, 1);
	fclose(to);
	assert_says(text, "\n 日本語    1  |\n abc       4  |\n 日本語    9  |\n");
	assert_silent(text, "625"); /* rows beyond the table */
	free(text);
}

/* nothing but text and our own colours reaches the terminal */
static void text_disarms(void **state)
{
	char *text = of(sample_report_hostile, TEXT_COLOUR);
	struct utf8_step step;

	for (const char *at = text; *at; at += step.used) {
		utf8_step(at, &step);
		if (*at == '\033') {
			size_t n = strspn(at + 2, "0123456789;");

			assert_int_equal(at[1], '[');
			assert_int_equal(at[2 + n], 'm');
			assert_true(n <= 4);
			step.used = n + 3;
		} else if (*at != '\n') {
			assert_true(step.plain);
		}
	}
	assert_says(text, "\\x1b[31m<b>&'\"\\xff\\xe2\\x80\\xae");
	assert_says(text, "www…");
	assert_silent(text, "999999999999999999999");
	free(text);
}

/* ---- JSON */

static json_t *parsed(make *fill)
{
	char *text = of(fill, JSON);
	json_error_t why;
	json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &why);

	if (!root)
		fail_msg("%s in line %d of %s", why.text, why.line, text);
	free(text);
	return root;
}

/* each name on the way is a key, "0" the first of an array */
static const json_t *dig(const json_t *at, const char *way)
{
	char name[64];

	while (*way && at) {
		size_t n = strcspn(way, "/");

		snprintf(name, sizeof name, "%.*s", (int)n, way);
		at = json_is_array(at) ? json_array_get(at, (size_t)(name[0] - '0')) : json_object_get(at, name);
		way += n + (way[n] == '/');
	}
	return at;
}

static void json_keeps_the_contract(void **state)
{
	static const struct {
		const char *way, *types; /* s i r a o b n: any of them */
	} wanted[] = {
		{ "schema", "s" }, { "accounts", "i" }, { "hindsight", "s" }, { "geo/file", "s" }, { "geo/made", "s" }, { "geo/note", "s" },
		{ "input/files/0/path", "s" }, { "input/files/0/lines", "i" }, { "input/files/0/bytes", "i" }, { "input/files/0/unparsed", "i" },
		{ "input/files/0/error", "n" }, { "input/files/2/error", "s" }, { "input/lines", "i" }, { "input/bytes", "i" }, { "input/first", "s" }, { "input/last", "s" },
		{ "input/seconds", "r" }, { "input/foreign", "i" }, { "input/events", "i" },
		{ "incidents/0/account", "s" }, { "incidents/0/verdict", "s" }, { "incidents/0/bits", "r" }, { "incidents/0/opening", "s" },
		{ "incidents/0/began", "s" }, { "incidents/0/first_abuse", "s" }, { "incidents/0/last_abuse", "s" },
		{ "incidents/0/detected_at", "s" }, { "incidents/1/detected_at", "n" }, { "incidents/0/messages", "i" },
		{ "incidents/0/recipients", "i" }, { "incidents/0/sent", "i" }, { "incidents/0/bounced", "i" }, { "incidents/0/deferred", "i" },
		{ "incidents/0/unfinished", "i" }, { "incidents/0/queue_ids/0", "s" }, { "incidents/0/leaked_before_detection", "i" },
		{ "incidents/0/owner_messages", "i" }, { "incidents/0/returned", "i" }, { "incidents/0/same_source", "b" },
		{ "incidents/0/hindsight", "s" }, { "incidents/0/sources_omitted", "i" },
		{ "incidents/0/sources/0/ip", "s" }, { "incidents/0/sources/0/country", "s" }, { "incidents/0/sources/0/asn", "i" },
		{ "incidents/0/sources/0/network", "s" }, { "incidents/0/sources/0/logins", "i" }, { "incidents/0/sources/0/messages", "i" },
		{ "incidents/0/sources/0/first", "s" }, { "incidents/0/sources/0/last", "s" }, { "incidents/0/sources/0/familiar", "b" },
		{ "incidents/0/sources/0/whose", "s" }, { "incidents/0/evidence/0/signal", "s" }, { "incidents/0/evidence/0/bits", "r" },
		{ "incidents/0/evidence/0/at", "s" }, { "incidents/0/evidence/0/text", "s" }, { "incidents/0/advice/0", "s" },
		{ "guessing/0/ip", "s" }, { "guessing/0/country", "s" }, { "guessing/0/asn", "i" }, { "guessing/0/network", "s" },
		{ "guessing/1/country", "n" }, { "guessing/1/asn", "n" }, { "guessing/1/network", "n" }, { "guessing/1/opened", "a" },
		{ "guessing/0/accounts_tried", "i" }, { "guessing/0/attempts", "i" }, { "guessing/0/opened/0", "s" },
		{ "spoofed/0/account", "s" }, { "spoofed/0/bounces", "i" }, { "spoofed/0/first", "s" }, { "spoofed/0/last", "s" },
		{ "local_senders/0/user", "s" }, { "local_senders/1/uid", "i" }, { "local_senders/0/messages", "i" },
		{ "local_senders/0/recipients", "i" }, { "local_senders/0/bounced", "i" }, { "local_senders/0/verdict", "s" },
		{ "top_senders/0/account", "s" }, { "top_senders/0/messages", "i" }, { "top_senders/0/recipients", "i" },
	};
	json_t *root = parsed(sample_report);

	for (size_t i = 0; i < COUNT(wanted); i++) {
		const json_t *at = dig(root, wanted[i].way);
		char type = !at ? '?' : json_is_string(at) ? 's' : json_is_integer(at) ? 'i' : json_is_real(at) ? 'r'
			  : json_is_array(at) ? 'a' : json_is_boolean(at) ? 'b' : json_is_null(at) ? 'n' : 'o';

		if (!strchr(wanted[i].types, type))
			fail_msg("%s is '%c', not '%s'", wanted[i].way, type, wanted[i].types);
	}
	assert_string_equal(json_string_value(dig(root, "schema")), "sekisho.scan/1");
	assert_string_equal(json_string_value(dig(root, "incidents/0/verdict")), "hijacked");
	assert_string_equal(json_string_value(dig(root, "incidents/0/opening")), "guessed");
	assert_string_equal(json_string_value(dig(root, "incidents/0/began")), "2024-03-04T11:41:19+09:00");
	assert_string_equal(json_string_value(dig(root, "guessing/0/ip")), "192.0.2.0/24");
	assert_int_equal(json_array_size(dig(root, "incidents/0/queue_ids")), 204);
	assert_int_equal(json_array_size(dig(root, "incidents/0/sources")), 40);
	json_decref(root);
}

static void json_rounds_and_keeps_order(void **state)
{
	char *text = of(sample_report, JSON);

	assert_says(text, "\"bits\": 26.2,");
	assert_says(text, "\"bits\": -0.8,");
	assert_says(text, "\"seconds\": 0.84");
	assert_true(strstr(text, "\"input\"") < strstr(text, "\"incidents\""));
	assert_true(strstr(text, "\"incidents\"") < strstr(text, "\"guessing\""));
	free(text);
}

static void json_disarms(void **state)
{
	static const char name[] = "a\x7f\xc2\x9b" "31m\u2028\u200f\u202e\u2069\U000e0041\u00e9\u65e5@x";
	struct report report;
	char *text;
	json_t *root;

	sample_report(&report);
	report.spoofed[0].account = name;
	text = written(&report, JSON);
	assert_says(text, "\"a\\u007f\\u009b31m\\u2028\\u200f\\u202e\\u2069\\udb40\\udc41\u00e9\u65e5@x\"");
	root = json_loads(text, 0, NULL);
	assert_string_equal(json_string_value(dig(root, "spoofed/0/account")), name);
	json_decref(root);
	free(text);
	sample_report_done(&report);
}

static void json_is_utf8_whatever_comes(void **state)
{
	json_t *root = parsed(sample_report_hostile);

	assert_string_equal(json_string_value(dig(root, "incidents/0/sources/0/network")), "\033[31m<b>&'\"\\xff\xe2\x80\xae");
	assert_string_equal(json_string_value(dig(root, "spoofed/0/account")), "\033[2J\\x9b31m@\\xc3(");
	assert_string_equal(json_string_value(dig(root, "local_senders/0/user")), "99999999999999999999");
	assert_true(json_is_null(dig(root, "incidents/0/began")));
	assert_true(json_is_null(dig(root, "incidents/0/sources/0/ip")));
	json_decref(root);
}

/* ---- the page */

/* hands the text to the program; its exit status, or -1 where there is no such program */
static int run(char *const arguments[], const char *input, char *output, size_t size)
{
	int in[2], out[2], status;
	posix_spawn_file_actions_t actions;
	pid_t child;
	size_t n = 0;
	ssize_t got;

	if (access(arguments[0], X_OK) != 0)
		return -1;
	assert_int_equal(pipe2(in, O_CLOEXEC) | pipe2(out, O_CLOEXEC), 0);
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, in[0], 0);
	posix_spawn_file_actions_adddup2(&actions, out[1], 1);
	assert_int_equal(posix_spawn(&child, arguments[0], &actions, NULL, arguments, environ), 0);
	posix_spawn_file_actions_destroy(&actions);
	close(in[0]);
	close(out[1]);
	for (size_t at = 0, all = strlen(input); at < all; at += (size_t)got)
		if ((got = write(in[1], input + at, all - at)) <= 0)
			break;
	close(in[1]);
	while (n + 1 < size && (got = read(out[0], output + n, size - 1 - n)) > 0)
		n += (size_t)got;
	output[n] = '\0';
	close(out[0]);
	waitpid(child, &status, 0);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

static void page_is_well_formed(void **state)
{
	static make *const makes[] = { sample_report, sample_report_empty, sample_report_hostile };
	char *const arguments[] = { "/usr/bin/xmllint", "--noout", "--nonet", "-", NULL };
	char output[4096];

	for (size_t i = 0; i < COUNT(makes); i++) {
		char *page = of(makes[i], HTML);
		int status = run(arguments, page, output, sizeof output);

		free(page);
		if (status < 0)
			skip();
		assert_int_equal(status, 0);
	}
}

static void page_stands_alone(void **state)
{
	static const char *const unwanted[] = { "<script", "src=", "@import", "url(", "javascript:", "onerror=\"", "<b>&amp;'", "<img" };
	static make *const makes[] = { sample_report, sample_report_hostile };

	for (size_t i = 0; i < COUNT(makes); i++) {
		char *page = of(makes[i], HTML), *at;

		assert_says(page, "content=\"default-src 'none'; style-src 'unsafe-inline'; img-src data:\"/>");
		assert_says(page, "<html xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en\">");
		for (size_t k = 0; k < COUNT(unwanted); k++)
			if (strcmp(unwanted[k], "src=") != 0 || makes[i] != sample_report_hostile)
				assert_silent(page, unwanted[k]);
		/* the names of XML's dialects are no addresses that anything would be fetched from */
		for (at = page; (at = strstr(at, "http")); at++)
			assert_true(strncmp(at, "http://www.w3.org/", 18) == 0 || strncmp(at, "http-equiv=", 11) == 0);
		free(page);
	}
}

static void page_escapes(void **state)
{
	char *page = of(sample_report_hostile, HTML);

	assert_says(page, "&lt;img src=x onerror=alert(1)&gt;\\x1b]0;title\\x07");
	assert_says(page, "-rf &lt;script&gt;&#39;&quot;$(reboot)`\\@<wbr/>x");
	assert_says(page, "&lt;/td&gt;&lt;/table&gt;&amp;amp;");
	for (const char *at = page; *at; at++)
		assert_true(((unsigned char)*at >= 0x20 && *at != 0x7f) || *at == '\n');
	free(page);
}

static void page_has_plots(void **state)
{
	char *page = of(sample_report, HTML);

	assert_says(page, "class=\"plot time\" width=\"100%\" height=\"222\" role=\"img\" aria-label=\"Messages over time, ");
	assert_says(page, "class=\"plot bars\"");
	assert_says(page, "aria-label=\"What became of it: 33,127 (69.8%) sent, 12,104 (25.5%) bounced, 2,259 (4.8%) with no outcome yet\"");
	assert_says(page, "aria-label=\"Attacker&#39;s messages by country: Brazil 1,071; United States 830; ");
	assert_says(page, "<title>2024-03-04 11:40:00+09:00 to 11:50:00+09:00: 1 by the attacker, 0 by the owner</title>");
	assert_says(page, "class=\"guard\"");
	free(page);
}

/* ---- advice */

static char *advice_text(const struct report *report, const struct incident *incident, size_t *count)
{
	char *texts[ADVICE_MAX], *all = show_format("%s", "");

	*count = advice_for(report, incident, texts);
	assert_true(*count <= ADVICE_MAX);
	for (size_t i = 0; i < *count; i++) {
		char *longer = show_format("%s%s\n", all, texts[i]);

		assert_true(strlen(texts[i]) < ADVICE_TEXT_MAX && *texts[i]);
		free(texts[i]);
		free(all);
		all = longer;
	}
	return all;
}

static void advice_fits_the_server(void **state)
{
	static const struct {
		enum report_mta mta;
		bool dovecot;
		const char *wanted[6], *unwanted[3];
	} cases[] = {
		{ REPORT_POSTFIX, true,
		  { "postmap hash:/etc/postfix/sasl_access\nsystemctl restart postfix", "doveadm kick 'o'\\''brien.sales@shop.example.jp'",
		    "printf '%s\\n' 4TpX00Yz0 4TpX01Yz1 | postsuper -h -", "doveadm auth cache flush 'o'\\''brien.sales@shop.example.jp'",
		    "doveadm sieve list -u 'o'\\''brien" },
		  { "exim", "passwd -l" } },
		{ REPORT_EXIM, false,
		  { "printf '%s\\n' 'o'\\''brien.sales@shop.example.jp' >> /etc/exim4/locked_logins", "exim -Mf 4TpX00Yz0 4TpX01Yz1",
		    "exim -bt 'o'\\''brien" },
		  { "postfix", "doveadm", "postsuper" } },
		{ REPORT_SENDMAIL, false,
		  { "passwd -l 'o'\\''brien.sales'\n", "| xargs -I{} sendmail -Qhijacked -qI{}", "sendmail -bv 'o'\\''brien" },
		  { "postfix", "doveadm", "exim" } },
	};
	struct report report;
	size_t count;

	sample_report(&report);
	for (size_t i = 0; i < COUNT(cases); i++) {
		char *text;

		report.mta = cases[i].mta;
		report.dovecot = cases[i].dovecot;
		text = advice_text(&report, &report.incidents[1], &count);
		for (size_t k = 0; k < 6 && cases[i].wanted[k]; k++)
			assert_says(text, cases[i].wanted[k]);
		for (size_t k = 0; k < 3 && cases[i].unwanted[k]; k++)
			assert_silent(text, cases[i].unwanted[k]);
		free(text);
	}
	sample_report_done(&report);
}

static void advice_fits_the_case(void **state)
{
	struct report report;
	struct incident *incident;
	size_t count;
	char *text;

	sample_report(&report);
	incident = &report.incidents[0];
	text = advice_text(&report, incident, &count);
	assert_says(text, "select(.account == $a) | .queue_ids[]' |\n  postsuper -h -"); /* 204 ids are too many for a line */
	assert_says(text, "which need the same care: scan@example.jp.");
	assert_says(text, "from here only: Japan.");
	assert_silent(text, "Ask the owner");
	free(text);
	incident->verdict = INCIDENT_SUSPECTED;
	incident->same_source = true;
	incident->sources[0].familiar = true; /* at home in Brazil */
	report.guessing[0].opened_count = 1;
	text = advice_text(&report, incident, &count);
	assert_true(strncmp(text, "Ask the owner, by phone, whether this is theirs: 3,166 messages", 62) == 0);
	assert_true(strstr(text, "Clean the owner's computer") < strstr(text, "Set a new password"));
	assert_says(text, "The same network tries other accounts as well");
	assert_silent(text, "from here only");
	assert_silent(text, "the password is not the leak");
	free(text);
	report.guessing[0].opened_count = 2;
	sample_report_done(&report);
}

/* whatever is true at once, there is room for all of it */
static void advice_never_overflows(void **state)
{
	struct report report;
	size_t count;

	sample_report(&report);
	for (unsigned bits = 0; bits < 64; bits++) {
		struct incident *incident = &report.incidents[0];

		report.dovecot = bits & 1;
		report.mta = (enum report_mta)(bits % 3);
		incident->verdict = bits & 2 ? INCIDENT_HIJACKED : INCIDENT_SUSPECTED;
		incident->same_source = bits & 4;
		incident->messages = bits & 8 ? 0 : 3166;
		incident->opening = bits & 16 ? OPENING_SPRAYED : OPENING_BLUE;
		report.file_count = bits & 32 ? 0 : 3;
		free(advice_text(&report, incident, &count));
		assert_in_range(count, 5, ADVICE_MAX);
	}
	sample_report_done(&report);
}

static void shell_takes_names_as_they_are(void **state)
{
	static const char *const names[] = { "a@x", "o'brien", "-rf", "$(reboot)`id`\"\\", "a b;c&d|e>f", "\xff\x01z\n\tq'\\0", "日本@例", "" };
	char *const arguments[] = { "/bin/bash", NULL };

	for (size_t i = 0; i < COUNT(names); i++) {
		char *script = NULL, output[256];
		size_t size = 0;
		FILE *to = open_memstream(&script, &size);

		fputs("printf %s ", to);
		shell_word(to, names[i]);
		fclose(to);
		if (run(arguments, script, output, sizeof output) != -1)
			assert_string_equal(output, names[i]);
		for (const char *p = script; *p; p++)
			assert_true((unsigned char)*p >= 0x20);
		free(script);
	}
}

/* ---- small pieces */

static void shows_counts_and_shares(void **state)
{
	assert_string_equal(show_count(SHOWN, 0), "0");
	assert_string_equal(show_count(SHOWN, 999), "999");
	assert_string_equal(show_count(SHOWN, 1000), "1,000");
	assert_string_equal(show_count(SHOWN, UINT64_MAX), "18,446,744,073,709,551,615");
	assert_string_equal(show_bits(SHOWN, 17.149, true), "+17.1");
	assert_string_equal(show_bits(SHOWN, -0.04, true), "0.0");
	assert_string_equal(show_bits(SHOWN, 0.0 / 0.0, true), "0.0");
	assert_string_equal(show_share(SHOWN, 1, 0), "-");
	assert_string_equal(show_share(SHOWN, 0, 7), "0%");
	assert_string_equal(show_share(SHOWN, 7, 7), "100%");
	assert_string_equal(show_share(SHOWN, 9, 7), "100%");
	assert_string_equal(show_share(SHOWN, 1, 1000000), "0.1%");
	assert_string_equal(show_share(SHOWN, 999999, 1000000), "99.9%");
	assert_string_equal(show_bytes(SHOWN, 999), "999 B");
	assert_string_equal(show_bytes(SHOWN, 6200000), "6.2 MB");
	assert_string_equal(show_span(SHOWN, -1), "0 s");
	assert_string_equal(show_span(SHOWN, HOUR_US), "1 h");
	assert_string_equal(show_span(SHOWN, 3 * DAY_US), "3 days 0 h");
	assert_string_equal(show_span(SHOWN, 495 * DAY_US + HOUR_US), "495 days");
	assert_string_equal(show_time(SHOWN, WHEN_NONE), "unknown");
	assert_string_equal(show_range(SHOWN, WHEN_NONE, WHEN_NONE), "unknown");
}

static void shows_names(void **state)
{
	static const struct {
		const char *name;
		unsigned columns;
		const char *wanted;
	} cases[] = {
		{ "alice", 5, "alice" },         { "alice", 4, "ali…" },        { "日本語", 6, "日本語" },     { "日本語", 5, "日本…" },
		{ "日本語", 4, "日…" },          { "a\x1b", 9, "a\\x1b" },      { "\xc3", 9, "\\xc3" },        { "\xed\xa0\x80", 20, "\\xed\\xa0\\x80" },
		{ "\xc0\xaf", 9, "\\xc0\\xaf" }, { "\xf4\x90\x80\x80", 20, "\\xf4\\x90\\x80\\x80" },           { "é", 1, "é" },
		{ "\xe2\x80\xae", 20, "\\xe2\\x80\\xae" },                      { "", 3, "" },                 { NULL, 3, "" },
	};

	for (size_t i = 0; i < COUNT(cases); i++)
		assert_string_equal(show_name(SHOWN, cases[i].name, cases[i].columns), cases[i].wanted);
}

static void knows_countries(void **state)
{
	assert_string_equal(country_name("AD"), "Andorra");
	assert_string_equal(country_name("JP"), "Japan");
	assert_string_equal(country_name("ZW"), "Zimbabwe");
	assert_null(country_name("T1"));
	assert_string_equal(show_country(SHOWN, &(struct event_place){ { 'T', '1' }, 0 }), "T1");
	assert_string_equal(show_country(SHOWN, &(struct event_place){ { 0, 0 }, 0 }), "unknown country");
}

static void a_full_disk_is_said(void **state)
{
	struct report report;

	sample_report(&report);
	for (enum form form = TEXT_PLAIN; form <= HTML; form++) {
		FILE *full = fopen("/dev/full", "w");
		struct error error = { "" };

		if (!full)
			skip();
		assert_false(form == JSON   ? report_json(&report, full, &error)
			     : form == HTML ? report_html(&report, full, &error)
					    : report_text(&report, full, false, &error));
		assert_says(error.text, "the report could not be written: ");
		fclose(full);
	}
	sample_report_done(&report);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_says_it_all),        cmocka_unit_test(text_of_nothing),
		cmocka_unit_test(text_of_an_emptied_queue),
		cmocka_unit_test(text_of_a_queue_that_was_half_emptied),
		cmocka_unit_test(text_wraps),              cmocka_unit_test(grid_stands_straight),
		cmocka_unit_test(json_disarms),
		cmocka_unit_test(text_disarms),            cmocka_unit_test(json_keeps_the_contract),
		cmocka_unit_test(json_rounds_and_keeps_order), cmocka_unit_test(json_is_utf8_whatever_comes),
		cmocka_unit_test(page_is_well_formed),     cmocka_unit_test(page_stands_alone),
		cmocka_unit_test(page_escapes),            cmocka_unit_test(page_has_plots),
		cmocka_unit_test(advice_fits_the_server),  cmocka_unit_test(advice_fits_the_case),
		cmocka_unit_test(advice_never_overflows),  cmocka_unit_test(shell_takes_names_as_they_are),
		cmocka_unit_test(shows_counts_and_shares), cmocka_unit_test(shows_names),
		cmocka_unit_test(knows_countries),         cmocka_unit_test(a_full_disk_is_said),
	};

	setenv("TZ", "Asia/Tokyo", 1);
	unsetenv("LANGUAGE");
	setlocale(LC_ALL, "C.UTF-8");
	return cmocka_run_group_tests(tests, NULL, NULL);
}
