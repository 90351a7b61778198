/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "cli/notice.h"

enum { SENT = 1000, REFUSED = 1001, TIDY_BYTES = 4 << 20, LINE_BYTES_MAX = 500 };

static const char *const words[LOGBOOK_WORDS] = { "about", "sent", "not", "refused" };

static uint64_t key_of(uint64_t notice, struct text way) { return hash_pair(notice, hash_text(HASH_FIXED, way)) | 1; }

static void take(struct logbook *logbook, uint64_t notice, struct text way, enum logbook_word word)
{
	uint32_t *state = table_put(&logbook->known, key_of(notice, way), 0, NULL);

	if (*state >= SENT)
		return;
	*state = word == LOGBOOK_ABOUT ? *state + 1 : word == LOGBOOK_SENT ? SENT : word == LOGBOOK_REFUSED ? REFUSED : *state ? *state - 1 : 0;
}

/* the last one may have been cut off: it says nothing */
static void take_line(struct logbook *logbook, struct text line)
{
	struct text id = text_word(&line, '\t'), way = text_word(&line, '\t');
	uint64_t notice;

	if (!text_number(id, INT64_MAX, &notice))
		return;
	for (unsigned word = 0; word < LOGBOOK_WORDS; word++)
		if (text_is(line, text_of(words[word])))
			take(logbook, notice, way, (enum logbook_word)word);
}

static bool failed(const char *path, struct error *error) { return error_set(error, "'%s': %s", path, strerror(errno)); }

static bool read_all(struct logbook *logbook, const char *path, size_t bytes, struct error *error)
{
	char *text = memory_new(bytes + 1);
	ssize_t n = pread(logbook->fd, text, bytes, 0);
	struct text rest = { text, n > 0 ? (size_t)n : 0 }, line;

	while (text_cut(&rest, '\n', &line))
		take_line(logbook, line);
	if (n >= 0 && rest.n && write(logbook->fd, "\n", 1) != 1) /* so that the next line is one */
		n = -1;
	free(text);
	return n >= 0 || failed(path, error);
}

/* What is older than the last TIDY_BYTES is of notices that were settled days ago: they are no more than NOTICES_TRY_US under way. */
static bool tidy(struct logbook *logbook, const char *path, struct error *error)
{
	struct stat st;
	char *text;
	ssize_t n;

	if (fstat(logbook->fd, &st) != 0)
		return failed(path, error);
	if (st.st_size < LOGBOOK_BYTES_MAX)
		return true;
	text = memory_new(TIDY_BYTES);
	n = pread(logbook->fd, text, TIDY_BYTES, st.st_size - TIDY_BYTES);
	if (n > 0 && (ftruncate(logbook->fd, 0) != 0 || write(logbook->fd, text, (size_t)n) != n))
		n = -1;
	free(text);
	return n >= 0 || failed(path, error);
}

bool logbook_open(struct logbook *logbook, const char *folder, struct error *error)
{
	char path[PATH_MAX];
	struct stat st;

	*logbook = (struct logbook){ .fd = -1 };
	snprintf(path, sizeof path, "%s/notices.sent", folder);
	logbook->fd = open(path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
	if (logbook->fd < 0 || flock(logbook->fd, LOCK_EX) != 0)
		return failed(path, error);
	if (tidy(logbook, path, error) && (fstat(logbook->fd, &st) == 0 || failed(path, error)) &&
	    read_all(logbook, path, (size_t)st.st_size, error))
		return true;
	logbook_close(logbook);
	return false;
}

void logbook_close(struct logbook *logbook)
{
	table_done(&logbook->known);
	if (logbook->fd >= 0)
		close(logbook->fd);
	logbook->fd = -1;
}

bool logbook_write(struct logbook *logbook, uint64_t notice, const char *way, enum logbook_word word, struct error *error)
{
	char line[LINE_BYTES_MAX];
	int n = snprintf(line, sizeof line, "%llu\t%s\t%s\n", (unsigned long long)notice, way, words[word]);

	if (n >= (int)sizeof line)
		return error_set(error, "'%.100s…' is too long", way);
	if (write(logbook->fd, line, (size_t)n) != n || fdatasync(logbook->fd) != 0)
		return failed("notices.sent", error);
	take(logbook, notice, text_of(way), word);
	return true;
}

enum logbook_state logbook_state(const struct logbook *logbook, uint64_t notice, const char *way)
{
	const uint32_t *state = table_find(&logbook->known, key_of(notice, text_of(way)));

	if (!state || !*state)
		return LOGBOOK_NEW;
	if (*state >= SENT)
		return *state == SENT ? LOGBOOK_WAS_SENT : LOGBOOK_WAS_REFUSED;
	return *state < LOGBOOK_ABOUT_MAX ? LOGBOOK_IN_DOUBT : LOGBOOK_LOST;
}
