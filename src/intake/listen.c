/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/text.h"

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
	struct sockaddr_un local;
};

static int new_socket(int family) { return socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0); }

/* closes it where it failed, and says why */
static bool failed(int fd, const char *where, struct error *error)
{
	error_set(error, _("cannot listen on '%s': %s"), where, strerror(errno));
	if (fd >= 0)
		close(fd);
	return false;
}

/* ---- unix */

/* does a living program take connections there? Also where that cannot be told */
static bool is_taken(const union address *address)
{
	int fd = new_socket(AF_UNIX);
	bool stale = fd >= 0 && connect(fd, &address->any, sizeof address->local) != 0 && errno == ECONNREFUSED;

	if (fd >= 0)
		close(fd);
	return !stale;
}

static bool clear_path(const union address *address, struct error *error)
{
	const char *path = address->local.sun_path;
	struct stat there;

	if (lstat(path, &there) != 0)
		return errno == ENOENT || failed(-1, path, error);
	if (!S_ISSOCK(there.st_mode))
		return error_set(error, _("cannot listen on '%s': what lies there is no socket"), path);
	if (is_taken(address))
		return error_set(error, _("cannot listen on '%s': another program does"), path);
	return unlink(path) == 0 || failed(-1, path, error);
}

/* nobody can connect before it listens, so what bind made may be set right afterwards */
static bool set_rights(const char *path)
{
	char folder[LISTEN_PATH_MAX];
	struct stat there, made;
	struct text above = { path, (size_t)(strrchr(path, '/') - path) };

	text_copy(folder, sizeof folder, above.n ? above : TEXT("/"));
	if (stat(folder, &there) != 0 || lstat(path, &made) != 0)
		return false;
	return (made.st_gid == there.st_gid || lchown(path, (uid_t)-1, there.st_gid) == 0) && chmod(path, 0660) == 0;
}

static bool open_unix(struct text path, struct listen_place *place, struct error *error)
{
	union address address = { .local = { .sun_family = AF_UNIX } };
	const char *name = address.local.sun_path;
	int fd;

	if (!text_starts(path, TEXT("/")) || path.n >= LISTEN_PATH_MAX)
		return error_set(error, _("'%s' is no path from the root of at most %d bytes"), path.p, LISTEN_PATH_MAX - 1);
	text_copy(address.local.sun_path, sizeof address.local.sun_path, path);
	if (!clear_path(&address, error))
		return false;
	fd = new_socket(AF_UNIX);
	if (fd < 0 || bind(fd, &address.any, sizeof address.local) != 0)
		return failed(fd, name, error);
	if (set_rights(name) && listen(fd, LISTEN_BACKLOG) == 0) {
		text_copy(place->path, sizeof place->path, path);
		place->sockets[place->count++] = fd;
		return true;
	}
	failed(fd, name, error);
	unlink(name);
	return false;
}

/* ---- inet */

/* "address:port", "[address]:port" */
static bool take_address(struct text text, union address *address)
{
	const char *colon = memrchr(text.p, ':', text.n);
	char host[INET6_ADDRSTRLEN];
	struct text name;
	uint64_t port;
	bool v6;

	if (!colon || !text_number(text_between(colon + 1, text.p + text.n), UINT16_MAX, &port) || !port)
		return false;
	name = text_between(text.p, colon);
	v6 = text_starts(name, TEXT("[")) && text_ends(name, TEXT("]"));
	if (v6)
		name = text_between(name.p + 1, name.p + name.n - 1);
	if (name.n >= sizeof host)
		return false;
	text_copy(host, sizeof host, name);
	if (v6) {
		address->v6 = (struct sockaddr_in6){ .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
		return inet_pton(AF_INET6, host, &address->v6.sin6_addr) == 1;
	}
	address->v4 = (struct sockaddr_in){ .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	return inet_pton(AF_INET, host, &address->v4.sin_addr) == 1;
}

static bool open_inet(struct text where, struct listen_place *place, struct error *error)
{
	union address address = { 0 };
	int fd, on = 1;

	if (!take_address(where, &address))
		return error_set(error, _("'%s' is no address and port in numbers"), where.p);
	fd = new_socket(address.any.sa_family);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0)
		return failed(fd, where.p, error);
	if (address.any.sa_family == AF_INET6 && setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) != 0)
		return failed(fd, where.p, error);
	if (bind(fd, &address.any, sizeof address) != 0 || listen(fd, LISTEN_BACKLOG) != 0)
		return failed(fd, where.p, error);
	place->sockets[place->count++] = fd;
	return true;
}

/* ---- systemd */

static bool open_systemd(struct text name, struct listen_place *place, struct error *error)
{
	char **names = NULL;
	int count = sd_listen_fds_with_names(0, &names);

	for (int i = 0; i < count; i++) {
		int fd = SD_LISTEN_FDS_START + i;
		bool wanted = !name.n || text_is(text_of(names[i]), name);

		if (wanted && place->count < LISTEN_SOCKETS_MAX && sd_is_socket(fd, AF_UNSPEC, SOCK_STREAM, 1) > 0)
			place->sockets[place->count++] = fd;
		free(names[i]);
	}
	free(names);
	return place->count || error_set(error, _("systemd handed over no socket for '%s'"), name.p);
}

/* ---- */

bool listen_open(const char *where, struct listen_place *place, struct error *error)
{
	static const struct {
		struct text head;
		bool (*open)(struct text rest, struct listen_place *place, struct error *error);
	} kinds[] = {
		{ { "unix:", 5 }, open_unix },
		{ { "inet:", 5 }, open_inet },
		{ { "systemd:", 8 }, open_systemd },
	};
	struct text text = text_of(where);

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		struct listen_place opened = { 0 };

		if (!text_starts(text, kinds[i].head))
			continue;
		if (!kinds[i].open(text_after(text, kinds[i].head.n), &opened, error))
			return false;
		*place = opened;
		return true;
	}
	return error_set(error, _("'%s' begins with neither 'unix:' nor 'inet:' nor 'systemd:'"), where);
}

bool listen_is_place(const char *where, struct error *error)
{
	struct text text = text_of(where);
	union address address;

	if (text_starts(text, TEXT("unix:")))
		return (text_starts(text, TEXT("unix:/")) && text.n - 5 < LISTEN_PATH_MAX) ||
		       error_set(error, _("'%s' is no path from the root of at most %d bytes"), where + 5, LISTEN_PATH_MAX - 1);
	if (text_starts(text, TEXT("inet:")))
		return take_address(text_after(text, 5), &address) || error_set(error, _("'%s' is no address and port in numbers"), where + 5);
	return text_starts(text, TEXT("systemd:")) || error_set(error, _("'%s' begins with neither 'unix:' nor 'inet:' nor 'systemd:'"), where);
}

void listen_forget(const struct listen_place *place)
{
	union address address = { .local = { .sun_family = AF_UNIX } };

	text_copy(address.local.sun_path, sizeof address.local.sun_path, text_of(place->path));
	if (place->path[0] && !is_taken(&address))
		unlink(place->path);
}
