/* SPDX-License-Identifier: Apache-2.0 */
/* The queue's helper: what it takes for a request, what it reads in queue files, and the program itself on its socket. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <poll.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "helper/envelope.h"
#include "helper/mailqueue.h"
#include "helper/request.h"
#include "helper/server.h"
#include "helper/settings.h"
#include "queue_rig.h"

#define LONG_ID "4jXZlB0lrtz1cysj"
#define OTHER_ID "4jXZlC6pJ3z1d0Vm"

/* ---- requests */

static void only_sound_requests_are_taken(void **state)
{
	static const struct {
		struct text line;
		enum request_verb verb;
		const char *fault;
	} table[] = {
		{ TEXT("release " LONG_ID " 0"), REQUEST_RELEASE, NULL },
		{ TEXT("hold 0A1B2C3D4E 1795366102"), REQUEST_HOLD, NULL },
		{ TEXT("delete 0A1B2C 4294967295"), REQUEST_DELETE, NULL },
		{ TEXT("list"), REQUEST_LIST, NULL },
		{ TEXT("ping"), REQUEST_PING, NULL },
		{ TEXT(""), REQUEST_FAULTY, "verb" },
		{ TEXT("list "), REQUEST_FAULTY, "verb" },
		{ TEXT("ping now"), REQUEST_FAULTY, "verb" },
		{ TEXT("Release " LONG_ID " 0"), REQUEST_FAULTY, "verb" },
		{ TEXT("release"), REQUEST_FAULTY, "verb" },
		{ TEXT("release " LONG_ID), REQUEST_FAULTY, "id" },
		{ TEXT("release ALL 0"), REQUEST_FAULTY, "id" },
		{ TEXT("delete ALL"), REQUEST_FAULTY, "id" },
		{ TEXT("release -r 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release --------- 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release A;B 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release ../../../etc 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release 0a1b2c 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release 0A1B2 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release 0A1B2C3D4E\0 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release  0A1B2C3D4E 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release 0123456789012345678901234567890 0"), REQUEST_RELEASE, NULL },
		{ TEXT("release 01234567890123456789012345678901 0"), REQUEST_FAULTY, "id" },
		{ TEXT("release " LONG_ID " "), REQUEST_FAULTY, "time" },
		{ TEXT("release " LONG_ID " -1"), REQUEST_FAULTY, "time" },
		{ TEXT("release " LONG_ID " 1 "), REQUEST_FAULTY, "time" },
		{ TEXT("release " LONG_ID " 4294967296"), REQUEST_FAULTY, "time" },
		{ TEXT("release " LONG_ID " 0\r"), REQUEST_FAULTY, "time" },
	};

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		struct request request = request_parse(table[i].line);

		assert_int_equal(request.verb, table[i].verb);
		if (table[i].fault)
			assert_string_equal(request.fault, table[i].fault);
	}
}

static void a_request_keeps_id_and_time(void **state)
{
	struct request request = request_parse(TEXT("delete " LONG_ID " 1795366102"));

	assert_string_equal(request.id, LONG_ID);
	assert_int_equal(request.t_s, 1795366102);
}

/* ---- queue files */

static void the_head_of_a_queue_file_is_read(void **state)
{
	/* as Postfix 3.7 wrote it */
	static const char head[] = "C_            603             647               1               0             603"
				   "               0T\x11" "1795366102 107712A\x16" "create_time=1795366102A\x15rewrite_context=local"
				   "A\x1d" "sasl_username=a@provider.testS\x12taro@provider.testM\x00N\x04T\x02" "1 ";
	struct envelope envelope;

	assert_true(envelope_parse((struct text){ head, sizeof head - 1 }, &envelope));
	assert_int_equal(envelope.arrival_s, 1795366102);
	assert_int_equal(envelope.recipients, 1);
	assert_true(text_is(envelope.sender, TEXT("taro@provider.test")));
	assert_true(text_is(envelope.login, TEXT("a@provider.test")));
}

static void no_queue_file_is_known_as_such(void **state)
{
	static const struct text heads[] = {
		TEXT(""), TEXT("C"), TEXT("T"), TEXT("T\xff\xff\xff\xff\xff\xff"), TEXT("T\x7f" "1 1"), TEXT("T\x03" "x 1"),
		TEXT("T\x03" "-11"), TEXT("M\0T\x03" "1 1"), TEXT("T\x0c" "4294967296 1"),
	};
	struct envelope envelope;

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++)
		assert_false(envelope_parse(heads[i], &envelope));
}

static void a_message_is_told_from_a_later_one(void **state)
{
	/* came in from 1000 to 1500 s: a slow client */
	struct mailqueue_file file = { .place = MAILQUEUE_HOLD, .arrival_s = 1000, .file_s = 1500 };
	static const struct {
		int64_t t_s;
		bool same;
	} table[] = { { 0, true }, { 879, false }, { 880, true }, { 1000, true }, { 1300, true }, { 1620, true }, { 1621, false } };

	for (size_t i = 0; i < sizeof table / sizeof *table; i++)
		assert_int_equal(mailqueue_is_of(&file, table[i].t_s), table[i].same);
}

/* ---- settings */

static void settings_are_believed_only_from_their_owner(void **state)
{
	static const struct {
		const char *text;
		unsigned mode;
		const char *why; /* a part of it; NULL: sound */
	} table[] = {
		{ "user = 0\npostsuper = /bin/true\npostqueue = /bin/true\npostconf = /bin/true\n", 0644, NULL },
		{ "user = 0\n", 0664, "nobody else can write" },
		{ "user = 0\n", 0646, "nobody else can write" },
		{ "user = no such one\n", 0600, "no user 'no such one'" },
		{ "user = 4294967295\n", 0600, "no user '4294967295'" },
		{ "postsuper = postsuper\n", 0600, "no absolute path" },
		{ "postfix = \n", 0600, "no absolute path" },
		{ "shell = /bin/sh\n", 0600, "no setting is named 'shell'" },
		{ "user\n", 0600, "no 'name = value'" },
		{ "user = 0\npostconf = /nowhere/postconf\n", 0600, "/nowhere/postconf" },
		{ "user = 0\npostsuper = /tmp\n", 0600, "must be a program" },
	};
	struct settings settings;
	struct queue_rig rig;
	struct error error;
	char path[128];

	queue_rig_begin(&rig);
	snprintf(path, sizeof path, "%s/queue.conf", rig.folder);
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		queue_rig_write(&rig, "queue.conf", table[i].text, table[i].mode);
		assert_int_equal(settings_read(&settings, path, &error), !table[i].why);
		if (table[i].why && !strstr(error.text, table[i].why))
			fail_msg("'%s' does not say '%s'", error.text, table[i].why);
	}
	assert_false(settings_read(&settings, "/nowhere/queue.conf", &error));
	queue_rig_end(&rig);
}

/* ---- the program */

static int begin(void **state)
{
	static struct queue_rig rig;

	queue_rig_begin(&rig);
	queue_rig_start(&rig);
	*state = &rig;
	return 0;
}

static int end(void **state)
{
	queue_rig_end(*state);
	return 0;
}

static void expect(const struct queue_rig *rig, struct text said, const char *wanted)
{
	size_t lines = 0;
	char *heard;

	for (const char *c = wanted; *c; c++)
		lines += *c == '\n';
	heard = queue_rig_ask(rig, said, lines);
	assert_string_equal(heard, wanted);
	free(heard);
}

static void expect_said(const struct queue_rig *rig, const char *wanted)
{
	char *said = queue_rig_said(rig);

	assert_string_equal(said, wanted);
	free(said);
}

static void what_is_asked_is_done_in_order(void **state)
{
	struct queue_rig *rig = *state;

	queue_rig_put(rig, "hold", LONG_ID, 1000, "a@b");
	queue_rig_put(rig, "hold", "0A1B2C", 1000, "a@b");
	queue_rig_put(rig, "hold", "0A1B2D", 1000, "a@b");
	queue_rig_put(rig, "active", OTHER_ID, 1000, "a@b");
	queue_rig_put(rig, "deferred/2", "2A1B2E", 1000, "a@b");
	expect(rig,
	       TEXT("release " LONG_ID " 1000\nrelease 0A1B2C 0\nrelease 0FFFFF 0\ndelete 0A1B2D 1000\ndelete " OTHER_ID
		    " 1000\nhold " OTHER_ID " 0\nhold 2A1B2E 0\nping\n"),
	       "ok " LONG_ID " incoming\nok 0A1B2C incoming\nno 0FFFFF absent\nok 0A1B2D gone\nno " OTHER_ID
	       " not-held\nok " OTHER_ID " hold\nno 2A1B2E failed\nok - here\n");
	expect_said(rig, "postsuper -c /etc/postfix-test -H - [ " LONG_ID " 0A1B2C ]\n"
			 "postqueue -c /etc/postfix-test -i " LONG_ID "\npostqueue -c /etc/postfix-test -i 0A1B2C\n"
			 "postsuper -c /etc/postfix-test -d - hold [ 0A1B2D ]\n"
			 "postsuper -c /etc/postfix-test -h - [ " OTHER_ID " 2A1B2E ]\n");
}

static void an_id_that_is_used_again_is_left_alone(void **state)
{
	struct queue_rig *rig = *state;

	queue_rig_put(rig, "hold", "0A1B2C", 5000, "a@b");
	expect(rig, TEXT("release 0A1B2C 1000\ndelete 0A1B2C 1000\nhold 0A1B2C 9999\n"),
	       "no 0A1B2C other\nno 0A1B2C other\nno 0A1B2C other\n");
	expect_said(rig, "");
	assert_true(queue_rig_has(rig, "hold", "0A1B2C"));
	expect(rig, TEXT("delete 0A1B2C 5100\n"), "ok 0A1B2C gone\n");
}

static void nothing_can_be_injected(void **state)
{
	struct queue_rig *rig = *state;

	queue_rig_put(rig, "hold", "0A1B2C", 1000, "a@b");
	expect(rig,
	       TEXT("delete ALL 0\nrelease -r 0\nrelease A;B 0\nrelease 0A1B2C\0 0\nrelease 0A1B2C;reboot 0\n"
		    "delete ../hold/0A1B2C 0\ndelete $(id)AAAA 0\n\n\0\0\0\nexec /bin/sh 0\n"),
	       "no - id\nno - id\nno - id\nno - id\nno - id\nno - id\nno - id\nno - verb\nno - verb\nno - verb\n");
	expect_said(rig, "");
	assert_true(queue_rig_has(rig, "hold", "0A1B2C"));
}

static void a_line_without_end_is_cut_off(void **state)
{
	struct queue_rig *rig = *state;
	struct text line = { calloc(1, 1 << 20), 1 << 20 };
	char *heard;

	memset((char *)line.p, 'A', line.n);
	heard = queue_rig_ask(rig, line, SIZE_MAX); /* until it hangs up */
	assert_true(strcmp(heard, "no - line\n") == 0 || !*heard); /* what was unread may take the answer along */
	free(heard);
	free((char *)line.p);
	expect(rig, TEXT("ping\n"), "ok - here\n");
}

static void the_list_has_every_message(void **state)
{
	struct queue_rig *rig = *state;

	queue_rig_put(rig, "hold", "0A1B2C", 1000, "");
	queue_rig_put(rig, "deferred/2", "2A1B2C", 2000, "a <b>\n%@c");
	queue_rig_put(rig, "active", "not an id", 2000, "a@b");
	expect(rig, TEXT("list\n"),
	       "message 0A1B2C hold 1000 2 <taro@provider.test> <>\n"
	       "message 2A1B2C deferred 2000 2 <taro@provider.test> <a%20%3Cb%3E%0A%25@c>\nend\n");
}

static void what_is_still_coming_in_is_not_there_yet(void **state)
{
	struct queue_rig *rig = *state;
	char path[128];

	queue_rig_put(rig, "incoming", "0A1B2C", 1000, "a@b");
	snprintf(path, sizeof path, "%s/incoming/0A1B2C", rig->folder);
	chmod(path, 0600);
	expect(rig, TEXT("hold 0A1B2C 0\n"), "no 0A1B2C absent\n");
	expect_said(rig, "");
}

static void programs_that_fail_are_told(void **state)
{
	struct queue_rig *rig = *state;

	queue_rig_put(rig, "hold", "0A1B2C", 1000, "a@b");
	queue_rig_write(rig, "postsuper", "#!/bin/sh\nexit 1\n", 0755);
	expect(rig, TEXT("release 0A1B2C 0\ndelete 0A1B2C 0\n"), "no 0A1B2C failed\nno 0A1B2C failed\n");
}

static void many_cost_one_program(void **state)
{
	struct queue_rig *rig = *state;
	char *said = malloc(2500 * 32), *heard;
	size_t n = 0, calls = 0;

	for (unsigned i = 0; i < 2500; i++) {
		char id[32];

		snprintf(id, sizeof id, "%06X", i);
		queue_rig_put(rig, "hold", id, 1000, "a@b");
		n += (size_t)snprintf(said + n, 32, "delete %s 1000\n", id);
	}
	heard = queue_rig_ask(rig, (struct text){ said, n }, 2500);
	assert_int_equal(strncmp(heard, "ok 000000 gone\nok 000001 gone\n", 30), 0);
	assert_null(strstr(heard, "no "));
	free(heard);
	free(said);
	said = queue_rig_said(rig);
	for (const char *at = said; (at = strstr(at, "postsuper")); at++)
		calls++;
	assert_in_range(calls, 3, 30); /* as many as the lines that were there took */
	free(said);
}

static void sixteen_are_served_and_the_next_waits(void **state)
{
	struct queue_rig *rig = *state;
	struct pollfd answered = { .events = POLLIN };
	int silent[SERVER_CLIENTS_MAX];

	for (size_t i = 0; i < SERVER_CLIENTS_MAX; i++)
		silent[i] = queue_rig_dial(rig);
	answered.fd = queue_rig_dial(rig);
	assert_int_equal(write(answered.fd, "ping\n", 5), 5);
	assert_int_equal(poll(&answered, 1, 300), 0);
	close(silent[0]);
	assert_int_equal(poll(&answered, 1, 20000), 1);
	close(answered.fd);
	for (size_t i = 1; i < SERVER_CLIENTS_MAX; i++)
		close(silent[i]);
}

#define PROGRAM(test) cmocka_unit_test_setup_teardown(test, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_sound_requests_are_taken),
		cmocka_unit_test(a_request_keeps_id_and_time),
		cmocka_unit_test(the_head_of_a_queue_file_is_read),
		cmocka_unit_test(no_queue_file_is_known_as_such),
		cmocka_unit_test(a_message_is_told_from_a_later_one),
		cmocka_unit_test(settings_are_believed_only_from_their_owner),
		PROGRAM(what_is_asked_is_done_in_order),
		PROGRAM(an_id_that_is_used_again_is_left_alone),
		PROGRAM(nothing_can_be_injected),
		PROGRAM(a_line_without_end_is_cut_off),
		PROGRAM(the_list_has_every_message),
		PROGRAM(what_is_still_coming_in_is_not_there_yet),
		PROGRAM(programs_that_fail_are_told),
		PROGRAM(many_cost_one_program),
		PROGRAM(sixteen_are_served_and_the_next_waits),
	};

	signal(SIGPIPE, SIG_IGN);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
