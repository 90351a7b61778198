/* SPDX-License-Identifier: Apache-2.0 */
/* Ways out: their settings, the webhook's signature, quiet hours, and how often somebody may ask. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>

#include "base/when.h"
#include "gate/turns.h"
#include "notice/quiet.h"
#include "notice/ways.h"

static void the_signature_is_an_hmac_that_others_can_make(void **state)
{
	char signature[WAYS_SIGNATURE_MAX];

	/* printf '1795176000.{}' | openssl dgst -sha256 -hmac secret */
	ways_sign(TEXT("secret"), 1795176000, TEXT("{}"), signature);
	assert_string_equal(signature, "a710a42e74b94b6cce7677d4751a844dfcbccb4a993893c3009da2da7e9a796e");
}

static void set(char **setting, const char *value)
{
	free(*setting);
	*setting = strdup(value);
}

static void settings_that_cannot_be_are_said(void **state)
{
	static const struct { const char *smtp, *hook, *from, *sendmail, *fault; } cases[] = {
		{ "", "", "", "", NULL },
		{ "smtp://mail.example.org:587", "", "a@example.org", "", NULL },
		{ "smtps://[2001:db8::1]:465", "", "a@example.org", "", NULL },
		{ "mail.example.org", "", "a@example.org", "", "notice_smtp" },
		{ "http://mail.example.org", "", "a@example.org", "", "notice_smtp" },
		{ "smtp://user:secret@mail.example.org", "", "a@example.org", "", "notice_smtp" },
		{ "", "https://hook.example.org/x", "", "", NULL },
		{ "", "http://127.0.0.1:8080/x", "", "", NULL },
		{ "", "http://hook.example.org/x", "", "", "notice_webhook" },
		{ "", "file:///etc/passwd", "", "", "notice_webhook" },
		{ "", "", "a b@example.org", "", "notice_from" },
		{ "", "", "a@example.org\nBcc: x@y.z", "", "notice_from" },
		{ "", "", "a@example.org", "sendmail", "notice_sendmail" },
		{ "", "", "a@example.org", "/usr/sbin/sendmail", NULL },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct error error = { "" };
		struct config config;
		bool good;

		config_init(&config);
		set(&config.notice_smtp, cases[i].smtp);
		set(&config.notice_webhook, cases[i].hook);
		set(&config.notice_webhook_key_file, "/key");
		set(&config.notice_from, cases[i].from);
		set(&config.notice_sendmail, cases[i].sendmail);
		good = ways_check(&config, &error);
		if (good != !cases[i].fault || (!good && !strstr(error.text, cases[i].fault)))
			fail_msg("case %zu: %s", i, error.text);
		config_done(&config);
	}
}

static void quiet_hours_also_go_over_midnight(void **state)
{
	static const struct { const char *span; int hour, minute; bool quiet; } cases[] = {
		{ "22:00-07:00", 21, 59, false }, { "22:00-07:00", 22, 0, true },  { "22:00-07:00", 3, 0, true },
		{ "22:00-07:00", 6, 59, true },	  { "22:00-07:00", 7, 0, false },  { "12:30-13:30", 12, 30, true },
		{ "12:30-13:30", 13, 30, false }, { "", 3, 0, false },		   { "05:00-05:00", 5, 0, false },
		{ "22:00 - 24:00", 23, 59, true }, { "22:00-24:00", 0, 0, false },
	};
	static const char *const faults[] = { "22-7", "22:00", "25:00-07:00", "22:60-07:00", "-", "22:00-7:0", "a:00-07:00" };
	struct quiet quiet;
	struct error error;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int64_t t_us = 1795132800 * SECOND_US + cases[i].hour * HOUR_US + cases[i].minute * MINUTE_US; /* a day's begin, UTC */

		assert_true(quiet_read(text_of(cases[i].span), &quiet, &error));
		if (quiet_is(&quiet, t_us, 0) != cases[i].quiet)
			fail_msg("%s at %d:%02d", cases[i].span, cases[i].hour, cases[i].minute);
		assert_int_equal(quiet_is(&quiet, t_us - 9 * HOUR_US, 9 * 3600), cases[i].quiet);
	}
	for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
		if (quiet_read(text_of(faults[i]), &quiet, &error))
			fail_msg("%s", faults[i]);
}

static void turns_are_given_out_by_the_hour(void **state)
{
	static struct turns turns;
	int64_t now_us = 1795176000 * SECOND_US;

	for (int i = 0; i < 3; i++)
		assert_true(turns_take(&turns, 77, 3, HOUR_US, now_us));
	assert_false(turns_take(&turns, 77, 3, HOUR_US, now_us + HOUR_US - 1));
	assert_true(turns_take(&turns, 78, 3, HOUR_US, now_us));
	assert_true(turns_take(&turns, 77, 3, HOUR_US, now_us + HOUR_US));
	assert_true(turns_take(&turns, 77, 3, HOUR_US, now_us - 1)); /* the clock was set back */
	for (uint64_t key = 1; key < 4 * TURNS_SLOTS; key++) /* a full table forgets the oldest, and refuses nobody */
		assert_true(turns_take(&turns, key * 0x9e3779b97f4a7c15ull, 3, HOUR_US, now_us + (int64_t)key));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_signature_is_an_hmac_that_others_can_make),
		cmocka_unit_test(settings_that_cannot_be_are_said),
		cmocka_unit_test(quiet_hours_also_go_over_midnight),
		cmocka_unit_test(turns_are_given_out_by_the_hour),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
