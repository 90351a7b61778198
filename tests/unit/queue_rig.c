/* SPDX-License-Identifier: Apache-2.0 */
#include "queue_rig.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"

enum { HEARD_MAX = 8 * 1024 * 1024, PATIENCE_MS = 20000 };

static const char postsuper[] =
	"#!/bin/sh\n"
	"cd \"${0%/*}\" && ids=$(cat) && echo \"postsuper $* [\" $ids ]; echo \"postsuper $* [\" $ids ] >> said\n"
	"case $3 in\n"
	"-H) cd hold && mv -n -t ../deferred $ids ;;\n"
	"-h) for queue in incoming active deferred; do (cd $queue && mv -n -t ../hold $ids); done ;;\n"
	"-d) cd \"$5\" && rm -f $ids ;;\n"
	"esac 2> /dev/null\n"
	"true\n";

static const char postqueue[] = "#!/bin/sh\n"
				"cd \"${0%/*}\" && echo \"postqueue $*\" >> said && mv -n deferred/$4 incoming/\n";

static const char *path_in(const struct queue_rig *rig, const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", rig->folder, name);
	return path;
}

void queue_rig_write(const struct queue_rig *rig, const char *name, const char *bytes, unsigned mode)
{
	int fd = open(path_in(rig, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	assert(fd >= 0 && write(fd, bytes, strlen(bytes)) == (ssize_t)strlen(bytes));
	assert(fchmod(fd, mode) == 0);
	close(fd);
}

void queue_rig_begin(struct queue_rig *rig)
{
	static const char *const queues[] = { "hold", "deferred", "deferred/2", "incoming", "active" };
	char text[1024];

	*rig = (struct queue_rig){ .folder = "/tmp/sekisho-queue-XXXXXX" };
	assert(mkdtemp(rig->folder));
	snprintf(rig->socket, sizeof rig->socket, "%s/socket", rig->folder);
	for (size_t i = 0; i < sizeof queues / sizeof *queues; i++)
		assert(mkdir(path_in(rig, queues[i]), 0700) == 0);
	queue_rig_write(rig, "postsuper", postsuper, 0755);
	queue_rig_write(rig, "postqueue", postqueue, 0755);
	snprintf(text, sizeof text, "#!/bin/sh\necho %s\n", rig->folder);
	queue_rig_write(rig, "postconf", text, 0755);
	snprintf(text, sizeof text,
		 "# a remark\npostsuper = %s/postsuper\npostqueue=%s/postqueue\n\n  postconf = %s/postconf\n"
		 "postfix = /etc/postfix-test\nuser = %lu\n",
		 rig->folder, rig->folder, rig->folder, (unsigned long)geteuid());
	queue_rig_write(rig, "queue.conf", text, 0600);
	queue_rig_write(rig, "said", "", 0600);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *where) { return remove(path); }

void queue_rig_end(struct queue_rig *rig)
{
	if (rig->helper)
		queue_rig_kill(rig);
	nftw(rig->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int queue_rig_dial(const struct queue_rig *rig)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	text_copy(where.sun_path, sizeof where.sun_path, text_of(rig->socket));
	if (connect(fd, (const struct sockaddr *)&where, sizeof where) == 0)
		return fd;
	close(fd);
	return -1;
}

void queue_rig_start(struct queue_rig *rig)
{
	const char *program = getenv("SEKISHO_QUEUE_HELPER");
	char settings[128];
	int fd;

	assert(program);
	snprintf(settings, sizeof settings, "%s/queue.conf", rig->folder);
	rig->helper = fork();
	if (rig->helper == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL); /* a test that fails leaves nothing behind */
		execl(program, program, "--config", settings, "--listen", rig->socket, NULL);
		_exit(127);
	}
	while ((fd = queue_rig_dial(rig)) < 0) {
		assert(waitpid(rig->helper, NULL, WNOHANG) == 0);
		usleep(2000);
	}
	close(fd);
}

void queue_rig_kill(struct queue_rig *rig)
{
	kill(rig->helper, SIGKILL);
	waitpid(rig->helper, NULL, 0);
	unlink(rig->socket);
	rig->helper = 0;
}

static size_t record(char *to, char type, const char *data)
{
	size_t n = strlen(data);

	assert(n < 128);
	to[0] = type;
	to[1] = (char)n;
	memcpy(to + 2, data, n);
	return n + 2;
}

void queue_rig_put(const struct queue_rig *rig, const char *place, const char *id, int64_t arrival_s, const char *sender)
{
	char head[1024], text[128], name[128];
	size_t n = record(head, 'C', "            603             647               2               0             603               0");
	int fd;

	snprintf(text, sizeof text, "%lld 107712", (long long)arrival_s);
	n += record(head + n, 'T', text);
	n += record(head + n, 'A', "sasl_username=taro@provider.test");
	n += record(head + n, 'S', sender);
	n += record(head + n, 'M', "");
	n += record(head + n, 'T', "1 1"); /* of the text: it is no time */
	snprintf(name, sizeof name, "%s/%s", place, id);
	fd = open(path_in(rig, name), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0700);
	assert(fd >= 0 && write(fd, head, n) == (ssize_t)n);
	futimens(fd, (struct timespec[]){ { .tv_sec = arrival_s }, { .tv_sec = arrival_s } });
	close(fd);
}

bool queue_rig_has(const struct queue_rig *rig, const char *place, const char *id)
{
	char name[128];

	snprintf(name, sizeof name, "%s/%s", place, id);
	return access(path_in(rig, name), F_OK) == 0;
}

char *queue_rig_said(const struct queue_rig *rig)
{
	char *said = memory_new(HEARD_MAX);
	int fd = open(path_in(rig, "said"), O_RDONLY | O_CLOEXEC);
	ssize_t n = read(fd, said, HEARD_MAX - 1);

	assert(n >= 0);
	said[n] = '\0';
	close(fd);
	return said;
}

static size_t lines_in(const char *text, size_t n)
{
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		count += text[i] == '\n';
	return count;
}

char *queue_rig_ask(const struct queue_rig *rig, struct text said, size_t lines)
{
	char *heard = memory_new(HEARD_MAX);
	struct pollfd ready = { .fd = queue_rig_dial(rig), .events = POLLIN | (said.n ? POLLOUT : 0) };
	size_t n = 0, gone = 0;
	ssize_t step = 1;

	assert(ready.fd >= 0);
	while (step > 0 && lines_in(heard, n) < lines && poll(&ready, 1, PATIENCE_MS) > 0) {
		if (ready.revents & POLLOUT) {
			step = send(ready.fd, said.p + gone, said.n - gone, MSG_NOSIGNAL | MSG_DONTWAIT);
			gone += step > 0 ? (size_t)step : 0;
			ready.events = gone == said.n || step < 0 ? POLLIN : POLLIN | POLLOUT;
			step = 1;
		}
		if (ready.revents & (POLLIN | POLLHUP) && (step = recv(ready.fd, heard + n, HEARD_MAX - 1 - n, 0)) > 0)
			n += (size_t)step;
	}
	heard[n] = '\0';
	close(ready.fd);
	return heard;
}
