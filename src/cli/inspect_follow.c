/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/inspect_follow.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/program.h"
#include "cli/cli.h"
#include "cli/secret.h"
#include "config/secret_lines.h"
#include "gate/child.h"
#include "intake/imap_line.h"

enum { FOUND_MAX = 1000, STATE_MAX = 2048 };
#define TELL_US (30 * SECOND_US)
#define AGAIN_FIRST_US (5 * SECOND_US)
#define AGAIN_MOST_US (5 * MINUTE_US)

struct follow {
	const struct config *config;
	char program[PATH_MAX], config_file[PATH_MAX], file[PATH_MAX], folder[IMAP_FOLDER_MAX];
	char user[SECRET_LINE_MAX], password[SECRET_LINE_MAX];
	struct imap_line *line;
	bool can_idle;
	uint64_t validity, next, last; /* of UIDs */
	uint64_t found[FOUND_MAX];
	size_t count;
	int mail;  /* a descriptor of the one that was asked for; -1: it is gone */
	int leash; /* -1: nobody holds one */
};

/* ---- how far we are: "UIDVALIDITY UID URL" */

static bool read_state(struct follow *follow, uint64_t *validity, uint64_t *last)
{
	char bytes[STATE_MAX];
	int fd = open(follow->file, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd >= 0 ? read(fd, bytes, sizeof bytes) : -1;
	struct text rest = { bytes, n > 0 ? (size_t)n : 0 }, one, two;

	if (fd >= 0)
		close(fd);
	return text_cut(&rest, ' ', &one) && text_cut(&rest, ' ', &two) && text_number(one, UINT32_MAX, validity) &&
	       text_number(two, UINT32_MAX, last) && text_is(text_trim(rest), text_of(follow->config->imap_url));
}

static bool write_state(const struct follow *follow, struct error *error)
{
	char temporary[PATH_MAX + 8], bytes[STATE_MAX];
	int n = snprintf(bytes, sizeof bytes, "%llu %llu %s\n", (unsigned long long)follow->validity, (unsigned long long)follow->last,
			 follow->config->imap_url);
	int fd;
	bool done;

	snprintf(temporary, sizeof temporary, "%s.new", follow->file);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	done = fd >= 0 && n > 0 && (size_t)n < sizeof bytes && write(fd, bytes, (size_t)n) == n;
	if (fd >= 0)
		done = close(fd) == 0 && done;
	return (done && rename(temporary, follow->file) == 0) || error_set(error, "'%s': %s", follow->file, strerror(errno));
}

/* ---- what the server says */

static void hear_greeting(void *context, const struct imap_response *response)
{
	struct follow *follow = context;

	follow->can_idle |= text_starts(response->line, TEXT("* CAPABILITY ")) && text_holds(response->line, TEXT(" IDLE"));
	imap_number_of(response->line, TEXT("[UIDVALIDITY"), &follow->validity);
	imap_number_of(response->line, TEXT("[UIDNEXT"), &follow->next);
}

static void hear_found(void *context, const struct imap_response *response)
{
	struct follow *follow = context;

	follow->count += imap_found(response->line, follow->last, follow->found + follow->count, FOUND_MAX - follow->count);
}

/* the mail lies in memory, as a file for its reader */
static void hear_mail(void *context, const struct imap_response *response)
{
	struct follow *follow = context;
	struct text rest = response->literal;

	if (!response->has_literal || follow->mail >= 0)
		return;
	follow->mail = memfd_create("mail", MFD_CLOEXEC);
	while (follow->mail >= 0 && rest.n) {
		ssize_t n = write(follow->mail, rest.p, rest.n);

		if (n <= 0)
			break;
		rest = text_after(rest, (size_t)n);
	}
	if (follow->mail >= 0)
		lseek(follow->mail, 0, SEEK_SET);
}

/* ---- one mail */

/* false: to be told later */
static bool tell(const struct follow *follow, struct error *error)
{
	const char *const words[] = { follow->program, "inspect", "--tell", "-", *follow->config_file ? "-c" : NULL, follow->config_file, NULL };
	struct error why = { "" };
	int status = -1;
	struct program program = { .words = words, .input = follow->mail, .output = -1, .stop = follow->leash, .patience_us = TELL_US,
				   .status = &status };

	if (program_run(&program, &why))
		return true;
	if (status == EX_TEMPFAIL)
		return error_set(error, _("the daemon cannot take what came; it is told later"));
	log_say(LOG_WARN, _("a mail that came in could not be told: %s"), why.text);
	return status < 0;
}

static bool read_mail(struct follow *follow, uint64_t uid, struct error *error)
{
	char command[100];
	bool done;

	snprintf(command, sizeof command, "UID FETCH %llu (BODY.PEEK[]<0.%d>)", (unsigned long long)uid, (int)IMAP_LITERAL_MAX);
	follow->mail = -1;
	done = imap_line_ask(follow->line, command, hear_mail, follow, error) && (follow->mail < 0 || tell(follow, error));
	if (follow->mail >= 0)
		close(follow->mail);
	if (!done)
		return false;
	follow->last = uid;
	return write_state(follow, error);
}

static int by_number(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return (a > b) - (a < b);
}

/* what came since the last one; *count: how many were found */
static bool read_new(struct follow *follow, size_t *count, struct error *error)
{
	char command[100];
	bool done;

	follow->count = 0;
	snprintf(command, sizeof command, "UID SEARCH UID %llu:*", (unsigned long long)follow->last + 1);
	done = imap_line_ask(follow->line, command, hear_found, follow, error);
	qsort(follow->found, follow->count, sizeof *follow->found, by_number);
	for (size_t i = 0; done && i < follow->count; i++)
		done = read_mail(follow, follow->found[i], error);
	*count = follow->count;
	return done;
}

/* ---- the folder */

static bool open_folder(struct follow *follow, struct error *error)
{
	char quoted[IMAP_QUOTED_MAX], command[IMAP_QUOTED_MAX + 16];
	uint64_t validity = 0;

	follow->validity = follow->next = 0;
	if (!imap_quote(text_of(follow->folder), quoted))
		return error_set(error, "'%s'", follow->folder);
	snprintf(command, sizeof command, "EXAMINE %s", quoted);
	if (!imap_line_ask(follow->line, "CAPABILITY", hear_greeting, follow, error) ||
	    !imap_line_ask(follow->line, command, hear_greeting, follow, error))
		return false;
	if (!follow->validity || !follow->next)
		return error_set(error, _("'%s': the IMAP server does not say how its mails are numbered"), follow->folder);
	if (read_state(follow, &validity, &follow->last) && validity == follow->validity)
		return true;
	follow->last = follow->next - 1;
	log_say(LOG_NOTE, _("'%s' is read from now on: what lies there already is not looked at"), follow->folder);
	return write_state(follow, error);
}

static bool follow_folder(struct follow *follow, struct error *error)
{
	bool on = open_folder(follow, error);

	while (on) {
		size_t count = 0;

		on = read_new(follow, &count, error) && (count || imap_line_wait(follow->line, follow->can_idle, error));
	}
	return false;
}

/* until the connection, the folder or the daemon is not as it should be; true where the connection was there */
static bool follow_once(struct follow *follow, bool *stopped, struct error *error)
{
	struct imap_line_options options = { follow->config->imap_url, follow->config->notice_ca_file, follow->user, follow->password,
					     follow->leash };
	bool was_there;

	follow->line = imap_line_open(&options, error);
	was_there = follow->line != NULL;
	if (was_there)
		follow_folder(follow, error);
	*stopped = was_there && imap_line_was_stopped(follow->line);
	imap_line_close(follow->line);
	return was_there;
}

/* false: it is to end */
static bool pause_for(const struct follow *follow, int64_t us)
{
	struct pollfd leash = { follow->leash, POLLIN, 0 };

	return poll(&leash, follow->leash >= 0, (int)(us / 1000)) == 0;
}

static void run(struct follow *follow)
{
	int64_t wait_us = AGAIN_FIRST_US;
	bool stopped = false;

	do {
		struct error error = { "" };

		if (follow_once(follow, &stopped, &error))
			wait_us = AGAIN_FIRST_US;
		else
			wait_us = wait_us * 2 < AGAIN_MOST_US ? wait_us * 2 : AGAIN_MOST_US;
		if (!stopped)
			log_say(LOG_WARN, _("the IMAP folder cannot be read: %s; it is tried again"), error.text);
	} while (!stopped && pause_for(follow, wait_us));
}

static bool prepare(struct follow *follow, struct error *error)
{
	const struct config *config = follow->config;

	if (!imap_url_read(config->imap_url, follow->folder, error))
		return false;
	if (!*config->imap_login_file)
		return error_set(error, _("imap_url is set, and imap_login_file is not"));
	if (!secret_lines_read(config->imap_login_file, follow->user, follow->password, SECRET_LINE_MAX, error))
		return false;
	if (!realpath("/proc/self/exe", follow->program) || (config->file && !realpath(config->file, follow->config_file)))
		return error_set(error, _("the program that reads mails that came in is not found: %s"), strerror(errno));
	return snprintf(follow->file, sizeof follow->file, "%s/" FOLLOW_FILE, config->state_folder) < (int)sizeof follow->file - 8;
}

int inspect_follow(const struct config *config)
{
	struct follow follow = { .config = config, .leash = child_leash() };
	struct error error = { "" };
	bool ready;

	secret_guard();
	signal(SIGPIPE, SIG_IGN);
	curl_global_init(CURL_GLOBAL_DEFAULT);
	ready = prepare(&follow, &error);
	if (ready)
		run(&follow);
	else
		log_say(LOG_ERROR, "%s", error.text);
	explicit_bzero(follow.password, sizeof follow.password);
	curl_global_cleanup();
	return ready ? CLI_DONE : CLI_NO;
}
