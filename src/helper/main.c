/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho-queue(8): the only part of sekisho that runs as root. */
#include <errno.h>
#include <getopt.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "configuration.h"
#include "helper/server.h"

enum { ACTIVATED_FD = 3, WAITING_MAX = 64 }; /* sd_listen_fds(3) */

struct options {
	const char *listen, *settings;
};

static const char usage[] = "usage: sekisho-queue [--config FILE] [--listen PATH]\n"
			    "Answers sekisho about Postfix's queue; see sekisho-queue(8).\n";

/* Whether systemd gave us a socket: two words of the environment, for which libsystemd, with all that it brings along, is
 * not taken into a program that is root. */
static bool is_activated(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	char ours[32];

	snprintf(ours, sizeof ours, "%ld", (long)getpid());
	return pid && count && strcmp(pid, ours) == 0 && strcmp(count, "1") == 0;
}

static int listen_at(const char *path, uid_t user, struct error *error)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	struct stat st;
	int fd;

	if (strlen(path) >= sizeof where.sun_path) {
		error_set(error, "'%s' is too long for a socket", path);
		return -1;
	}
	text_copy(where.sun_path, sizeof where.sun_path, text_of(path));
	if (lstat(path, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(path);
	umask(0177);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&where, sizeof where) == 0 &&
	    (user == geteuid() || chown(path, user, (gid_t)-1) == 0) && listen(fd, WAITING_MAX) == 0)
		return fd;
	error_set(error, "cannot listen at '%s': %s", path, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

/* -1: go on; else the exit status */
static int read_options(int argc, char **argv, struct options *options)
{
	static const struct option names[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "listen", required_argument, NULL, 'l' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "c:l:h", names, NULL)) != -1)
		switch (option) {
		case 'c': options->settings = optarg; break;
		case 'l': options->listen = optarg; break;
		case 'h': fputs(usage, stdout); return 0;
		case 'v': puts("sekisho-queue " SEKISHO_VERSION); return 0;
		default: return 2;
		}
	if (optind == argc)
		return -1;
	fputs(usage, stderr);
	return 2;
}

static bool run(const struct options *options, struct work *work, struct error *error)
{
	bool activated = !options->listen && is_activated();
	int listener = ACTIVATED_FD;

	if (!activated && !options->listen)
		return error_set(error, "no socket: it is started by sekisho-queue.socket, or by hand with --listen");
	if (!work_open(work, options->settings, error))
		return false;
	if (!activated)
		listener = listen_at(options->listen, work->settings.user, error);
	return listener >= 0 && server_run(work, listener, activated, error);
}

int main(int argc, char **argv)
{
	static struct work work;
	struct options options = { .settings = SEKISHO_QUEUE_CONF_FILE };
	struct error error;
	int status = read_options(argc, argv, &options);

	if (status >= 0)
		return status;
	if (run(&options, &work, &error))
		return 0;
	fprintf(stderr, "sekisho-queue: %s\n", error.text);
	return 1;
}
