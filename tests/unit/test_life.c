/* SPDX-License-Identifier: Apache-2.0 */
/* Stories of messages and logins: tests/unit/life_story.h is their language. */
#include "intake/life_logins.h"
#include "life_story.h"

static void a_message_from_queue_to_outcome(void **state)
{
	static const struct story stories[] = {
		{ "one is sent, one bounces", QUEUED("A", 2) "sent A c@d\nbounced A e@f\ngone A\n", LOGIN SUBMIT(1, 2) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN },
		{ "a login in any spelling", "came A " OWNER " Alice\nqueued A x@y 1\ngone A\ncame B " OWNER " ALICE@Example.ORG\n", LOGIN SUBMIT(1, 1) },
		{ "a connection dropped after RCPT counts nothing", "came A " OWNER " alice\nover\n", LOGIN },
		{ "the next try of the queue is no new message",
		  QUEUED("A", 1) "deferred A c@d\nqueued A " ALICE " 1\ndeferred A c@d\nqueued A " ALICE " 1\nsent A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\n" OUTCOME(1) "deferred, other, again\n" OUTCOME(1) "sent, again\n" },
		{ "deferred is forgotten once final", QUEUED("A", 2) "deferred A c@d\nbounced A e@f\nbounced A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "deferred, other\n" OUTCOME(1) UNKNOWN OUTCOME(1) "bounced, unknown user, again\n" },
		{ "given up after days", QUEUED("A", 3) "sent A c@d\ndeferred A e@f\ndeferred A g@h\nexpired A\nexpired A\ngone A\n",
		  LOGIN SUBMIT(1, 3) OUTCOME(1) "sent\n" OUTCOME(1) "deferred, other\n" OUTCOME(1) "deferred, other\noutcome 1 " ALICE " 2x bounced, other, again\n" },
		{ "turned away by a milter, after it had a queue id", "came A " OWNER " alice\nrefused A\n" QUEUED("A", 1), LOGIN SUBMIT(1, 1) "left A 1 " ALICE " 1\n" },
		{ "turned away after it was counted: nothing is left of it, whatever is said of its recipients", QUEUED("A", 1) "refused A\nbounced A c@d\n", LOGIN SUBMIT(1, 1) },
		{ "removed from the queue by hand", QUEUED("A", 50) "sent A c@d\ngone A\ngone A\n", LOGIN SUBMIT(1, 50) OUTCOME(1) "sent\n" },
		{ "still in the queue", QUEUED("A", 3) QUEUED("B", 1) "sent A c@d\nbounced A e@f\ndeferred A g@h\nsent B c@d\n",
		  LOGIN SUBMIT(1, 3) SUBMIT(2, 1) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN OUTCOME(1) "deferred, other\n" OUTCOME(2) "sent\nleft A 1 " ALICE " 1\nleft B 2 " ALICE " 0\n" },
		{ "a queue id is used again, and the end of its first life is not in the log",
		  QUEUED("17CCA8044", 1) "deferred 17CCA8044 c@d\ncame 17CCA8044 203.0.113.8 bob\nqueued 17CCA8044 " BOB " 1\nsent 17CCA8044 c@d\ngone 17CCA8044\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\nlogin 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\noutcome 2 " BOB " 1x sent\n" },
		{ "two hosts use the same queue id",
		  QUEUED("17CCA8044", 1) "host 2\ncame 17CCA8044 203.0.113.8 bob\nqueued 17CCA8044 " BOB " 1\nhost 1\nsent 17CCA8044 c@d\ngone 17CCA8044\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\n" OUTCOME(1) "sent\nleft 17CCA8044 2 " BOB " 1\n" },
		{ "the log begins in the middle", "sent A c@d\nqueued A " ALICE " 1\nbounced A c@d\nexpired A\nreturned A B\ngone A\n", "" },
		{ "a log without closing lines", QUEUED("A", 2) "closes A\ndeferred A c@d\nsent A c@d\nbounced A e@f\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "deferred, other\n" OUTCOME(1) "sent, again\n" OUTCOME(1) UNKNOWN },
		{ "a log without closing lines gives up", QUEUED("A", 1) "closes A\ndeferred A c@d\nexpired A\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\noutcome 1 " ALICE " 1x bounced, other, again\n" },
		{ "nobody said how many recipients: they are counted as they come", "came A " OWNER " alice\nqueued A " ALICE " 0\nsent A c@d\ndeferred A e@f\ndeferred A e@f\n",
		  LOGIN SUBMIT(1, 0) OUTCOME(1) "sent, unannounced\n" OUTCOME(1) "deferred, other, unannounced\n" OUTCOME(1) "deferred, other, again, unannounced\nleft A 1 " ALICE " 1\n" },
		{ "an id that is too long to be kept is still told apart",
		  "came aaaaaaaaaaaaaaaaaaaaaaaaaaaa1 " OWNER " alice\ncame aaaaaaaaaaaaaaaaaaaaaaaaaaaa2 " OWNER " alice\nqueued aaaaaaaaaaaaaaaaaaaaaaaaaaaa1 x@y 1\n",
		  LOGIN SUBMIT(1, 1) "left aaaaaaaaaaaaaaaaaaaaaaa 1 " ALICE " 1\n" },
	};

	play(stories, COUNT(stories));
}

static void logins(void **state)
{
	static const struct story stories[] = {
		{ "several messages of a session are one login", "came A " OWNER " alice\ncame B " OWNER " alice\n", LOGIN },
		{ "a session, and the next in the same process", "came A " OWNER " alice\nover\ncame B " OWNER " alice\n", LOGIN LOGIN },
		{ "the end of the first session is not in the log", "came A " OWNER " alice\ncame B 203.0.113.8 alice\n", LOGIN "login 1x " ALICE " 203.0.113.8\n" },
		{ "two processes, two hosts", "came A " OWNER " alice\npid 78\ncame B " OWNER " alice\nhost 2\ncame C " OWNER " alice\n", LOGIN LOGIN LOGIN },
		{ "told apart from its message", "session " OWNER " alice\ncame A " OWNER " alice\nover\nsession " OWNER " alice\n", LOGIN LOGIN },
		{ "told apart with each message of a session", "session " OWNER " alice\nsession " OWNER " alice\nsession " OWNER " bob\n", LOGIN "login 1x " BOB " " OWNER "\n" },
		{ "a failure names only accounts that exist", "failure " OWNER " alice\nfailure " OWNER "\ncame A " OWNER " alice\nfailure " OWNER " Alice\n",
		  SOMEBODY "failure 1x nobody " OWNER "\n" LOGIN "failure 1x " ALICE " " OWNER "\n" },
		{ "a failure told by backend and server counts once", "backend " OWNER " alice\nbackend " OWNER " alice\nwait 5\nfailure " OWNER " alice\nfailure " OWNER " alice\nfailure " OWNER " alice\n",
		  SOMEBODY SOMEBODY SOMEBODY },
		{ "also where the server names nobody", "backend " OWNER " alice\nbackend " OWNER " alice\nwait 5\nfailure " OWNER "\nfailure " OWNER "\nfailure " OWNER "\n",
		  SOMEBODY SOMEBODY "failure 1x nobody " OWNER "\n" },
		{ "also where the server speaks first", "failure " OWNER " alice\nwait 1\nbackend " OWNER " alice\nbackend " OWNER " alice\n", SOMEBODY SOMEBODY },
		{ "also where one of them adds the domain", "backend " OWNER " Alice@example.org\nfailure " OWNER " alice\n", SOMEBODY },
		{ "two names from one address are two failures", "backend " OWNER " alice\nfailure " OWNER " bob\n", SOMEBODY SOMEBODY },
		{ "the auth penalty delays the second telling", "backend " OWNER " alice\nwait 20\nfailure " OWNER " alice\n", SOMEBODY },
		{ "five minutes later it is another failure", "backend " OWNER " alice\nwait 300\nfailure " OWNER " alice\n",
		  SOMEBODY SOMEBODY },
		{ "from another address it is another failure", "backend " OWNER " alice\nfailure 198.51.100.9 alice\n",
		  SOMEBODY "failure 1x somebody 198.51.100.9\n" },
		{ "a webmail host, this machine, an unknown client say nothing of the place; this network does",
		  "came A 10.0.0.80 alice\nqueued A x@y 1\nsent A c@d\ngone A\ncame B ::1 alice\ncame C unknown alice\ncame D 10.0.0.81 alice\n",
		  "login 1x " ALICE " 10.0.0.80 (silent)\nsubmit 1 " ALICE " 10.0.0.80 to 1 (silent)\n" OUTCOME(1) "sent (silent)\nlogin 1x " ALICE " ::1 (silent)\n"
		  "login 1x " ALICE " unknown (silent)\nlogin 1x " ALICE " 10.0.0.81\n" },
	};

	play(stories, COUNT(stories));
}

static void bounces(void **state)
{
	static const struct story stories[] = {
		{ "our own, told before the queue manager speaks of it",
		  QUEUED("A", 1) "bounced A c@d\nreturned A B\nqueued B <> 1\ngone A\nmailbox B sent " ALICE "\ngone B\n", LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN },
		{ "our own, told after it", QUEUED("A", 1) "bounced A c@d\nqueued B <> 1\nreturned A B\nmailbox B sent " ALICE "\ngone B\ngone A\n", LOGIN SUBMIT(1, 1) OUTCOME(1) UNKNOWN },
		{ "our own, still in the queue", QUEUED("A", 1) "returned A B\nqueued B <> 1\ngone A\ndeferred B x@y\n", LOGIN SUBMIT(1, 1) },
		{ "from outside, once it is in a mailbox",
		  "came A 198.51.100.5\nqueued A <> 2\nmailbox A deferred Alice@example.org\nmailbox A sent Alice@example.org\nmailbox A bounced " BOB "\n",
		  "bounce for " ALICE " from 198.51.100.5\n" },
		{ "from outside, and sent on to elsewhere", "came A 198.51.100.5\nqueued A <> 1\nforward A sent alice@elsewhere.example " ALICE "\n", "" },
		{ "from outside, through a filter",
		  "came A 198.51.100.5\nnamed A b1@remote\nqueued A <> 1\ncame B 127.0.0.1\nnamed B b1@remote\nqueued B <> 1\nsent A " ALICE "\ngone A\nmailbox B sent " ALICE "\n",
		  "bounce for " ALICE " from 198.51.100.5\n" },
		{ "for a sender that was forged: it goes to whoever is named, and counts for who forged it",
		  "came A " OWNER " alice\nqueued A " BOB " 1\nsent A c@d\ngone A\ncame B 198.51.100.5\nqueued B <> 1\nmailbox B sent " BOB "\ngone B\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nbounce for " ALICE " from 198.51.100.5\n" },
		{ "mail from outside is none", "came A 198.51.100.5\nqueued A friend@example.com 1\nmailbox A sent " ALICE "\ngone A\n", "" },
	};

	play(stories, COUNT(stories));
}

static void mail_without_a_login(void **state)
{
	static const struct story stories[] = {
		{ "a web script is told by its uid", "local A 33\nqueued A www@x 3\nsent A c@d\nbounced A e@f\nlocal B 33\nqueued B www@x 1\nlocal C backup\nqueued C root@x 1\n",
		  "uid 33: 2 to 4, 1 bounced\nsender backup: 1 to 1, 0 bounced\n" },
		{ "a web script's mail expires", "local A 33\nqueued A www@x 2\nsent A c@d\ndeferred A e@f\nexpired A\n", "uid 33: 1 to 2, 1 bounced\n" },
		{ "a web script behind a filter counts once", "local A 33\nnamed A m1@x\nqueued A www@x 1\n" BACK_AS("B", "www@x") "sent A c@d\ngone A\nbounced B c@d\ngone B\n", "uid 33: 1 to 1, 1 bounced\n" },
		{ "a printer in this network", "came A 10.0.0.9\nqueued A p@x 2\nsent A c@d\nbounced A e@f\n", "sender 10.0.0.9: 1 to 2, 1 bounced\n" },
		{ "a printer behind a filter counts once", "came A 10.0.0.9\nnamed A m1@x\nqueued A p@x 1\n" BACK_AS("B", "p@x") "sent A c@d\ngone A\nbounced B c@d\ngone B\n",
		  "sender 10.0.0.9: 1 to 1, 1 bounced\n" },
		{ "a forwarder is told by its address, whatever SRS makes of the sender",
		  "came A 198.51.100.5\nqueued A SRS0=1sN3=5P=example.com=friend@relay 2\nforward A sent a@elsewhere " ALICE "\nforward A bounced a@other " ALICE "\n",
		  "forwarder " ALICE ": 1 to 2, 1 bounced\n" },
		{ "a forwarder behind a filter counts once",
		  "came A 198.51.100.5\nnamed A m1@x\nqueued A f@x 1\n" BACK_AS("B", "f@x") "sent A " ALICE "\ngone A\nforward B sent a@elsewhere " ALICE "\ngone B\n",
		  "forwarder " ALICE ": 1 to 1, 0 bounced\n" },
	};

	play(stories, COUNT(stories));
}

/* ---- what a line of verbs cannot say */

static void what_is_submitted_is_told_in_full(void **state)
{
	struct room room;
	uint64_t key;

	open_room(&room);
	play_verbs(&room, "came A " OWNER " alice\n");
	room.sink.count = 0;
	play_verbs(&room, "queued A forged@example.com 38\nsent A c@d\n");
	assert_int_equal(room.sink.count, 2);
	assert_int_equal(room.events[0].account, accounts_find(room.accounts, TEXT("alice"), &key));
	assert_int_equal(room.events[0].from, hash_text(HASH_FIXED, TEXT("forged@example.com")));
	assert_int_equal(room.events[0].t_us, room.line.t_us);
	assert_int_equal(room.events[0].protocol, PROTOCOL_SMTP);
	assert_int_equal(room.events[1].rcpt, hash_text(HASH_FIXED, TEXT("c@d")) | 1);
	close_room(&room);
}

static void logins_over_imap(void **state)
{
	struct room room;
	struct ip ip = ip_of(TEXT(OWNER));

	open_room(&room);
	life_login(room.life, &room.line, &(struct life_login){ .name = TEXT("bob"), .ip = ip, .protocol = PROTOCOL_IMAP, .attempts = 7 });
	assert_int_equal(accounts_count(room.accounts), 0);
	assert_int_equal(room.events[0].protocol, PROTOCOL_IMAP);
	life_login(room.life, &room.line, &(struct life_login){ .name = TEXT("bob"), .ip = ip, .protocol = PROTOCOL_IMAP, .ok = true });
	assert_int_equal(room.events[0].account_key, room.events[1].account_key);
	write_down(&room.sink);
	assert_string_equal(room.told, "failure 7x somebody " OWNER "\nlogin 1x " BOB " " OWNER "\n");
	close_room(&room);
}

static void a_name_that_is_none_never_becomes_an_account(void **state)
{
	static char endless[1000];
	static const struct text names[] = { { "", 0 }, { endless, sizeof endless } };
	struct room room;
	struct ip ip = ip_of(TEXT(OWNER));

	open_room(&room);
	memset(endless, 'a', sizeof endless);
	for (size_t i = 0; i < COUNT(names); i++) {
		struct message *message = life_open(room.life, &room.line, TEXT("A"));

		life_client(room.life, &room.line, message, TEXT("h"), &ip, names[i]);
		life_adopt(room.life, &room.line, life_open(room.life, &room.line, TEXT("B")), &ip, names[i]);
		life_session_login(room.life, &room.line, names[i], &ip);
		life_login(room.life, &room.line, &(struct life_login){ .name = names[i], .ip = ip, .ok = true });
		play_verbs(&room, "queued A x@y 1\nsent A c@d\nqueued B x@y 1\n");
	}
	write_down(&room.sink);
	assert_string_equal(room.told, "");
	assert_int_equal(accounts_count(room.accounts), 0);
	close_room(&room);
}

static void tells_who_is_logged_in(void **state)
{
	struct room room;
	struct ip ip;
	struct text name;

	open_room(&room);
	assert_false(life_session(room.life, &room.line, &name, &ip));
	play_verbs(&room, "session " OWNER " Alice\n");
	assert_true(life_session(room.life, &room.line, &name, &ip));
	assert_true(text_is(name, TEXT(ALICE)));
	play_verbs(&room, "pid 78\n");
	assert_false(life_session(room.life, &room.line, &name, &ip));
	play_verbs(&room, "pid 77\nover\n");
	assert_false(life_session(room.life, &room.line, &name, &ip));
	close_room(&room);
}

static void the_clocks_of_two_logs_differ(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, "backend " OWNER " alice\n");
	room.line.t_us -= SECOND_US;
	play_verbs(&room, "failure " OWNER " alice\n");
	write_down(&room.sink);
	assert_string_equal(room.told, SOMEBODY);
	close_room(&room);
}

/* a botnet tries two hundred names in one moment; the backend tells all of them before the server repeats any */
static void many_failures_at_once_count_once(void **state)
{
	struct life_logins *logins = life_logins_new();
	struct ip ip = ip_of(TEXT(OWNER));
	unsigned counted = 0;

	for (unsigned i = 0; i < 200; i++)
		counted += !life_logins_backend_told(logins, SECOND_US, &ip, hash_text(HASH_FIXED, (struct text){ (const char *)&i, sizeof i }));
	for (unsigned i = 0; i < 200; i++)
		counted += !life_logins_server_told(logins, 2 * SECOND_US, &ip, hash_text(HASH_FIXED, (struct text){ (const char *)&i, sizeof i }));
	assert_int_equal(counted, 200);
	life_logins_free(logins);
}

/* Exim writes a failure to its main log (1) and to its reject log (2); the same line twice in one log is two failures */
static void one_line_in_two_logs(void **state)
{
	static const struct { uint32_t source; bool heard; } lines[] = {
		{ 1, false }, { 2, true }, { 2, false }, { 1, true }, { 1, false }, { 1, false }, { 2, true }, { 2, true }, { 2, false },
	};
	struct room room;
	struct line other;

	open_room(&room);
	room.line.text = TEXT("plain authenticator failed for (x) [192.0.2.9]: 535 Incorrect authentication data");
	for (size_t i = 0; i < COUNT(lines); i++) {
		room.line.source = lines[i].source;
		assert_int_equal(life_heard_before(room.life, &room.line), lines[i].heard);
	}
	room.line.source = 1;
	other = room.line;
	other.text.n--;
	assert_false(life_heard_before(room.life, &other));
	other = room.line;
	other.t_us += SECOND_US;
	assert_false(life_heard_before(room.life, &other));
	close_room(&room);
}

/* ---- limits */

static bool known(struct room *room, const char *id)
{
	return life_known(room->life, &room->line, text_of(id)) != NULL;
}

static void nobody_is_kept_for_more_than_seven_days(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, QUEUED("A", 1));
	room.line.t_us += LIFE_DAYS_MAX * DAY_US - SECOND_US;
	play_verbs(&room, "came B " OWNER " alice\n");
	assert_true(known(&room, "A"));
	play_verbs(&room, "wait 2\ncame C " OWNER " alice\n");
	assert_false(known(&room, "A"));
	assert_true(known(&room, "B"));
	close_room(&room);
}

static void what_is_tried_again_stays_and_holds_no_others(void **state)
{
	struct room room;

	open_room(&room);
	play_verbs(&room, QUEUED("A", 1) "came B " OWNER " alice\n");
	for (int day = 0; day < 10; day++)
		play_verbs(&room, "wait 86400\ndeferred A c@d\ncame C " OWNER " alice\n");
	assert_true(known(&room, "A"));
	assert_false(known(&room, "B"));
	close_room(&room);
}

static void a_line_from_the_future_forgets_little(void **state)
{
	struct room room;
	char id[16];
	int still = 0;

	open_room(&room);
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof id, "Q%d", i);
		life_open(room.life, &room.line, text_of(id));
	}
	room.line.t_us = 253402300799 * SECOND_US;
	life_open(room.life, &room.line, TEXT("X"));
	room.line.t_us = 1000 * DAY_US;
	life_open(room.life, &room.line, TEXT("Y"));
	for (int i = 0; i < 100; i++) {
		snprintf(id, sizeof id, "Q%d", i);
		still += known(&room, id);
	}
	assert_in_range(still, 98, 100);
	close_room(&room);
}

static void of_a_million_in_flight_the_oldest_goes(void **state)
{
	struct room room;
	char id[16];

	open_room(&room);
	for (int i = 0; i < LIFE_MESSAGES_MAX; i++) {
		snprintf(id, sizeof id, "%X", i);
		life_open(room.life, &room.line, text_of(id));
	}
	assert_int_equal(life_forgotten(room.life), 0);
	life_open(room.life, &room.line, TEXT("one more"));
	assert_int_equal(life_forgotten(room.life), 1);
	assert_true(!known(&room, "0") && known(&room, "1") && known(&room, "one more"));
	assert_in_range(life_bytes(room.life), 100 * 1000 * 1000, 400 * 1000 * 1000);
	close_room(&room);
}

static void local_senders_have_a_limit(void **state)
{
	struct room room;
	const struct life_sender *senders;
	char verbs[128];

	open_room(&room);
	for (int i = 0; i < LIFE_SENDERS_MAX + 10; i++) {
		snprintf(verbs, sizeof verbs, "local Q user%d\nqueued Q a@b 1\nbounced Q c@d\ngone Q\n", i);
		play_verbs(&room, verbs);
	}
	play_verbs(&room, "local Q user7\nqueued Q a@b 2\n"); /* who is known goes on to be counted */
	assert_int_equal(life_senders(room.life, &senders), LIFE_SENDERS_MAX);
	assert_string_equal(senders[7].user, "user7");
	assert_int_equal(senders[7].recipients, 3);
	assert_int_equal(senders[LIFE_SENDERS_MAX - 1].bounced, 1);
	close_room(&room);
}

static void a_local_user_of_a_long_name(void **state)
{
	struct room room;
	const struct life_sender *senders;
	char user[1000];

	open_room(&room);
	memset(user, 'u', sizeof user);
	life_local(room.life, &room.line, life_open(room.life, &room.line, TEXT("A")), (struct text){ user, sizeof user });
	assert_int_equal(life_senders(room.life, &senders), 1);
	assert_int_equal(strlen(senders[0].user), sizeof senders[0].user - 1);
	close_room(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_from_queue_to_outcome),
		cmocka_unit_test(logins),
		cmocka_unit_test(bounces),
		cmocka_unit_test(mail_without_a_login),
		cmocka_unit_test(what_is_submitted_is_told_in_full),
		cmocka_unit_test(logins_over_imap),
		cmocka_unit_test(a_name_that_is_none_never_becomes_an_account),
		cmocka_unit_test(tells_who_is_logged_in),
		cmocka_unit_test(the_clocks_of_two_logs_differ),
		cmocka_unit_test(many_failures_at_once_count_once),
		cmocka_unit_test(one_line_in_two_logs),
		cmocka_unit_test(nobody_is_kept_for_more_than_seven_days),
		cmocka_unit_test(what_is_tried_again_stays_and_holds_no_others),
		cmocka_unit_test(a_line_from_the_future_forgets_little),
		cmocka_unit_test(of_a_million_in_flight_the_oldest_goes),
		cmocka_unit_test(local_senders_have_a_limit),
		cmocka_unit_test(a_local_user_of_a_long_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
