/* SPDX-License-Identifier: Apache-2.0 */
/* What the helper for passwords says of an audit, as it is read; each line of a helper that is not ours is refused. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "containment/auditing.h"

static void a_state_is_read(void **state)
{
	static const char *const bad[] = { "", "audit", "audit trying", "audit trying 1 2 3 4 5 6", "audit trying 1 2 3 4 5 6 ", "audit going 1 2 3 4 5 6 <>",
					   "audit trying -1 2 3 4 5 6 <>", "audit trying 1 2 3 4 5 6 <> ", "result trying 1 2 3 4 5 6 <>",
					   "audit trying 99999999999999999999 2 3 4 5 6 <>" };
	struct auditing_state read;

	assert_true(auditing_parse_state(TEXT("audit time_over 10000 12 13 30 400000 3600 <>"), &read));
	assert_int_equal(read.phase, AUDITING_TIME_OVER);
	assert_int_equal(read.accounts, 10000);
	assert_int_equal(read.guessable, 12);
	assert_int_equal(read.settled, 13);
	assert_int_equal(read.depth, 30);
	assert_int_equal(read.tries, 400000);
	assert_int_equal(read.seconds, 3600);
	assert_string_equal(read.error, "");
	assert_true(auditing_parse_state(TEXT("audit broken 0 0 0 0 0 0 <no%20room>"), &read));
	assert_string_equal(read.error, "no room");
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (auditing_parse_state(text_of(bad[i]), &read))
			fail_msg("'%s' is taken", bad[i]);
}

static void a_result_is_read(void **state)
{
	static const char *const bad[] = { "", "result", "result <a> open - - ", "result <a> open - -", "result a open - - 0", "result <> open - - 0",
					   "result <a> none - - 0", "result <a> open what - 0", "result <a> open - x 0", "result <a> open - - 0 0" };
	struct auditing_result read;

	assert_true(auditing_parse_result(TEXT("result <taro@example.jp> guessable of_address sco 0"), &read));
	assert_string_equal(read.account, "taro@example.jp");
	assert_int_equal(read.found, AUDITING_GUESSABLE);
	assert_int_equal(read.fault, PASSWORD_OF_ADDRESS);
	assert_true(read.shared && read.clear && read.old_scheme);
	assert_true(auditing_parse_result(TEXT("result <taro> open - - 200"), &read));
	assert_int_equal(read.found, AUDITING_OPEN);
	assert_int_equal(read.tried, 200);
	assert_false(read.shared || read.clear || read.old_scheme);
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		if (auditing_parse_result(text_of(bad[i]), &read))
			fail_msg("'%s' is taken", bad[i]);
}

/* ---- over a socket: one answer for each connection */

struct helper {
	char folder[64], path[96];
	int listener;
	const char *answer;
	char asked[512];
	pthread_t thread;
};

static void *serve(void *context)
{
	struct helper *helper = context;
	int fd = accept(helper->listener, NULL, NULL);
	ssize_t n = recv(fd, helper->asked, sizeof helper->asked - 1, 0), sent = send(fd, helper->answer, strlen(helper->answer), MSG_NOSIGNAL);

	helper->asked[n > 0 && sent > 0 ? n : 0] = '\0';
	close(fd);
	return NULL;
}

static void begin(struct helper *helper, const char *answer)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };

	*helper = (struct helper){ .folder = "/tmp/sekisho-auditing-XXXXXX", .answer = answer };
	assert_non_null(mkdtemp(helper->folder));
	snprintf(helper->path, sizeof helper->path, "%s/socket", helper->folder);
	text_copy(where.sun_path, sizeof where.sun_path, text_of(helper->path));
	helper->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_int_equal(bind(helper->listener, (const struct sockaddr *)&where, sizeof where), 0);
	assert_int_equal(listen(helper->listener, 1), 0);
	assert_int_equal(pthread_create(&helper->thread, NULL, serve, helper), 0);
}

static void end(struct helper *helper)
{
	pthread_join(helper->thread, NULL);
	close(helper->listener);
	unlink(helper->path);
	rmdir(helper->folder);
}

static void an_audit_is_asked_for_in_one_line(void **state)
{
	const struct auditing_order order = { .cores = 2, .seconds = 3600, .domain = "example.jp" };
	struct auditing_state told;
	struct error error;
	struct helper helper;

	begin(&helper, "audit reading 0 0 0 0 0 0 <>\n");
	assert_true(auditing_start(helper.path, &order, &told, &error));
	end(&helper);
	assert_string_equal(helper.asked, "audit-start 2 3600 0 <example.jp> <>\n");
	assert_int_equal(told.phase, AUDITING_READING);
}

static void what_is_refused_is_said(void **state)
{
	static const struct {
		const char *answer, *says;
	} table[] = {
		{ "no - failed <another%20audit%20is%20running>\n", "another audit is running" },
		{ "ok - here\n", "the helper for passwords says what is not understood; is it of another version?" },
		{ "no - cannot <no%20verb>\n", "no verb" },
	};
	struct auditing_state told;
	struct error error;
	struct helper helper;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		begin(&helper, table[i].answer);
		assert_false(auditing_look(helper.path, &told, &error));
		end(&helper);
		assert_string_equal(error.text, table[i].says);
	}
	assert_false(auditing_look("/nowhere/socket", &told, &error));
	assert_non_null(strstr(error.text, "/nowhere/socket"));
}

static void count_one(void *context, const struct auditing_result *result) { ++*(size_t *)context; }

static void results_are_whole_or_refused(void **state)
{
	struct error error;
	struct helper helper;
	size_t count = 0;

	begin(&helper, "result <a> open - - 10\nresult <b> unread - - 0\nend\n");
	assert_true(auditing_results(helper.path, count_one, &count, &error));
	end(&helper);
	assert_int_equal(count, 2);
	begin(&helper, "result <a> open - - 10\n");
	assert_false(auditing_results(helper.path, count_one, &count, &error));
	end(&helper);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_state_is_read),
		cmocka_unit_test(a_result_is_read),
		cmocka_unit_test(an_audit_is_asked_for_in_one_line),
		cmocka_unit_test(what_is_refused_is_said),
		cmocka_unit_test(results_are_whole_or_refused),
	};

	return cmocka_run_group_tests_name("auditing", tests, NULL, NULL);
}
