/* SPDX-License-Identifier: Apache-2.0 */
/* Logs as they grow: every line once, whatever becomes of the file meanwhile. */
#include "follow_story.h"

#include <spawn.h>
#include <sys/wait.h>

#include "intake/follow_place.h"

/* ---- stories of one file */

static const char *fresh_path(void)
{
	static char path[HELP_PATH_MAX];
	static unsigned number;
	char folder[32];

	snprintf(folder, sizeof folder, "log%u", number++);
	assert_int_equal(mkdir(help_path(folder), 0755), 0);
	snprintf(path, sizeof path, "%s/%s/mail.log", help_folder, folder);
	return path;
}

static bool play_alone(const char *verbs, int64_t again_us)
{
	struct tale tale;
	bool fine;

	begin_tale(&tale, fresh_path());
	tale.options.again_us = again_us;
	play(&tale, verbs);
	play(&tale, ".");
	fine = each_once(&tale);
	assert_string_equal(tale.trouble, "");
	end_tale(&tale);
	return fine;
}

static void stories(void **state)
{
	static const struct {
		const char *name, *verbs;
	} cases[] = {
		{ "lines come as they are written", "n G w1 . w3 . w2 w1" },
		{ "half a line waits for its rest", "n G w1 h . r . h h r w1 . w1 h" },
		{ "renamed, and the writer goes on in the old one", "n G w2 . m w2 . w1 n w3 . w1" },
		{ "renamed with half a line, which is finished there", "n G w2 . h m . r n w2" },
		{ "renamed twice before anybody looked", "n G w2 . w1 m n w2 m n w2" },
		{ "renamed by date, packed at once", "n G w2 . w1 d n w1 z w1 . d n w1 x . w1" },
		{ "cut off behind a copy", "n G w2 . c w2 . w1 c w1 . c c w1" },
		{ "cut off behind a copy, with what was not read yet", "n G w2 . w5 c w2 . w3 c w9" },
		{ "cut off behind a copy, and longer than before", "n G w2 . c w20 . c w21" },
		{ "written anew, with what was in it", "n G w3 . R n w2 . R n R n w1 m n w1" },
		{ "written anew while away", "n G w3 . S w1 R n w2 G . w1 m n w1" },
		{ "deleted", "n G w2 . w2 D w1 n w2 . w1" },
		{ "gone on where it was left", "n G w2 . S w3 G . w1" },
		{ "left in the middle of a line", "n G w2 h . S r w1 G . w1 h . S G r" },
		{ "left in mid-flight", "n G w1 . w100 K w100 K K w1" },
		{ "renamed while away", "n G w2 . S w1 m w1 n w2 G . w1" },
		{ "renamed many times while away", "n G w2 . S w1 m n w2 m n w2 m n m n w1 G . w1" },
		{ "renamed by date while away", "n G w2 . S w1 d n w2 d n w2 d n w1 G . w1 d n w1" },
		{ "packed while away", "n G w2 . S w1 m n w2 z G . w1" },
		{ "packed in three ways while away", "n G w2 . S w1 m n w2 z m n w1 x m n w1 s w1 G . w1" },
		{ "packed by date while away", "n G w2 . S w1 d n w2 z d n w1 s w1 G . w1" },
		{ "cut off while away", "n G w2 . S w1 c w2 G . w1" },
		{ "cut off while away, the copies packed", "n G w2 . S w1 c w2 z c w3 z w1 G . w1" },
		{ "cut off while away, all was read", "n G w2 . S c w2 G . w1" },
		{ "left while a packed one is read", "n G w2 . S w500 m n z w1 G K K . m n z w1" },
		{ "packed while it is read", "n G w2 . w900 m n z w2 K w1 . w1" },
		{ "empty where it was left", "n G w1 . m n S w2 m n w1 G . w1" },
		{ "empty where it was left, and cut off", "n G S w2 c w1 G . w1" },
		{ "not there yet where it was left", "n G w1 . m S n w2 m n w1 G . w1" },
		{ "left while the old one was still written to", "n G w1 . m w1 . S w1 n w1 G . w1" },
	};
	size_t failed = 0;

	for (size_t i = 0; i < COUNT(cases); i++) {
		bool fine = play_alone(cases[i].verbs, 0);

		if (!fine)
			print_error("%s: %s\n", cases[i].name, cases[i].verbs);
		failed += !fine;
	}
	assert_int_equal(failed, 0);
}

/* the next of a row of numbers that is the same every time */
static unsigned pick(uint64_t *seed, unsigned among)
{
	*seed = *seed * 6364136223846793005ull + 1442695040888963407ull;
	return (unsigned)(*seed >> 33) % among;
}

/* a story in which nothing is lost by its nature: no deletion, no line torn by a cut */
static void make_story(uint64_t seed, char *to, size_t room)
{
	static const char *const verbs[] = { "w1", "w3", "w40", "w700", ".", ".", "hr", "h.r", "mn", "mw2n", "c", "z", "x", "s", "K", "K", "S w2 G",
					     "S w2 mnG", "Rn", "S w1 Rn w1 G", "S w3 c w1 G", "S mn z w1 mn G" };
	size_t n = (size_t)snprintf(to, room, "n G w1 . ");

	for (unsigned i = 0; i < 14; i++)
		n += (size_t)snprintf(to + n, room - n, "%s ", verbs[pick(&seed, COUNT(verbs))]);
}

static void random_stories(void **state)
{
	char verbs[256];

	for (uint64_t seed = 1; seed <= 60; seed++) {
		make_story(seed, verbs, sizeof verbs);
		if (!play_alone(verbs, 0))
			fail_msg("seed %llu: %s", (unsigned long long)seed, verbs);
	}
}

static void late_writer(void **state)
{
	struct tale tale;

	begin_tale(&tale, fresh_path());
	play(&tale, "n G w2 . m");
	{
		int old = tale.writer;

		open_writer(&tale);
		tale.written += 1; /* the line that the old writer still writes comes first */
		play(&tale, "w2");
		assert_false(run_until(&tale, all_came, 700));
		assert_int_equal(tale.came, 2);
		tale.written -= 3;
		close(tale.writer);
		tale.writer = old;
		play(&tale, "w1");
		tale.written += 2;
		set_age(old, MINUTE_US);
	}
	play(&tale, ".");
	assert_true(each_once(&tale));
	end_tale(&tale);
}

/* ---- what was lost */

static void losses(void **state)
{
	struct tale tale;

	/* only what is younger is left */
	begin_tale(&tale, fresh_path());
	play(&tale, "n G w2 . S w1 D n w2 m n w1 z w1 G");
	assert_false(run_until(&tale, all_came, 300));
	assert_int_equal(tale.came, 6);
	assert_int_equal(tale.times[2], 0);
	assert_non_null(strstr(tale.trouble, "the oldest that is younger"));
	end_tale(&tale);

	/* another file of that name, older: it was read by nobody, and is not of now */
	begin_tale(&tale, fresh_path());
	play(&tale, "n G w2 . S D");
	tale.t_us -= HOUR_US;
	play(&tale, "n w2 G");
	assert_false(run_until(&tale, all_came, 300));
	play(&tale, "w1");
	assert_false(run_until(&tale, all_came, 300));
	assert_int_equal(tale.came, 3);
	assert_non_null(strstr(tale.trouble, "from now on"));
	end_tale(&tale);

	/* cut off without a copy: what was not read is lost, what comes is not */
	assert_true(play_alone("n G w2 . T w1 . w5 . T w9", 0));
	begin_tale(&tale, fresh_path());
	play(&tale, "n G w2 . S w1 T w1 G w1");
	assert_false(run_until(&tale, all_came, 300));
	assert_int_equal(tale.came, 4);
	assert_int_equal(tale.times[2], 0);
	assert_non_null(strstr(tale.trouble, "the oldest that is younger"));
	end_tale(&tale);
}

static void bad_places(void **state)
{
	static const char *const places[] = {
		"x", "file", "file 1 2 3", "file 1 2 3 4 5 6 7", "file 1 2 3 201 5 6", "file 1 2 3 G 5 6", "file 1 2 3 A 5 6", "file -1 2 3 4 5 6", "file 1 2 ffffffffffffffff 4 5 6", "file 1 2 11111111111111111 4 5 6",
		"journal", "journal ", "journal s=a b", "journal s=\x01", "file 1 2 3 4 5 ", " file 1 2 3 4 5 6",
	};
	struct follow_place place = { .inode = 77 };
	char longest[FOLLOW_PLACE_MAX + 8] = "journal ";
	struct tale tale;

	for (size_t i = 0; i < COUNT(places); i++)
		assert_false(follow_place_parse(text_of(places[i]), &place));
	memset(longest + 8, 'a', sizeof longest - 9);
	assert_false(follow_place_parse(text_of(longest), &place));
	assert_int_equal(place.inode, 77);

	begin_tale(&tale, fresh_path());
	play(&tale, "w3");
	tale.came = 3;
	snprintf(tale.place, sizeof tale.place, "file of another time");
	play(&tale, "G w1 .");
	assert_non_null(strstr(tale.trouble, "cannot be read"));
	assert_int_equal(tale.times[3], 1);
	assert_int_equal(tale.times[2], 0);
	end_tale(&tale);
}

/* ---- where to begin */

static void told_again(void **state)
{
	static const char *const ends[] = { "w1 . S G w1 .", "w1 . S w1 mn w1 G .", "w1 . S w1 mn z w1 G .", "w1 . S w1 c w1 G ." };
	struct tale tale;

	for (size_t i = 0; i < COUNT(ends); i++) {
		begin_tale(&tale, fresh_path());
		tale.options.again_us = 10 * SECOND_US;
		play(&tale, "n G w5000 .");
		play(&tale, ends[i]);
		assert_true(each_once(&tale));
		for (uint32_t k = 0; k < tale.written; k++)
			assert_int_equal(tale.again[k], k >= 5000 - 10 && k <= 5000);
		end_tale(&tale);
	}
	assert_true(play_alone("n G w20 . K w1 K K w3", 5 * SECOND_US));
	assert_true(play_alone("n G w200 . S w2 G K K . w1 mn z K w1", 100 * SECOND_US));
}

static void from_now_on(void **state)
{
	struct tale tale;

	begin_tale(&tale, fresh_path());
	play(&tale, "w5 h");
	tale.came = 5;
	play(&tale, "G r w1 .");
	assert_int_equal(tale.times[4], 0);
	assert_int_equal(tale.times[5], 1);
	assert_int_equal(tale.times[6], 1);
	end_tale(&tale);
}

/* the place of now, taken before what is there is imported */
static void place_of_now(void **state)
{
	struct tale tale;

	begin_tale(&tale, fresh_path());
	play(&tale, "w5");
	tale.came = 5;
	follow_place_now(tale.path, tale.place);
	play(&tale, "w2 mn w2 z G .");
	assert_int_equal(tale.times[4], 0);
	for (size_t i = 5; i < 9; i++)
		assert_int_equal(tale.times[i], 1);
	end_tale(&tale);

	begin_tale(&tale, fresh_path());
	tale.t_us = clock_now();
	follow_place_now(tale.path, tale.place);
	assert_true(tale.place[0]);
	play(&tale, "w2 mn w2 G .");
	assert_true(each_once(&tale));
	end_tale(&tale);
}

/* ---- trouble with files */

static void waited_for(void **state)
{
	const char *path = fresh_path();
	char *folder = memory_copy(path, strlen(path) - strlen("/mail.log"));
	struct tale tale;

	begin_tale(&tale, path);
	assert_int_equal(rmdir(folder), 0);
	play(&tale, "G");
	assert_false(run_until(&tale, NULL, 50));
	assert_non_null(strstr(tale.trouble, "No such file"));
	assert_ptr_equal(strstr(tale.trouble, "\n"), strrchr(tale.trouble, '\n')); /* once */
	assert_int_equal(mkdir(folder, 0755), 0);
	play(&tale, "w3 . w1");
	play(&tale, ".");
	assert_true(each_once(&tale));
	end_tale(&tale);
	free(folder);
}

static void no_files(void **state)
{
	struct tale tale;
	struct error error = { "" };
	const struct follow_handler handler = { on_event, on_named, on_trouble, &tale };

	begin_tale(&tale, fresh_path());
	tale.follow = follow_new(&tale.loop, tale.accounts, &tale.options, &handler);
	assert_false(follow_add(tale.follow, help_folder, TEXT_NONE, &error));
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_int_equal(mkfifo(help_path("fifo"), 0644), 0);
	assert_false(follow_add(tale.follow, help_path("fifo"), TEXT_NONE, &error));
	assert_false(follow_add(tale.follow, "journal:/nowhere", TEXT_NONE, &error));
	assert_non_null(strstr(error.text, "/nowhere"));
	for (int i = 0; i < FOLLOW_FILES_MAX; i++)
		assert_true(follow_add(tale.follow, tale.path, TEXT_NONE, &error));
	assert_false(follow_add(tale.follow, tale.path, TEXT_NONE, &error));
	assert_non_null(strstr(error.text, "more than 16"));
	assert_string_equal(tale.trouble, "");
	end_tale(&tale);
}

static void long_lines(void **state)
{
	char *bytes = memory_zero(300000, 1);
	struct tale tale;

	memset(bytes, 'x', 300000);
	begin_tale(&tale, fresh_path());
	play(&tale, "n G w1 .");
	for (size_t n = INPUT_LINE_MAX - 1; n <= INPUT_LINE_MAX + 1; n++) {
		bytes[n] = '\n';
		help_write_all(tale.writer, (struct text){ bytes, n + 1 });
		bytes[n] = 'x';
		play(&tale, "w1 .");
	}
	help_write_all(tale.writer, (struct text){ bytes, 300000 });
	assert_false(run_until(&tale, NULL, 50));
	play(&tale, "K");
	help_write_all(tale.writer, TEXT("\n"));
	play(&tale, "w1 . K w1 .");
	assert_true(each_once(&tale));
	end_tale(&tale);
	free(bytes);
}

static void a_burst(void **state)
{
	struct follow_tally tally;
	struct tale tale;

	begin_tale(&tale, fresh_path());
	play(&tale, "n G w1 . w100000 .");
	assert_true(each_once(&tale));
	follow_tally(tale.follow, &tally);
	assert_int_equal(tally.lines, 100001);
	assert_int_equal(tally.behind_bytes, 0);
	assert_int_equal(tally.last_us, tale.t_us - SECOND_US);
	assert_true(tale.most_bytes <= FOLLOW_TURN_BYTES + 256); /* and half a line of the turn before */
	assert_true(tale.turns >= tally.bytes / FOLLOW_TURN_BYTES);
	play(&tale, "S w5000 G");
	follow_tally(tale.follow, &tally);
	assert_true(tally.behind_bytes > 5000 * 100);
	play(&tale, ".");
	assert_true(each_once(&tale));
	end_tale(&tale);
}

/* ---- events */

#define AT(second) "2026-11-22T10:00:" #second "+00:00 mx postfix/"
#define CLIENT(id) "submission/smtpd[7]: " id ": client=a[203.0.113.7], sasl_method=PLAIN, sasl_username=alice@example.org\n"
#define NAMED(id) "cleanup[8]: " id ": message-id=<m1@x>\n"
#define QUEUED(id) "qmgr[9]: " id ": from=<alice@example.org>, size=1, nrcpt=1 (queue active)\n"
#define TO(id, relay, status) "smtp[10]: " id ": to=<b@example.net>, relay=" relay "[192.0.2.9]:25, delay=1, delays=0/0/0/1, dsn=5.1.1, status=" status "\n"
#define BOUNCED "bounced (host said: 550 5.1.1 User unknown)"
#define DEFERRED "deferred (host said: 450 4.7.1 Greylisted)"
#define LOOPBACK "10025/smtpd[7]: "

static void follow_texts(const char *before, const char *after, const char *wanted, const char *names)
{
	struct tale tale;

	begin_tale(&tale, fresh_path());
	tale.options.again_us = 5 * SECOND_US;
	play(&tale, "n G");
	help_write_all(tale.writer, text_of(before));
	assert_false(run_until(&tale, NULL, 30));
	play(&tale, "K");
	help_write_all(tale.writer, text_of(after));
	assert_false(run_until(&tale, NULL, 30));
	assert_string_equal(tale.told, wanted);
	assert_string_equal(tale.names, names);
	end_tale(&tale);
}

static void queue_ids(void **state)
{
	/* a filter's copy is told under the first one's id */
	follow_texts("", AT(01) CLIENT("AAAAA1") AT(01) NAMED("AAAAA1") AT(01) QUEUED("AAAAA1")
		     AT(02) LOOPBACK "BBBBB1: client=localhost[127.0.0.1]\n" AT(02) NAMED("BBBBB1") AT(02) QUEUED("BBBBB1")
		     AT(02) TO("AAAAA1", "127.0.0.1", "sent (250 2.0.0 Ok: queued as BBBBB1)") AT(03) TO("BBBBB1", "mx", BOUNCED),
		     "submit 1 AAAAA1 alice@example.org\nbounced 1 AAAAA1 alice@example.org\n", "AAAAA1 m1@x\nBBBBB1 m1@x\n");
	/* queued before the last start, and told of after */
	follow_texts(AT(01) CLIENT("AAAAA1") AT(01) QUEUED("AAAAA1") AT(20) "qmgr[9]: CCCCC1: removed\n",
		     AT(21) TO("AAAAA1", "mx", DEFERRED) AT(40) QUEUED("AAAAA1") AT(41) TO("AAAAA1", "mx", BOUNCED)
		     AT(42) "bounce[9]: AAAAA1: sender non-delivery notification: DDDDD1\n",
		     "submit 1 AAAAA1 alice@example.org\ndeferred 0 AAAAA1 \nbounced 0 again AAAAA1 \n", "");
	/* … expired */
	follow_texts(AT(01) CLIENT("AAAAA1") AT(01) QUEUED("AAAAA1") AT(20) "qmgr[9]: CCCCC1: removed\n",
		     AT(40) QUEUED("AAAAA1") AT(41) "qmgr[9]: AAAAA1: from=<alice@example.org>, status=expired, returned to sender\n",
		     "submit 1 AAAAA1 alice@example.org\nbounced 0 again AAAAA1 \n", "");
	/* … and sent back in by a filter only then: named by it, or by the answer */
	follow_texts(AT(01) CLIENT("AAAAA1") AT(01) QUEUED("AAAAA1") AT(20) "qmgr[9]: CCCCC1: removed\n",
		     AT(21) LOOPBACK "BBBBB1: client=localhost[127.0.0.1], orig_queue_id=AAAAA1, orig_client=a[203.0.113.7]\n"
		     AT(21) QUEUED("BBBBB1") AT(22) TO("BBBBB1", "mx", BOUNCED),
		     "submit 1 AAAAA1 alice@example.org\nbounced 0 AAAAA1 \n", "");
	follow_texts(AT(01) CLIENT("AAAAA1") AT(01) QUEUED("AAAAA1") AT(20) "qmgr[9]: CCCCC1: removed\n",
		     AT(21) LOOPBACK "BBBBB1: client=localhost[127.0.0.1]\n" AT(21) QUEUED("BBBBB1")
		     AT(21) "smtp[10]: AAAAA1: to=<b@example.net>, relay=127.0.0.1[127.0.0.1]:10024, delay=1, delays=0/0/0/1, dsn=2.0.0, status=sent (250 2.0.0 Ok: queued as BBBBB1)\n"
		     AT(22) TO("BBBBB1", "mx", BOUNCED), "submit 1 AAAAA1 alice@example.org\nbounced 0 AAAAA1 \n", "");
	/* what stands shortly before the place is told again, and known after */
	follow_texts(AT(01) CLIENT("AAAAA1") AT(01) QUEUED("AAAAA1"), AT(21) TO("AAAAA1", "mx", BOUNCED),
		     "submit 1 AAAAA1 alice@example.org\nsubmit 1 AAAAA1 alice@example.org (again)\nbounced 1 AAAAA1 alice@example.org\n", "");
}

/* what two logs say counts once */
static void two_logs(void **state)
{
	const struct follow_handler handler = { on_event, on_named, on_trouble, NULL };
	struct follow_handler own = handler;
	struct error error;
	struct tale tale;
	char line[256], other[HELP_PATH_MAX];

	begin_tale(&tale, fresh_path());
	snprintf(other, sizeof other, "%s-too", tale.path);
	own.context = &tale;
	tale.follow = follow_new(&tale.loop, tale.accounts, &tale.options, &own);
	assert_true(follow_add(tale.follow, tale.path, TEXT_NONE, &error));
	assert_true(follow_add(tale.follow, other, TEXT_NONE, &error));
	follow_start(tale.follow);
	for (int i = 0; i < 50; i++) {
		size_t n = make_line(&tale, line);
		int fd = open(other, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);

		help_write_all(fd, (struct text){ line, n });
		close(fd);
		write_line(&tale, SIZE_MAX);
		if (i % 7 == 0)
			run_until(&tale, all_came, 1000);
	}
	play(&tale, ".");
	assert_false(run_until(&tale, NULL, 50));
	assert_true(each_once(&tale));
	end_tale(&tale);
}

/* stamps without a year are of the one nearest to now, or to the last line; long after that of the last in which they are not
 * in the future */
static void no_year(void **state)
{
	static const struct {
		int days_ago, last_days_ago;
	} cases[] = { { 100, 0 }, { -20, 0 }, { 250, 300 }, { 160, 10 } };
	struct follow_tally tally;
	struct tale tale;

	for (size_t i = 0; i < COUNT(cases); i++) {
		time_t then = (time_t)(clock_now() / SECOND_US) - cases[i].days_ago * 86400;
		char stamp[32];
		struct tm tm;

		begin_tale(&tale, fresh_path());
		if (cases[i].last_days_ago)
			snprintf(tale.place, sizeof tale.place, "file 0 0 0 0 0 %llx", (unsigned long long)(clock_now() - cases[i].last_days_ago * DAY_US));
		play(&tale, "G n");
		strftime(stamp, sizeof stamp, "%b %e %H:%M:%S", localtime_r(&then, &tm));
		append(tale.told, "%s mx dovecot: imap-login: Login: user=<a>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1, session=<a>\n", stamp);
		help_write_all(tale.writer, text_of(tale.told));
		assert_false(run_until(&tale, NULL, 30));
		follow_tally(tale.follow, &tally);
		assert_int_equal(tally.lines, 1);
		assert_true(tally.last_us / SECOND_US - then <= 3700 && then - tally.last_us / SECOND_US <= 3700); /* summer time */
		end_tale(&tale);
	}
}

/* ---- the journal */

static const char remote[] = "/lib/systemd/systemd-journal-remote";

/* `count` logins go into the journal file, behind what it holds */
static void write_entries(struct tale *tale, const char *file, unsigned count)
{
	const char *export = help_path("export");
	char *const arguments[] = { (char *)remote, (char *)"-o", (char *)file, (char *)export, NULL };
	int fd = open(export, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), status;
	posix_spawn_file_actions_t quiet;
	pid_t pid;

	for (; count > 0; count--, tale->t_us += SECOND_US) {
		char text[512];
		int n = snprintf(text, sizeof text,
				 "__REALTIME_TIMESTAMP=%lld\n__MONOTONIC_TIMESTAMP=%lld\n_BOOT_ID=c5a4f4f5e5d34c9e8b1c0a6f7b1d2e3f\n"
				 "SYSLOG_FACILITY=2\nSYSLOG_IDENTIFIER=dovecot\n_HOSTNAME=mx\n"
				 "MESSAGE=imap-login: Login: user=<u%08u>, method=PLAIN, rip=203.0.113.7, lip=192.0.2.1, session=<a>\n\n",
				 (long long)tale->t_us, (long long)tale->t_us, tale->written++);

		help_write_all(fd, (struct text){ text, (size_t)n });
	}
	close(fd);
	posix_spawn_file_actions_init(&quiet);
	posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
	assert_int_equal(posix_spawn(&pid, remote, &quiet, NULL, arguments, (char *[]){ NULL }), 0);
	posix_spawn_file_actions_destroy(&quiet);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static void the_journal(void **state)
{
	char first[HELP_PATH_MAX], second[HELP_PATH_MAX], add[HELP_PATH_MAX + 16];
	struct tale tale;

	if (access(remote, X_OK) != 0) {
		print_message("  left out: there is no %s (package systemd-journal-remote)\n", remote);
		skip();
	}
	assert_int_equal(mkdir(help_path("journal"), 0755), 0);
	snprintf(add, sizeof add, "journal:%s", help_path("journal"));
	snprintf(first, sizeof first, "%s/a.journal", help_path("journal"));
	snprintf(second, sizeof second, "%s/b.journal", help_path("journal"));
	begin_tale(&tale, first);
	tale.add = add;
	tale.options.again_us = 10 * SECOND_US;
	write_entries(&tale, first, 1);
	tale.came = tale.times[0] = 1; /* it was there before */
	play(&tale, "G .");
	write_entries(&tale, first, 3);
	play(&tale, ".");
	write_entries(&tale, first, 2000);
	play(&tale, ". S");
	write_entries(&tale, first, 5);
	write_entries(&tale, second, 5);
	play(&tale, "G .");
	assert_int_equal(tale.again[2003 - 11], 0);
	for (size_t i = 2003 - 10; i <= 2003; i++)
		assert_int_equal(tale.again[i], 1);
	assert_int_equal(tale.again[2004], 0);
	play(&tale, "S");
	follow_place_now(add, tale.place);
	write_entries(&tale, second, 2);
	play(&tale, "G .");
	assert_true(each_once(&tale));
	assert_string_equal(tale.trouble, "");
	/* what it was left at is gone, and a cursor that is none */
	play(&tale, "S");
	assert_int_equal(unlink(second), 0);
	play(&tale, "G S");
	assert_non_null(strstr(tale.trouble, "is gone"));
	snprintf(tale.place, sizeof tale.place, "journal nonsense");
	play(&tale, "G");
	write_entries(&tale, first, 2);
	play(&tale, ".");
	assert_true(each_once(&tale));
	end_tale(&tale);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(stories),
		cmocka_unit_test(random_stories),
		cmocka_unit_test(late_writer),
		cmocka_unit_test(losses),
		cmocka_unit_test(bad_places),
		cmocka_unit_test(told_again),
		cmocka_unit_test(from_now_on),
		cmocka_unit_test(place_of_now),
		cmocka_unit_test(waited_for),
		cmocka_unit_test(no_files),
		cmocka_unit_test(long_lines),
		cmocka_unit_test(a_burst),
		cmocka_unit_test(queue_ids),
		cmocka_unit_test(two_logs),
		cmocka_unit_test(no_year),
		cmocka_unit_test(the_journal),
	};

	return cmocka_run_group_tests_name("follow", tests, help_setup, help_teardown);
}
