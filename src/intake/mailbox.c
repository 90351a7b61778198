/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/mailbox.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/memory.h"
#include "intake/input.h"

enum { ROOM = MAILBOX_MAIL_MAX + (64 << 10), LINE_MAX_BYTES = 1000 };

struct mailbox {
	char *memory;
	size_t from, to;      /* what of it is not handed out yet */
	int fd;
	struct input *input;  /* instead of fd: packed, or no regular file */
	bool begun, end, failed, single, mbox, old_mac, passing_over;
	uint64_t number;
	struct error why;     /* of `failed` */
};

struct mailbox *mailbox_new(void)
{
	struct mailbox *mailbox = memory_zero(1, sizeof *mailbox);

	mailbox->memory = memory_new(ROOM);
	mailbox->fd = -1;
	return mailbox;
}

static void shut(struct mailbox *mailbox)
{
	if (mailbox->fd >= 0)
		close(mailbox->fd);
	input_close(mailbox->input);
	*mailbox = (struct mailbox){ .memory = mailbox->memory, .fd = -1 };
}

void mailbox_free(struct mailbox *mailbox)
{
	if (!mailbox)
		return;
	shut(mailbox);
	free(mailbox->memory);
	free(mailbox);
}

/* ---- bytes */

static bool is_packed(int fd)
{
	static const struct text marks[] = { { "\x1f\x8b", 2 }, { "BZh", 3 }, { "\xfd" "7zXZ", 5 }, { "\x28\xb5\x2f\xfd", 4 }, { "", 0 } };
	char head[8];
	ssize_t n = pread(fd, head, sizeof head, 0);

	return n > 0 && text_starts_any((struct text){ head, (size_t)n }, marks);
}

bool mailbox_open(struct mailbox *mailbox, const char *path, bool single, struct error *error)
{
	struct stat st;

	shut(mailbox);
	mailbox->single = single;
	if (strcmp(path, "-") != 0 && stat(path, &st) == 0 && S_ISREG(st.st_mode)) {
		mailbox->fd = open(path, O_RDONLY | O_CLOEXEC);
		if (mailbox->fd < 0)
			return error_set(error, "'%s': %s", path, strerror(errno));
		if (!is_packed(mailbox->fd))
			return true;
	}
	mailbox->input = input_open(path, error);
	mailbox->end = !mailbox->input;
	return mailbox->input;
}

static ssize_t some(struct mailbox *mailbox, char *to, size_t room)
{
	struct text bytes;
	ssize_t n;

	if (!mailbox->input) {
		n = read(mailbox->fd, to, room);
		if (n < 0)
			error_set(&mailbox->why, "%s", strerror(errno));
		return n;
	}
	n = input_take(mailbox->input, room, &bytes, &mailbox->why);
	if (n > 0)
		memcpy(to, bytes.p, bytes.n);
	return n > 0 ? (ssize_t)bytes.n : n;
}

static void without_bare_returns(struct mailbox *mailbox, struct text bytes)
{
	char *p = mailbox->memory + (bytes.p - mailbox->memory);

	if (!mailbox->begun)
		mailbox->old_mac = !memchr(p, '\n', bytes.n) && memchr(p, '\r', bytes.n);
	for (size_t i = 0; mailbox->old_mac && i < bytes.n; i++)
		if (p[i] == '\r')
			p[i] = '\n';
	mailbox->begun = true;
}

/* more bytes behind what there is; false at the end, and where there is no room */
static bool more(struct mailbox *mailbox)
{
	ssize_t n;

	if (mailbox->end)
		return false;
	if (mailbox->from && mailbox->to > ROOM / 2) {
		memmove(mailbox->memory, mailbox->memory + mailbox->from, mailbox->to - mailbox->from);
		mailbox->to -= mailbox->from;
		mailbox->from = 0;
	}
	if (mailbox->to == ROOM)
		return false;
	n = some(mailbox, mailbox->memory + mailbox->to, ROOM - mailbox->to);
	mailbox->failed |= n < 0;
	mailbox->end = n <= 0;
	if (n <= 0)
		return false;
	without_bare_returns(mailbox, (struct text){ mailbox->memory + mailbox->to, (size_t)n });
	mailbox->to += (size_t)n;
	return true;
}

/* ---- separators */

static bool is_weekday(struct text word)
{
	static const struct text days[] = { { "Mon", 3 }, { "Tue", 3 }, { "Wed", 3 }, { "Thu", 3 }, { "Fri", 3 }, { "Sat", 3 }, { "Sun", 3 }, { "", 0 } };

	return word.n <= 4 && text_starts_any(word, days);
}

static bool is_clock(struct text word) { return word.n >= 4 && isdigit((unsigned char)word.p[0]) && text_find(word, ':') <= 2; }

static bool is_year(struct text word)
{
	uint64_t year;

	return word.n == 4 && text_number(word, 2999, &year) && year >= 1970;
}

/* "From alice@example.com Sun Nov 22 10:00:00 2026": whoever it is, and where the zone stands, differs */
static bool is_separator(struct text line)
{
	bool day = false, clock = false, year = false;
	struct text rest = line, word;

	if (line.n > LINE_MAX_BYTES || !text_starts(line, TEXT("From ")))
		return false;
	for (bool last = false; !last;) {
		if (!text_cut(&rest, ' ', &word)) {
			word = text_trim(rest);
			last = true;
		}
		day |= is_weekday(word);
		clock |= is_clock(word);
		year |= is_year(word);
	}
	return day && clock && year;
}

static bool is_field(struct text line)
{
	size_t colon = text_find(line, ':');

	if (!colon || colon == line.n || colon > FIELD_NAME_MAX)
		return text_starts(line, TEXT(">From "));
	for (size_t i = 0; i < colon; i++)
		if (line.p[i] <= ' ' || line.p[i] >= 0x7f)
			return false;
	return true;
}

/* does a mail end in front of `at`, where a line begins? */
static bool is_end_before(const char *begin, const char *at)
{
	const char *end = at - 1, *line;

	if (end > begin && end[-1] == '\r')
		end--;
	line = memrchr(begin, '\n', (size_t)(end - begin));
	line = line ? line + 1 : begin;
	return line == end || (end - line > 2 && line[0] == '-' && line[1] == '-');
}

/* a separator in what there is, behind `*seen`; NULL without one; *seen is how far there is no need to look again */
static char *separator(struct mailbox *mailbox, size_t *seen)
{
	char *begin = mailbox->memory + mailbox->from, *end = mailbox->memory + mailbox->to, *at = begin + *seen;

	while ((at = memmem(at, (size_t)(end - at), "\nFrom ", 6))) {
		struct text rest = text_between(++at, end), line, next = TEXT_NONE;
		bool whole = text_line(&rest, &line) && memchr(rest.p, '\n', rest.n);

		*seen = (size_t)(at - 1 - begin);
		if (!whole && !mailbox->end && (size_t)(end - at) < 2 * LINE_MAX_BYTES)
			return NULL;
		if (is_separator(line) && text_line(&rest, &next) && is_field(next) && is_end_before(begin, at))
			return at;
	}
	*seen = end - begin > 5 ? (size_t)(end - begin) - 5 : 0;
	return NULL;
}

/* how many bytes the mail has that begins here: up to the next separator, or the end */
static size_t mail_bytes(struct mailbox *mailbox)
{
	size_t seen = 0;
	char *at;

	for (;;) {
		at = mailbox->mbox ? separator(mailbox, &seen) : NULL;
		if (at)
			return (size_t)(at - mailbox->memory) - mailbox->from;
		if (mailbox->to - mailbox->from >= MAILBOX_MAIL_MAX || !more(mailbox))
			return mailbox->to - mailbox->from;
	}
}

/* ---- mails */

/* ">From " was "From ", ">>From " was ">From " */
static struct text unquoted(char *mail, size_t n)
{
	char *to = mail, *from = mail, *end = mail + n, *at;

	while ((at = memmem(from, (size_t)(end - from), "\n>", 2))) {
		char *mark = at + 1;
		size_t kept = (size_t)(mark - from);

		while (mark < end && *mark == '>')
			mark++;
		memmove(to, from, kept);
		to += kept;
		from = at + 1;
		if (end - mark >= 5 && memcmp(mark, "From ", 5) == 0)
			from++;
	}
	memmove(to, from, (size_t)(end - from));
	return text_between(mail, to + (end - from));
}

static void pass_over(struct mailbox *mailbox)
{
	size_t n;

	do {
		n = mail_bytes(mailbox);
		mailbox->passing_over = n >= MAILBOX_MAIL_MAX;
		mailbox->from += n;
	} while (mailbox->passing_over);
}

static void begin(struct mailbox *mailbox)
{
	struct text rest, line;

	while (mailbox->to < LINE_MAX_BYTES && more(mailbox))
		;
	rest = (struct text){ mailbox->memory, mailbox->to };
	mailbox->mbox = !mailbox->single && text_line(&rest, &line) && is_separator(line);
}

/* is anything behind what was handed out? What was is not moved. */
static bool follows(const struct mailbox *mailbox)
{
	return mailbox->from < mailbox->to || !mailbox->end;
}

static int failure(struct mailbox *mailbox, struct error *error)
{
	mailbox->failed = false;
	error_set(error, "%s", mailbox->why.text);
	return -1;
}

int mailbox_next(struct mailbox *mailbox, struct text *mail, uint64_t *number, struct error *error)
{
	size_t n;

	if (!mailbox->number)
		begin(mailbox);
	if (mailbox->passing_over && mailbox->mbox)
		pass_over(mailbox);
	if (mailbox->number && (!mailbox->mbox || (mailbox->from == mailbox->to && !more(mailbox))))
		return mailbox->failed ? failure(mailbox, error) : 0;
	n = mail_bytes(mailbox);
	if (!n && mailbox->failed) {
		mailbox->number++;
		return failure(mailbox, error);
	}
	mailbox->passing_over = n >= MAILBOX_MAIL_MAX;
	*mail = mailbox->mbox ? unquoted(mailbox->memory + mailbox->from, n) : (struct text){ mailbox->memory + mailbox->from, n };
	mailbox->from += n;
	mailbox->number++;
	*number = mailbox->mbox && (mailbox->number > 1 || follows(mailbox)) ? mailbox->number : 0;
	return 1;
}
