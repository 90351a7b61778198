/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/imap_line.h"

#include <curl/curl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/ip.h"
#include "base/memory.h"

enum { READ_BYTES = 16 * 1024, TAG_MAX = 16, SAID_MAX = 200 };

struct imap_line {
	CURL *easy;
	curl_socket_t socket;
	int stop;
	bool stopped;
	unsigned commands;
	char tag[TAG_MAX];
	/* of the command that is under way */
	struct imap *imap;
	imap_hear *hear;
	void *context;
	enum imap_end end;
	bool changed;           /* since somebody last waited for that */
	char said[SAID_MAX];    /* the server's last words */
	char buffer[READ_BYTES];
};

/* ---- the address */

/* copies what that part of the URL says; "" where nobody is named */
static bool part_of(CURLU *url, CURLUPart part, unsigned flags, char *to, size_t room)
{
	char *value = NULL;
	CURLUcode code = curl_url_get(url, part, &value, flags);
	bool fits = code == CURLUE_NO_USER;

	*to = '\0';
	if (code == CURLUE_OK) {
		fits = strlen(value) < room;
		if (fits)
			text_copy(to, room, text_of(value));
	}
	curl_free(value);
	return fits;
}

struct address {
	char scheme[16], host[256], folder[IMAP_FOLDER_MAX];
};

static bool read_url(const char *text, struct address *address, struct error *error)
{
	CURLU *url = curl_url();
	char path[IMAP_FOLDER_MAX + 1], user[8];
	bool read = curl_url_set(url, CURLUPART_URL, text, 0) == CURLUE_OK &&
		    part_of(url, CURLUPART_SCHEME, 0, address->scheme, sizeof address->scheme) &&
		    part_of(url, CURLUPART_HOST, 0, address->host, sizeof address->host) &&
		    part_of(url, CURLUPART_PATH, CURLU_URLDECODE, path, sizeof path) &&
		    part_of(url, CURLUPART_USER, 0, user, sizeof user) && !*user;
	bool known = read && (strcmp(address->scheme, "imaps") == 0 || strcmp(address->scheme, "imap") == 0) && *address->host;
	char quoted[IMAP_QUOTED_MAX];

	curl_url_cleanup(url);
	if (!known)
		return error_set(error, _("imap_url: '%s' is not imaps://host/folder or imap://host/folder, without a name or a password"), text);
	text_copy(address->folder, sizeof address->folder, path[0] && path[1] ? text_of(path + 1) : TEXT("INBOX"));
	return imap_quote(text_of(address->folder), quoted) ||
	       error_set(error, _("imap_url: write the folder's name in ASCII, as IMAP itself does (modified UTF-7)"));
}

bool imap_url_read(const char *url, char folder[IMAP_FOLDER_MAX], struct error *error)
{
	struct address address;

	if (!read_url(url, &address, error))
		return false;
	text_copy(folder, IMAP_FOLDER_MAX, text_of(address.folder));
	return true;
}

static bool is_this_machine(const char *host)
{
	struct text name = text_of(host);
	struct ip ip;

	if (text_starts(name, TEXT("[")) && text_ends(name, TEXT("]")))
		name = (struct text){ name.p + 1, name.n - 2 };
	return text_is(name, TEXT("localhost")) || (ip_parse(name, &ip) && ip_is_loopback(&ip));
}

/* ---- up and down */

/* while libcurl is connecting and logging in */
static int is_wanted(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
	struct imap_line *line = context;
	struct pollfd stop = { line->stop, POLLIN, 0 };

	line->stopped |= line->stop >= 0 && poll(&stop, 1, 0) > 0;
	return line->stopped;
}

static void set_options(struct imap_line *line, const struct imap_line_options *options, const struct address *address)
{
	CURL *easy = line->easy;
	bool plain = strcmp(address->scheme, "imap") == 0 && is_this_machine(address->host);

	curl_easy_setopt(easy, CURLOPT_URL, options->url);
	curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "imap,imaps");
	curl_easy_setopt(easy, CURLOPT_PROXY, "");
	curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECT_ONLY, 1L);
	curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)(IMAP_PATIENCE_US / 1000));
	curl_easy_setopt(easy, CURLOPT_USE_SSL, plain ? (long)CURLUSESSL_NONE : (long)CURLUSESSL_ALL);
	curl_easy_setopt(easy, CURLOPT_USERNAME, options->user);
	curl_easy_setopt(easy, CURLOPT_PASSWORD, options->password);
	curl_easy_setopt(easy, CURLOPT_NOPROGRESS, 0L);
	curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, is_wanted);
	curl_easy_setopt(easy, CURLOPT_XFERINFODATA, line);
	if (options->ca_file && *options->ca_file)
		curl_easy_setopt(easy, CURLOPT_CAINFO, options->ca_file);
}

static void heard(void *context, const struct imap_response *response);

struct imap_line *imap_line_open(const struct imap_line_options *options, struct error *error)
{
	struct imap_line *line = memory_zero(1, sizeof *line);
	struct address address;
	CURLcode code;

	line->stop = options->stop;
	line->imap = imap_new(heard, line);
	line->easy = curl_easy_init();
	if (!line->easy || !read_url(options->url, &address, error)) {
		imap_line_close(line);
		return NULL;
	}
	set_options(line, options, &address);
	code = curl_easy_perform(line->easy);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(line->easy, CURLINFO_ACTIVESOCKET, &line->socket);
	if (code == CURLE_OK && line->socket != CURL_SOCKET_BAD)
		return line;
	error_set(error, "'%s': %s", address.host, curl_easy_strerror(code));
	imap_line_close(line);
	return NULL;
}

void imap_line_close(struct imap_line *line)
{
	if (!line)
		return;
	curl_easy_cleanup(line->easy);
	imap_free(line->imap);
	free(line);
}

bool imap_line_was_stopped(const struct imap_line *line) { return line->stopped; }

/* ---- a command */

static void heard(void *context, const struct imap_response *response)
{
	struct imap_line *line = context;
	enum imap_end end = imap_end_of(response->line, text_of(line->tag));

	if (end != IMAP_NOT_YET) {
		line->end = end;
		text_copy(line->said, sizeof line->said, response->line);
		return;
	}
	line->changed |= imap_tells_of_mails(response->line);
	if (line->hear && text_starts(response->line, TEXT("* ")))
		line->hear(line->context, response);
}

static bool failed(struct error *error, CURLcode code)
{
	return error_set(error, _("the connection to the IMAP server is over: %s"), curl_easy_strerror(code));
}

/* until something came, the time is over (*late), or it is to end */
static bool wait_for(struct imap_line *line, short events, int64_t deadline_us, bool *late, struct error *error)
{
	struct pollfd all[] = { { line->socket, events, 0 }, { line->stop, POLLIN, 0 } };
	int64_t left_us = deadline_us - clock_steady();

	*late = left_us <= 0;
	if (*late)
		return true;
	poll(all, line->stop >= 0 ? 2 : 1, (int)(left_us / 1000) + 1);
	line->stopped |= line->stop >= 0 && all[1].revents;
	return !line->stopped || error_set(error, _("it was told to end"));
}

static bool send_all(struct imap_line *line, struct text bytes, struct error *error)
{
	int64_t deadline_us = clock_steady() + IMAP_PATIENCE_US;
	bool late = false;

	while (bytes.n && !late) {
		size_t sent = 0;
		CURLcode code = curl_easy_send(line->easy, bytes.p, bytes.n, &sent);

		bytes = text_after(bytes, sent);
		if (code == CURLE_AGAIN) {
			if (!wait_for(line, POLLOUT, deadline_us, &late, error))
				return false;
		} else if (code != CURLE_OK) {
			return failed(error, code);
		}
	}
	return !late || failed(error, CURLE_OPERATION_TIMEDOUT);
}

/* takes what came; with nothing there, waits for it */
static bool receive(struct imap_line *line, int64_t deadline_us, bool *late, struct error *error)
{
	size_t n = 0;
	CURLcode code = curl_easy_recv(line->easy, line->buffer, sizeof line->buffer, &n);

	*late = false;
	if (code == CURLE_AGAIN)
		return wait_for(line, POLLIN, deadline_us, late, error);
	if (code != CURLE_OK || !n)
		return failed(error, code == CURLE_OK ? CURLE_RECV_ERROR : code);
	imap_take(line->imap, (struct text){ line->buffer, n });
	return true;
}

static bool begin(struct imap_line *line, const char *command, struct error *error)
{
	char said[IMAP_NAME_MAX + 64];
	int n;

	snprintf(line->tag, sizeof line->tag, "s%u", ++line->commands);
	line->end = IMAP_NOT_YET;
	n = snprintf(said, sizeof said, "%s %s\r\n", line->tag, command);
	if (n < 0 || (size_t)n >= sizeof said)
		return error_set(error, "a command for the IMAP server is too long");
	return send_all(line, (struct text){ said, (size_t)n }, error);
}

static bool finish(struct imap_line *line, struct error *error)
{
	int64_t deadline_us = clock_steady() + IMAP_PATIENCE_US;
	bool late = false;

	while (line->end == IMAP_NOT_YET && !late)
		if (!receive(line, deadline_us, &late, error))
			return false;
	if (late)
		return failed(error, CURLE_OPERATION_TIMEDOUT);
	return line->end == IMAP_OK || error_set(error, _("the IMAP server refuses: %s"), line->said);
}

bool imap_line_ask(struct imap_line *line, const char *command, imap_hear *hear, void *context, struct error *error)
{
	bool done;

	line->hear = hear;
	line->context = context;
	done = begin(line, command, error) && finish(line, error);
	line->hear = NULL;
	return done;
}

static bool idle(struct imap_line *line, int64_t deadline_us, struct error *error)
{
	bool late = false;

	if (!begin(line, "IDLE", error))
		return false;
	while (!line->changed && line->end == IMAP_NOT_YET && !late)
		if (!receive(line, deadline_us, &late, error))
			return false;
	return (line->end != IMAP_NOT_YET || send_all(line, TEXT("DONE\r\n"), error)) && finish(line, error);
}

static bool doze(struct imap_line *line, int64_t most_us, struct error *error)
{
	struct pollfd stop = { line->stop, POLLIN, 0 };

	line->stopped |= poll(&stop, line->stop >= 0, (int)(most_us / 1000)) > 0;
	return line->stopped ? error_set(error, _("it was told to end")) : imap_line_ask(line, "NOOP", NULL, NULL, error);
}

bool imap_line_wait(struct imap_line *line, bool can_idle, struct error *error)
{
	bool done = line->changed || (can_idle ? idle(line, clock_steady() + IMAP_IDLE_US, error) : doze(line, IMAP_DOZE_US, error));

	line->changed = false;
	return done;
}
