/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/mail_readers.h"

#include <ctype.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/program.h"

struct mail_reading {
	struct mail_readers *readers;
	struct mail_reading *next; /* in line */
	struct text mail;
	char *copy;                /* NULL: somebody else's */
	mail_read *done;
	mail_reported *reported;   /* NULL: it tells the gate */
	void *context;
	uv_work_t work;
	bool at_work, taken;
	char why[sizeof(struct error)];
	char said[MAIL_READERS_SAID_MAX];
	size_t said_bytes;
};

struct mail_readers {
	uv_loop_t *loop;
	const char *program, *config_file;
	struct mail_reading *first, **end; /* the line */
	unsigned at_work, copies;
	size_t copied_bytes;
	uint64_t left_out, told_ms;
	int stop[2]; /* readable once everything is to end */
	bool closing;
};

struct mail_readers *mail_readers_new(uv_loop_t *loop, const char *program, const char *config_file, struct error *error)
{
	struct mail_readers *readers = memory_zero(1, sizeof *readers);

	*readers = (struct mail_readers){ .loop = loop, .program = program, .config_file = config_file, .end = &readers->first };
	if (pipe2(readers->stop, O_CLOEXEC) == 0)
		return readers;
	error_set(error, "%s", strerror(errno));
	free(readers);
	return NULL;
}

static void free_reading(struct mail_reading *reading)
{
	struct mail_readers *readers = reading->readers;

	if (reading->copy) {
		readers->copies--;
		readers->copied_bytes -= reading->mail.n;
	}
	free(reading->copy);
	free(reading);
}

static void free_readers(struct mail_readers *readers)
{
	if (readers->at_work || !readers->closing)
		return;
	close(readers->stop[0]);
	free(readers);
}

/* ---- a program of its own */

static int nothing_yet(void) { return memfd_create("mail", MFD_CLOEXEC); }

static int descriptor_of(struct text mail)
{
	int fd = nothing_yet();
	size_t at = 0;

	while (fd >= 0 && at < mail.n) {
		ssize_t n = write(fd, mail.p + at, mail.n - at);

		if (n <= 0) {
			close(fd);
			return -1;
		}
		at += (size_t)n;
	}
	if (fd >= 0)
		lseek(fd, 0, SEEK_SET);
	return fd;
}

static bool is_of_a_name(char c) { return islower((unsigned char)c) || c == '_' || c == ',' || c == ' '; }

/* a reader that was taken over can say no more than names */
static void take_report(struct mail_reading *reading, int fd)
{
	ssize_t n = pread(fd, reading->said, sizeof reading->said, 0);

	while ((ssize_t)reading->said_bytes < n && is_of_a_name(reading->said[reading->said_bytes]))
		reading->said_bytes++;
}

/* Of a reader that dies of a mail only that mail is lost, and it would die of it again. */
static void run_reader(struct mail_reading *reading, int input, int output)
{
	const struct mail_readers *readers = reading->readers;
	const char *const words[] = { readers->program, "inspect", reading->reported ? "--phishing" : "--tell", "-",
				      readers->config_file ? "-c" : NULL, readers->config_file, NULL };
	struct error error = { "" };
	int status = -1;
	struct program program = { .words = words, .input = input, .output = output, .stop = readers->stop[0],
				   .patience_us = MAIL_READERS_PATIENCE_US, .status = &status };

	reading->taken = true;
	if (!program_run(&program, &error)) {
		reading->taken = status < 0 && !readers->closing;
		memcpy(reading->why, error.text, sizeof error.text);
	} else if (reading->reported) {
		take_report(reading, output);
	}
}

/* on a thread of the pool */
static void read_mail(uv_work_t *work)
{
	struct mail_reading *reading = work->data;
	int input = descriptor_of(reading->mail), output = reading->reported ? nothing_yet() : -1;

	if (input >= 0 && (output >= 0 || !reading->reported))
		run_reader(reading, input, output);
	if (input >= 0)
		close(input);
	if (output >= 0)
		close(output);
}

static void read_next(struct mail_readers *readers);

/* whoever closes the readers has no use for what was found */
static void answer(struct mail_reading *reading)
{
	if (reading->done)
		reading->done(reading->context, reading->taken);
	if (reading->reported)
		reading->reported(reading->context, reading->readers->closing ? TEXT_NONE : (struct text){ reading->said, reading->said_bytes });
}

static void has_read(uv_work_t *work, int status)
{
	struct mail_reading *reading = work->data;
	struct mail_readers *readers = reading->readers;

	readers->at_work--;
	if (*reading->why && !readers->closing)
		log_say(LOG_WARN, reading->reported ? _("a mail that was sent could not be read: %s") : _("a mail that came in could not be told: %s"),
			reading->why);
	answer(reading);
	free_reading(reading);
	if (readers->closing)
		free_readers(readers);
	else
		read_next(readers);
}

/* ---- the line */

static void read_next(struct mail_readers *readers)
{
	while (readers->first && readers->at_work < MAIL_READERS_AT_ONCE) {
		struct mail_reading *reading = readers->first;

		readers->first = reading->next;
		if (!readers->first)
			readers->end = &readers->first;
		reading->at_work = true;
		readers->at_work++;
		reading->work.data = reading;
		uv_queue_work(readers->loop, &reading->work, read_mail, has_read);
	}
}

static void put_in_line(struct mail_reading *reading)
{
	struct mail_readers *readers = reading->readers;

	*readers->end = reading;
	readers->end = &reading->next;
	if (!readers->closing)
		read_next(readers);
}

static struct mail_reading *reading_new(struct mail_readers *readers, struct text mail)
{
	struct mail_reading *reading = memory_zero(1, sizeof *reading);

	reading->readers = readers;
	reading->mail = mail;
	return reading;
}

struct mail_reading *mail_readers_read(struct mail_readers *readers, struct text mail, mail_read *done, void *context)
{
	struct mail_reading *reading = reading_new(readers, mail);

	reading->done = done;
	reading->context = context;
	put_in_line(reading);
	return reading;
}

static void leave_line(struct mail_reading *reading)
{
	struct mail_readers *readers = reading->readers;
	struct mail_reading **at = &readers->first;

	while (*at != reading)
		at = &(*at)->next;
	*at = reading->next;
	if (readers->end == &reading->next)
		readers->end = at;
}

bool mail_reading_forget(struct mail_reading *reading)
{
	if (reading->at_work)
		return false;
	leave_line(reading);
	free_reading(reading);
	return true;
}

static void leave_out(struct mail_readers *readers)
{
	uint64_t now_ms = uv_now(readers->loop);

	readers->left_out++;
	if (readers->told_ms && now_ms - readers->told_ms < 60 * 1000)
		return;
	readers->told_ms = now_ms;
	log_say(LOG_WARN, _("mail comes in faster than it can be read: %llu that may have come back were not looked at"),
		(unsigned long long)readers->left_out);
	readers->left_out = 0;
}

static bool has_room(const struct mail_readers *readers, struct text mail, unsigned share)
{
	return readers->copies < MAIL_READERS_KEPT_MAX / share && readers->copied_bytes + mail.n <= MAIL_READERS_KEPT_BYTES / share;
}

static struct mail_reading *reading_copy(struct mail_readers *readers, struct text mail)
{
	struct mail_reading *reading = reading_new(readers, mail);

	reading->copy = memory_copy(mail.p, mail.n);
	reading->mail.p = reading->copy;
	readers->copies++;
	readers->copied_bytes += mail.n;
	return reading;
}

void mail_readers_copy(struct mail_readers *readers, struct text mail)
{
	if (has_room(readers, mail, 1))
		put_in_line(reading_copy(readers, mail));
	else
		leave_out(readers);
}

bool mail_readers_report(struct mail_readers *readers, struct text mail, mail_reported *done, void *context)
{
	struct mail_reading *reading;

	if (readers->closing || !has_room(readers, mail, 2))
		return false;
	reading = reading_copy(readers, mail);
	reading->reported = done;
	reading->context = context;
	put_in_line(reading);
	return true;
}

/* those in line that somebody waits for are his to forget, and he does so when he closes; who wants a report is told that there is none */
void mail_readers_close(struct mail_readers *readers)
{
	struct mail_reading *reading, *next;

	if (!readers)
		return;
	readers->closing = true;
	for (reading = readers->first; reading; reading = next) {
		next = reading->next;
		if (reading->reported)
			reading->reported(reading->context, TEXT_NONE);
		free_reading(reading);
	}
	readers->first = NULL;
	readers->end = &readers->first;
	close(readers->stop[1]); /* whoever is at work is stopped */
	free_readers(readers);
}
