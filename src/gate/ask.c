/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/ask_line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"

enum { READ_BYTES = 64 * 1024 };

static int away(const char *path, const char *why, struct error *error)
{
	error_set(error, _("the daemon is away (%s: %s); is 'sekisho serve' running?"), path, why);
	return -1;
}

int ask_connect(const char *path, struct error *error)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct timeval patience = { .tv_sec = ASK_WAIT_S };
	int fd, failed;

	if (strlen(path) >= sizeof address.sun_path)
		return away(path, strerror(ENAMETOOLONG), error);
	memcpy(address.sun_path, path, strlen(path));
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return away(path, strerror(errno), error);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
	if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	failed = errno;
	close(fd);
	if (failed != EACCES)
		return away(path, strerror(failed), error);
	error_set(error, _("you may not ask the daemon (%s: %s)"), path, strerror(failed));
	return ASK_NOT_ALLOWED;
}

/* who is turned away is told so before anything is read: what cannot be sent needs no sending */
static void send_line(int fd, json_t *request)
{
	char *line = json_dumps(request, JSON_COMPACT);
	size_t n = line ? strlen(line) : 0, sent = 0;

	if (line)
		line[n++] = '\n'; /* where the end stood */
	while (sent < n) {
		ssize_t went = send(fd, line + sent, n - sent, MSG_NOSIGNAL);

		if (went <= 0)
			break;
		sent += (size_t)went;
	}
	if (line)
		explicit_bzero(line, n); /* there may be a password in it */
	free(line);
}

/* up to the end of the line; NULL where it does not come */
static char *read_line(int fd, size_t *n)
{
	size_t room = READ_BYTES, got = 0;
	char *line = memory_new(room);

	for (;;) {
		ssize_t came = recv(fd, line + got, room - got, 0);

		if (came <= 0 || room >= ASK_ANSWER_MAX)
			break;
		got += (size_t)came;
		if (line[got - 1] == '\n') {
			*n = got;
			return line;
		}
		if (got == room)
			line = memory_resize(line, room *= 2, 1);
	}
	free(line);
	return NULL;
}

static enum ask_result fault_of(const json_t *answer, const json_t *sentence, struct error *error)
{
	static const struct { const char *name; enum ask_result result; } faults[] = {
		{ "faulty", ASK_FAULTY }, { "refused", ASK_REFUSED }, { "absent", ASK_ABSENT },
		{ "no", ASK_NO },	    { "former", ASK_FORMER },
	};
	const char *fault = json_string_value(json_object_get(answer, "fault"));

	error_set(error, "%s", json_string_value(sentence));
	for (size_t i = 0; fault && i < sizeof faults / sizeof *faults; i++)
		if (strcmp(faults[i].name, fault) == 0)
			return faults[i].result;
	return ASK_FAILED;
}

enum ask_result ask_understand(const char *path, const char *line, size_t n, json_t **answer, struct error *error)
{
	json_t *said = line ? json_loadb(line, n, 0, NULL) : NULL;
	const json_t *sentence = json_object_get(said, "error");
	enum ask_result result = ASK_ANSWERED;

	if (!json_is_object(said)) {
		away(path, line ? _("what it says is no answer") : _("it did not answer"), error);
		result = ASK_AWAY;
	} else if (json_is_string(sentence)) {
		result = fault_of(said, sentence, error);
	} else {
		*answer = json_incref(said);
	}
	json_decref(said);
	return result;
}

enum ask_result ask(const char *socket_path, json_t *request, json_t **answer, struct error *error)
{
	enum ask_result result = ASK_AWAY;
	int fd = ask_connect(socket_path, error);
	size_t n = 0;
	char *line;

	if (fd == ASK_NOT_ALLOWED)
		result = ASK_NO;
	if (fd >= 0) {
		send_line(fd, request);
		line = read_line(fd, &n);
		close(fd);
		result = ask_understand(socket_path, line, n, answer, error);
		free(line);
	}
	json_decref(request);
	return result;
}
