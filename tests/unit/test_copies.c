/* SPDX-License-Identifier: Apache-2.0 */
/* Which message is a copy of which: content filters, list servers, two hosts, Sieve. tests/unit/life_story.h is the language. */
#include "life_story.h"

#include "intake/life_held.h"

static void content_filters(void **state)
{
	static const struct story stories[] = {
		{ "sent back in: known by its Message-ID; the hand-over is no delivery", NAMED BACK_IN("B") "sent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "the copy is still in the queue", NAMED BACK_IN("B") "sent A c@d\ngone A\n", LOGIN SUBMIT(1, 1) "left B 1 " ALICE " 1\n" },
		{ "known by the queue id that the filter names",
		  QUEUED("A", 1) "came B 127.0.0.1\ncontinues B A\ncontinues B B\ncontinues C unknown\nqueued B " ALICE " 1\nsent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "handed in through sendmail", NAMED "local B 110\nnamed B m1@x\nqueued B " ALICE " 1\nsent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE "uid 110: 0 to 0, 0 bounced\n" },
		{ "it was away at first, and what was deferred to it is no longer", NAMED "deferred A c@d\n" BACK_IN("B") "sent A c@d\ngone A\ndeferred B c@d\nbounced B c@d\ngone B\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "deferred, other\n" OUTCOME(1) "deferred, other, again\n" OUTCOME(1) "bounced, unknown user, again\n" },
		{ "requeued by hand: it goes on under another id", QUEUED("A", 2) "deferred A c@d\nsent A e@f\nlocal B 0\ncontinues B A\ngone A\nqueued B " ALICE " 1\nbounced B c@d\ngone B\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "deferred, other\n" OUTCOME(1) "sent\n" OUTCOME(1) "bounced, unknown user, again\nuid 0: 0 to 0, 0 bounced\n" },
		{ "two filters, one after the other", NAMED BACK_IN("B") "sent A c@d\ngone A\n" BACK_IN("C") "sent B c@d\ngone B\nbounced C c@d\ngone C\n", COUNTED_ONCE },
		{ "two filters, and all three are in the queue at once", NAMED BACK_IN("B") BACK_IN("C") "sent B c@d\nsent A c@d\nbounced C c@d\ngone A\ngone B\ngone C\n", COUNTED_ONCE },
		{ "its domain was added, in capitals", "came A " OWNER " alice\nnamed A m1@x\nqueued A alice 1\n" BACK_AS("B", "alice@EXAMPLE.org") "sent A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "the copy's sender is told when the first is delivered and gone",
		  NAMED "came B 127.0.0.1\nnamed B m1@x\nsent A c@d\ngone A\nqueued B " ALICE " 1\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "the same, and it was no copy",
		  NAMED "came B 127.0.0.1\nnamed B m1@x\nsent A c@d\ngone A\nqueued B club-bounces@x 1\nbounced B c@d\ngone B\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nsender 127.0.0.1: 1 to 1, 1 bounced\n" },
		{ "it says under which queue id: then neither name nor number matter",
		  NAMED "came B 127.0.0.1\nnamed B other@x\nqueued B list@x 3\nhanded A B\nhanded A B\nhanded A Z\nsent A c@d\ngone A\nbounced B c@d\ngone B\n",
		  COUNTED_ONCE "sender 127.0.0.1: 0 to 0, 0 bounced\n" },
		{ "a queue id of a stranger's message is none of a filter's", NAMED "came B 198.51.100.5\nqueued B x@y 1\nhanded A B\nbounced A c@d\n", COUNTED_ONCE "left A 1 " ALICE " 0\n" },
		{ "on another machine", NAMED "came B 10.0.0.9\nnamed B m1@x\nqueued B " ALICE " 1\nhanded A B\nsent A c@d\ngone A\nbounced B c@d\ngone B\n",
		  COUNTED_ONCE "sender 10.0.0.9: 0 to 0, 0 bounced\n" },
		{ "what came from a third machine is none", NAMED "came B 10.0.0.8\nnamed B m1@x\nqueued B " ALICE " 1\nhanded A B\nbounced A c@d\ngone A\n",
		  COUNTED_ONCE "sender 10.0.0.8: 1 to 1, 0 bounced\n" },
		{ "the filter itself returns it", NAMED "bounced A c@d\ngone A\n", COUNTED_ONCE },
		{ "a stranger, or another account, with the same Message-ID continues nothing",
		  NAMED "came B 198.51.100.5\nnamed B m1@x\nqueued B x@y 1\ncame C 203.0.113.8 bob\nnamed C m1@x\nqueued C " BOB " 1\nbounced A c@d\ngone A\nsent C e@f\ngone C\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\n" OUTCOME(1) UNKNOWN "outcome 2 " BOB " 1x sent\n" },
		{ "in front of the queue, and the login is told before it was queued", "came A 127.0.0.1\nadopt A " OWNER " alice\nqueued A " ALICE " 1\nbounced A c@d\ngone A\n", COUNTED_ONCE },
		{ "in front of the queue, and the login is told after it", "came A 127.0.0.1\nqueued A " ALICE " 1\nadopt A " OWNER " alice\nadopt A 9.9.9.9 mallory\nbounced A c@d\ngone A\n",
		  COUNTED_ONCE "sender 127.0.0.1: 0 to 0, 0 bounced\n" },
		{ "in front of the queue, and the login is told after a first delivery (the filter named the client, XFORWARD)",
		  "came A " OWNER "\nqueued A " ALICE " 3\nsent A c@d\nadopt A " OWNER " alice\nbounced A e@f\ngone A\n",
		  LOGIN SUBMIT(1, 3) OUTCOME(1) UNKNOWN "forwarder forwarded: 0 to 0, 0 bounced\n" },
	};

	play(stories, COUNT(stories));
}

static void list_servers(void **state)
{
	static const struct story stories[] = {
		{ "copies for the members are no copies of a filter, however many", QUEUED("A", 2) "named A m1@x\nmailbox A sent club@lists.example.org\n" FOR_LIST("B", 50) FOR_LIST("C", 2)
		  FOR_LIST("D", 1) "bounced B e@f\nbounced C e@f\nsent D e@f\nbounced A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN "sender 127.0.0.1: 3 to 53, 2 bounced\n" },
		{ "nor through sendmail", QUEUED("A", 1) "named A m1@x\nlocal B 38\nnamed B m1@x\nqueued B club-bounces@x 50\nlocal C 38\nnamed C m1@x\nqueued C club-bounces@x 50\nbounced A c@d\ngone A\n",
		  COUNTED_ONCE "uid 38: 2 to 100, 0 bounced\n" },
		{ "nor where the list leaves the sender, for it has more recipients", NAMED "came B 127.0.0.1\nnamed B m1@x\nqueued B " ALICE " 40\nbounced A c@d\ngone A\nbounced B e@f\n",
		  COUNTED_ONCE "sender 127.0.0.1: 1 to 40, 1 bounced\n" },
		{ "a filter behind the list server names each copy", FOR_LIST("A", 50) FOR_LIST("B", 50) FOR_LIST("C", 50) "handed A C\nsent A e@f\nhanded B D\nsent B e@f\nbounced C e@f\n",
		  "sender 127.0.0.1: 2 to 100, 1 bounced\n" },
	};

	play(stories, COUNT(stories));
}

/* Two hosts, two logs read together: people submit at 1, and 2 sends to the world. */
#define OUT(id, sender, count) "host 2\ncame " id " 203.0.113.200\nnamed " id " m1@x\nqueued " id " " sender " " #count "\n"
#define HOME "host 1\n"
static void two_hosts(void **state)
{
	static const struct story stories[] = {
		{ "what the second says of a mail is said of the first one's", NAMED OUT("B", ALICE, 1) HOME "handed A B 203.0.113.201\nsent A c@d\ngone A\nhost 2\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "it takes it before its queue manager looks at it", NAMED "host 2\ncame B 203.0.113.200\nnamed B m1@x\n" HOME "handed A B 203.0.113.201\nsent A c@d\ngone A\nhost 2\nqueued B " ALICE " 1\nbounced B c@d\ngone B\n", COUNTED_ONCE },
		{ "behind a private address it is counted under no client", NAMED "host 2\ncame B 10.0.0.1\nnamed B m1@x\nqueued B " ALICE " 1\n" HOME "handed A B 10.0.0.2\nsent A c@d\ngone A\nhost 2\nbounced B c@d\ngone B\n",
		  COUNTED_ONCE "sender 10.0.0.1: 0 to 0, 0 bounced\n" },
		{ "in two parts, of which the second is named first",
		  QUEUED("A", 60) "named A m1@x\n" OUT("B", ALICE, 50) OUT("C", ALICE, 10) HOME "handed A C 203.0.113.201\nsent A c@d\nhanded A B 203.0.113.201\nsent A e@f\ngone A\nhost 2\nbounced B e@f\nsent C c@d\n",
		  LOGIN SUBMIT(1, 60) OUTCOME(1) UNKNOWN OUTCOME(1) "sent\nleft B 1 " ALICE " 49\nleft C 1 " ALICE " 9\n" },
		{ "a filter behind the second", NAMED OUT("B", ALICE, 1) HOME "handed A B 203.0.113.201\nsent A c@d\ngone A\nhost 2\n" BACK_IN("C") "sent B c@d\ngone B\nbounced C c@d\ngone C\n", COUNTED_ONCE },
		{ "the second's own bounce comes home: it is none from outside",
		  NAMED OUT("B", ALICE, 1) HOME "handed A B 203.0.113.201\nsent A c@d\ngone A\nhost 2\nbounced B c@d\nreturned B C\nnamed C b1@x\nqueued C <> 1\ngone B\n"
		  HOME "came D 203.0.113.201\nnamed D b1@x\nqueued D <> 1\nhost 2\nhanded C D 203.0.113.200\nsent C " ALICE "\ngone C\n" HOME "saved D " ALICE "\ngone D\n", COUNTED_ONCE },
		{ "whoever answers may name any queue id: not that of another's mail", NAMED "host 2\ncame B 203.0.113.200\nnamed B m2@x\nqueued B " BOB " 1\n" HOME "handed A B 198.51.100.5\nsent A c@d\ngone A\nhost 2\nbounced B c@d\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nforwarder forwarded: 1 to 1, 1 bounced\n" },
		{ "nor under the same name with another sender, or to more", NAMED OUT("B", BOB, 1) OUT("C", ALICE, 2) HOME "handed A B 198.51.100.5\nhanded A C 198.51.100.5\nsent A c@d\ngone A\n", LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\n" },
		{ "nor of mail with a login of its own", NAMED "host 2\ncame B 203.0.113.8 bob\nnamed B m1@x\nqueued B " ALICE " 1\n" HOME "handed A B 198.51.100.5\nsent A c@d\ngone A\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\nsubmit 2 " BOB " 203.0.113.8 to 1\n" OUTCOME(1) "sent\nleft B 2 " BOB " 1\n" },
	};

	play(stories, COUNT(stories));
}

#define BY_SIEVE(id) "local " id " 5000\nnamed " id " m1@x\nqueued " id " " ALICE " 1\n"
static void mailboxes_that_send_on(void **state)
{
	static const struct story stories[] = {
		{ "a Sieve script sends mail on under the name and the sender that it has: no filter's copy, once the mailbox has it",
		  NAMED BY_SIEVE("B") "saved A " BOB "\ngone A\nbounced B dead@elsewhere\ngone B\n", LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nuid 5000: 0 to 0, 0 bounced\nforwarder " BOB ": 1 to 1, 1 bounced\n" },
		{ "to two addresses", NAMED BY_SIEVE("B") BY_SIEVE("C") "saved A " BOB "\ngone A\nbounced B dead@elsewhere\nsent C living@elsewhere\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nuid 5000: 0 to 0, 0 bounced\nforwarder " BOB ": 2 to 2, 1 bounced\n" },
		{ "over SMTP", NAMED BACK_IN("B") "saved A " BOB "\ngone A\nbounced B dead@elsewhere\ngone B\n", LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nforwarder " BOB ": 1 to 1, 1 bounced\n" },
		{ "behind a filter, whose copy is one", NAMED BACK_IN("B") "handed A B\nsent A " BOB "\ngone A\n" BY_SIEVE("C") "saved B " BOB "\ngone B\nbounced C dead@elsewhere\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nuid 5000: 0 to 0, 0 bounced\nforwarder " BOB ": 1 to 1, 1 bounced\n" },
		{ "behind a filter, and the first is still in the queue", NAMED BACK_IN("B") BY_SIEVE("C") "saved B " BOB "\ngone B\nsent A " BOB "\ngone A\nbounced C dead@elsewhere\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nuid 5000: 0 to 0, 0 bounced\nforwarder " BOB ": 1 to 1, 1 bounced\n" },
		{ "of two mailboxes nobody knows which", QUEUED("A", 2) "named A m1@x\n" BY_SIEVE("B") "saved A " BOB "\nsaved A carol@example.org\ngone A\nbounced B dead@elsewhere\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "sent\n" OUTCOME(1) "sent\nuid 5000: 0 to 0, 0 bounced\nforwarder forwarded: 1 to 1, 1 bounced\n" },
	};

	play(stories, COUNT(stories));
}

#define BY_SENDMAIL(id) "local " id " 115\nnamed " id " m1@x\nqueued " id " " ALICE " 1\n"
#define FILTER "uid 115: 0 to 0, 0 bounced\n"
static void programs(void **state)
{
	static const struct story stories[] = {
		{ "a filter's copy is logged before the delivery to it", NAMED BY_SENDMAIL("B") "piped A c@d\ngone A\nbounced B c@d\ngone B\n", COUNTED_ONCE FILTER },
		{ "between that and the end", NAMED "piped A c@d\n" BY_SENDMAIL("B") "gone A\nbounced B c@d\ngone B\n", COUNTED_ONCE FILTER },
		{ "after the end", NAMED "piped A c@d\ngone A\nwait 60\n" BY_SENDMAIL("B") "bounced B c@d\ngone B\n", COUNTED_ONCE FILTER },
		{ "a copy for each recipient, and the first of them is through already",
		  QUEUED("A", 2) "named A m1@x\npiped A c@d\n" BY_SENDMAIL("B") "piped A e@f\ngone A\nsent B c@d\ngone B\n" BY_SENDMAIL("C") "bounced C e@f\ngone C\n",
		  LOGIN SUBMIT(1, 2) OUTCOME(1) "sent\n" OUTCOME(1) UNKNOWN FILTER },
		{ "a mailbox: it waits for a copy, and none comes", NAMED "piped A " BOB "\ngone A\nwait 100\ncame B 203.0.113.8 bob\nwait 100\ncame C 203.0.113.8 bob\n",
		  LOGIN SUBMIT(1, 1) "login 1x " BOB " 203.0.113.8\n" OUTCOME(1) "sent\n" },
		{ "none comes to the end of the log", NAMED "piped A " BOB "\ngone A\n", LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\n" },
		{ "another's message with this name is none, nor one that comes too late",
		  NAMED "piped A " BOB "\ngone A\nlocal B 115\nnamed B m1@x\nqueued B " BOB " 1\nwait 130\n" BY_SENDMAIL("C") "bounced C c@d\n",
		  LOGIN SUBMIT(1, 1) OUTCOME(1) "sent\nuid 115: 2 to 2, 1 bounced\n" },
		{ "its queue id is used again at once", NAMED "piped A " BOB "\ngone A\n" QUEUED("A", 1) "gone A\nwait 130\ncame B 203.0.113.8 bob\n",
		  LOGIN SUBMIT(1, 1) SUBMIT(2, 1) OUTCOME(1) "sent\nlogin 1x " BOB " 203.0.113.8\n" },
		{ "a bounce from outside is one, with a filter and without",
		  "came A 198.51.100.5\nnamed A b1@x\nqueued A <> 1\npiped A " ALICE "\ngone A\nlocal B 115\nnamed B b1@x\nqueued B <> 1\nmailbox B sent " ALICE "\ngone B\n"
		  "came C 198.51.100.5\nnamed C b2@x\nqueued C <> 1\npiped C " BOB "\ngone C\n", "bounce for " ALICE " from 198.51.100.5\nbounce for " BOB " from 198.51.100.5\n" FILTER },
		{ "a web script behind a filter counts once", "local A 33\nnamed A m1@x\nqueued A " ALICE " 1\npiped A c@d\ngone A\n" BY_SENDMAIL("B") "bounced B c@d\n",
		  "uid 33: 1 to 1, 1 bounced\n" FILTER },
	};

	play(stories, COUNT(stories));
}

static void what_waits_has_a_limit(void **state)
{
	struct room room;
	size_t before;

	open_room(&room);
	play_verbs(&room, NAMED);
	write_down(&room.sink);
	room.told[room.n = 0] = 0;
	for (size_t i = 0; i < LIFE_HELD_MAX; i++)
		play_verbs(&room, "piped A c@d\n");
	write_down(&room.sink);
	assert_string_equal(room.told, "");
	before = life_bytes(room.life);
	for (size_t i = 0; i < 10; i++)
		play_verbs(&room, "piped A c@d\n");
	assert_int_equal(life_bytes(room.life), before);
	assert_int_equal(room.sink.count + room.n / sizeof(OUTCOME(1) "sent"), 10);
	close_room(&room);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(content_filters),
		cmocka_unit_test(list_servers),
		cmocka_unit_test(two_hosts),
		cmocka_unit_test(mailboxes_that_send_on),
		cmocka_unit_test(programs),
		cmocka_unit_test(what_waits_has_a_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
