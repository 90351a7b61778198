/* SPDX-License-Identifier: Apache-2.0 */
/* The ledger alone: how many rows a second it takes for as long as it lasts, and how long it looks for one of them.
 *
 *   bench-ledger [-n rows] [-d days] [-f folder]
 *
 * Each row is a message of one of 200,000 accounts to one to three recipients, with a long queue id, and is given its
 * Message-ID of 32 bytes a hundred rows later. The rows lie evenly over the days. More are handed over as soon as fewer than
 * 100,000 wait, so what is measured is the writer. The queries are for random rows of all days, after as many others, with
 * the files in the kernel's cache as far as they fit.
 * Prints lines of `name value unit`. */
#include <dirent.h>
#include <fcntl.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/hash.h"
#include "base/memory.h"
#include "store/ledger.h"

enum { ACCOUNTS = 200 * 1000, LAG = 100, WAITING_MOST = 100 * 1000, TURN = 1000, QUERIES = 1000, MESSAGE_ID_BYTES = 32 };
#define FIRST_DAY_US (20000 * DAY_US) /* 2024-10-04 */

struct bench {
	uint64_t rows, days;
	char folder[4000];
};

/* ---- the world: everything follows from the number of the row */

static uint64_t chance(uint64_t row, uint64_t what) { return hash_pair(row + 1, what); }
static int64_t time_of(const struct bench *bench, uint64_t row)
{
	return FIRST_DAY_US + (int64_t)((double)row / (double)bench->rows * (double)bench->days * (double)DAY_US);
}

static char *base52(uint64_t value, int least, char *to)
{
	static const char digits[] = "0123456789BCDFGHJKLMNPQRSTVWXYZbcdfghjklmnpqrstvwxyz";
	char reversed[16];
	int n = 0;

	for (; value || n < least; value /= 52)
		reversed[n++] = digits[value % 52];
	while (n)
		*to++ = reversed[--n];
	return to;
}

/* as Postfix's enable_long_queue_ids makes it */
static struct text queue_id_of(const struct bench *bench, uint64_t row, char to[40])
{
	int64_t t_us = time_of(bench, row);
	char *end = base52((uint64_t)(t_us / SECOND_US), 6, to);

	end = base52((uint64_t)(t_us % SECOND_US), 4, end);
	*end++ = 'z';
	end = base52(row % 100000 + 1000000, 1, end);
	return text_between(to, end);
}

static struct text message_id_of(uint64_t row, char to[48])
{
	snprintf(to, 48, "%016llx@mail.example.jp", (unsigned long long)chance(row, 1));
	return text_head(text_of(to), MESSAGE_ID_BYTES);
}

static void add(struct ledger *ledger, const struct bench *bench, uint64_t row)
{
	unsigned account = (unsigned)(chance(row, 2) % ACCOUNTS), rcpts = 1 + (unsigned)(chance(row, 3) % 3);
	uint32_t address = (uint32_t)(0x0a000000 + account * 7);
	char id[40], name[64], session[64], texts[3][64], subject[64];
	struct text to[3];
	struct ledger_row r = { .t_us = time_of(bench, row), .queue_id = queue_id_of(bench, row, id), .country = "JP",
				.rcpts = to, .rcpt_texts = rcpts, .rcpt_count = rcpts, .size_bytes = 2000 + chance(row, 4) % 60000,
				.familiar = (uint8_t)(row % 4), .bits = (float)(chance(row, 5) % 800) / 100 };

	snprintf(name, sizeof name, "user%06u@example.jp", account);
	snprintf(session, sizeof session, "%llx.%06x.%05x.0", (unsigned long long)(r.t_us / SECOND_US), account,
		 (unsigned)(row & 0xfffff));
	snprintf(subject, sizeof subject, "Re: minutes of the meeting, part %llu", (unsigned long long)(row % 997));
	for (unsigned i = 0; i < rcpts; i++) {
		snprintf(texts[i], sizeof texts[i], "someone%llu@example.net", (unsigned long long)(chance(row, 6 + i) % 5000000));
		to[i] = text_of(texts[i]);
	}
	r.account = r.from = text_of(name);
	r.session = text_of(session);
	r.subject = text_of(subject);
	r.ip = (struct ip){ { [10] = 0xff, [11] = 0xff, [12] = (uint8_t)(address >> 24), [13] = (uint8_t)(address >> 16),
			      [14] = (uint8_t)(address >> 8), [15] = (uint8_t)address } };
	ledger_add(ledger, &r);
}

/* ---- measures */

static double cpu_of(int who)
{
	struct rusage usage;

	getrusage(who, &usage);
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) + (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

static void fail(const char *why)
{
	fprintf(stderr, "bench-ledger: %s\n", why);
	exit(1);
}

static void each_file(const char *folder, void (*each)(const char *path, uint64_t *sum), uint64_t *sum)
{
	DIR *dir = opendir(folder);
	struct dirent *there;
	char path[4400];

	while (dir && (there = readdir(dir))) {
		snprintf(path, sizeof path, "%s/%s", folder, there->d_name);
		if (there->d_type == DT_REG)
			each(path, sum);
	}
	if (dir)
		closedir(dir);
}

static void add_size(const char *path, uint64_t *sum)
{
	struct stat about;

	if (stat(path, &about) == 0)
		*sum += (uint64_t)about.st_size;
}

static void remove_file(const char *path, uint64_t *sum)
{
	*sum += unlink(path) == 0;
}

static void read_in(const char *path, uint64_t *sum)
{
	static char buffer[1 << 20];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = 1;

	for (; fd >= 0 && got > 0; *sum += got > 0 ? (uint64_t)got : 0)
		got = read(fd, buffer, sizeof buffer);
	if (fd >= 0)
		close(fd);
}

static void keep_pace(struct ledger *ledger)
{
	struct ledger_state state;

	for (ledger_state(ledger, &state); state.waiting > WAITING_MOST; ledger_state(ledger, &state))
		nanosleep(&(struct timespec){ .tv_nsec = 1000 * 1000 }, NULL);
	if (state.failing)
		fail(state.why);
}

static void measure_writing(const struct bench *bench)
{
	struct ledger_retention retention = { 90, 90, 90 };
	struct error error;
	struct ledger *ledger = ledger_open(bench->folder, &retention, &error);
	double cpu = cpu_of(RUSAGE_SELF) - cpu_of(RUSAGE_THREAD);
	int64_t began_us = clock_steady(), mark_us = began_us;
	uint64_t bytes = 0, slowest = UINT64_MAX;
	char id[40], name[48];

	if (!ledger)
		fail(error.text);
	for (uint64_t row = 0; row < bench->rows + LAG; row++) {
		if (row < bench->rows)
			add(ledger, bench, row);
		if (row >= LAG)
			ledger_name(ledger, time_of(bench, row - LAG), queue_id_of(bench, row - LAG, id), message_id_of(row - LAG, name));
		if (row % TURN == 0)
			keep_pace(ledger);
		if (row && row % 1000000 == 0) {
			uint64_t rate = 1000000ull * SECOND_US / (uint64_t)(clock_steady() - mark_us);

			slowest = rate < slowest ? rate : slowest;
			mark_us = clock_steady();
		}
	}
	ledger_close(ledger);
	cpu = cpu_of(RUSAGE_SELF) - cpu_of(RUSAGE_THREAD) - cpu;
	each_file(bench->folder, add_size, &bytes);
	printf("rows %llu rows\ndays %llu days\n", (unsigned long long)bench->rows, (unsigned long long)bench->days);
	printf("write_rate %.0f rows/s\n", (double)bench->rows * SECOND_US / (double)(clock_steady() - began_us));
	if (slowest != UINT64_MAX)
		printf("write_rate_slowest_million %llu rows/s\n", (unsigned long long)slowest);
	printf("writer_cpu %.2f us/row\n", cpu * 1e6 / (double)bench->rows);
	printf("file_size %.1f bytes/row\n", (double)bytes / (double)bench->rows);
}

static int in_order(const void *a, const void *b)
{
	const int64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static void measure_queries(const struct bench *bench, struct ledger_reader *reader, const char *what, bool by_name)
{
	static int64_t spans_us[QUERIES];
	struct error error;

	for (uint64_t i = 0; i < 2 * QUERIES; i++) {
		uint64_t row = chance(i, by_name ? 11 : 12) % bench->rows;
		struct ledger_found found;
		char id[40], name[48];
		struct text wanted = by_name ? message_id_of(row, name) : queue_id_of(bench, row, id);
		struct timespec began, ended;
		bool is_there;

		clock_gettime(CLOCK_MONOTONIC, &began);
		if (!ledger_whose(reader, wanted, WHEN_NONE, &is_there, &found, &error))
			fail(error.text);
		clock_gettime(CLOCK_MONOTONIC, &ended);
		if (!is_there || found.row.t_us != time_of(bench, row))
			fail("a row is not found");
		spans_us[i % QUERIES] = (ended.tv_sec - began.tv_sec) * 1000000000ll + ended.tv_nsec - began.tv_nsec;
	}
	qsort(spans_us, QUERIES, sizeof *spans_us, in_order);
	printf("whose_by_%s_median %.1f us\n", what, (double)spans_us[QUERIES / 2] / 1e3);
	printf("whose_by_%s_p99 %.1f us\n", what, (double)spans_us[QUERIES * 99 / 100] / 1e3);
}

int main(int argc, char **argv)
{
	struct bench bench = { .rows = 10 * 1000 * 1000, .days = 1, .folder = "/var/tmp" };
	struct ledger_reader *reader;
	struct error error;
	uint64_t deleted = 0, warmed = 0;
	size_t end;
	int option;

	while ((option = getopt(argc, argv, "n:d:f:")) != -1) {
		if (option == 'f')
			text_copy(bench.folder, sizeof bench.folder - 40, text_of(optarg));
		else if (option == '?' || !text_number(text_of(optarg), 1000ull * 1000 * 1000, option == 'n' ? &bench.rows : &bench.days))
			fail("usage: bench-ledger [-n rows] [-d days] [-f folder]");
	}
	if (!bench.rows || !bench.days)
		fail("there must be a row and a day");
	end = strlen(bench.folder);
	snprintf(bench.folder + end, sizeof bench.folder - end, "/bench-ledger-XXXXXX");
	if (!mkdtemp(bench.folder))
		fail("no folder can be made");
	measure_writing(&bench);
	reader = ledger_reader_open(bench.folder, &error);
	if (!reader)
		fail(error.text);
	each_file(bench.folder, read_in, &warmed);
	measure_queries(&bench, reader, "queue_id", false);
	measure_queries(&bench, reader, "message_id", true);
	ledger_reader_close(reader);
	each_file(bench.folder, remove_file, &deleted);
	rmdir(bench.folder);
	return 0;
}
