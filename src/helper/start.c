/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/start.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"
#include "configuration.h"

enum { ACTIVATED_FD = 3, WAITING_MAX = 64 }; /* sd_listen_fds(3) */

static void usage(const struct start *start, FILE *to)
{
	fprintf(to, "usage: %s [--config FILE] [--listen PATH]\n%s; see %s(8).\n", start->program, start->about, start->program);
}

int start_options(struct start *start, int argc, char **argv)
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
		case 'c': start->settings = optarg; break;
		case 'l': start->listen = optarg; break;
		case 'h': usage(start, stdout); return 0;
		case 'v': printf("%s %s\n", start->program, SEKISHO_VERSION); return 0;
		default: return 2;
		}
	if (optind == argc)
		return -1;
	usage(start, stderr);
	return 2;
}

/* Whether systemd gave us a socket: two words of the environment, for which libsystemd, with all that it brings along, is
 * not taken into a program that is root. */
static bool is_activated(void)
{
	const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
	char ours[32];

	snprintf(ours, sizeof ours, "%ld", (long)getpid());
	return pid && count && strcmp(pid, ours) == 0 && strcmp(count, "1") == 0;
}

bool start_has_socket(const struct start *start, bool *by_systemd, struct error *error)
{
	*by_systemd = !start->listen && is_activated();
	return *by_systemd || start->listen ||
	       error_set(error, "no socket: it is started by %s.socket, or by hand with --listen", start->program);
}

int start_listen(const struct start *start, uid_t user, struct error *error)
{
	struct sockaddr_un where = { .sun_family = AF_UNIX };
	struct stat st;
	int fd;

	if (!start->listen)
		return ACTIVATED_FD;
	if (strlen(start->listen) >= sizeof where.sun_path) {
		error_set(error, "'%s' is too long for a socket", start->listen);
		return -1;
	}
	text_copy(where.sun_path, sizeof where.sun_path, text_of(start->listen));
	if (lstat(start->listen, &st) == 0 && S_ISSOCK(st.st_mode))
		unlink(start->listen);
	umask(0177);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd >= 0 && bind(fd, (const struct sockaddr *)&where, sizeof where) == 0 &&
	    (user == geteuid() || chown(start->listen, user, (gid_t)-1) == 0) && listen(fd, WAITING_MAX) == 0)
		return fd;
	error_set(error, "cannot listen at '%s': %s", start->listen, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}
