/* SPDX-License-Identifier: Apache-2.0 */
/* Sockets named in words: whose path is taken away and whose never, rights, addresses in numbers, what systemd hands over. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "intake/listen.h"

static char folder[64], path[96], where[128];
static struct listen_place place;
static struct error error;

static int begin(void **state)
{
	snprintf(folder, sizeof folder, "/tmp/sekisho-listen-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(path, sizeof path, "%s/policy", folder);
	snprintf(where, sizeof where, "unix:%s", path);
	return 0;
}

static int end(void **state)
{
	unlink(path);
	return rmdir(folder);
}

static void shut(const struct listen_place *opened)
{
	for (size_t i = 0; i < opened->count; i++)
		close(opened->sockets[i]);
}

static bool can_connect(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	bool connected;

	snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
	connected = connect(fd, (struct sockaddr *)&address, sizeof address) == 0;
	close(fd);
	return connected;
}

static void makes_a_socket_with_its_rights(void **state)
{
	struct stat made, above;

	if (geteuid() == 0) /* another group than ours, as Postfix's is */
		assert_int_equal(chown(folder, 0, 12), 0);
	assert_true(listen_open(where, &place, &error));
	assert_int_equal(place.count, 1);
	assert_true(can_connect());
	assert_int_equal(stat(path, &made), 0);
	assert_int_equal(stat(folder, &above), 0);
	assert_true(S_ISSOCK(made.st_mode));
	assert_int_equal(made.st_mode & 07777, 0660);
	assert_int_equal(made.st_gid, above.st_gid);
	shut(&place);
	listen_forget(&place);
	assert_int_not_equal(lstat(path, &made), 0);
}

static void takes_a_stale_one_away(void **state)
{
	struct listen_place stale;

	assert_true(listen_open(where, &stale, &error));
	shut(&stale);
	assert_false(can_connect());
	assert_true(listen_open(where, &place, &error));
	assert_true(can_connect());
	listen_forget(&stale); /* who made the first one leaves the second one alone */
	assert_true(can_connect());
	shut(&place);
	listen_forget(&place);
}

static void leaves_a_living_one_alone(void **state)
{
	struct listen_place second;

	assert_true(listen_open(where, &place, &error));
	assert_false(listen_open(where, &second, &error));
	assert_non_null(strstr(error.text, "another program does"));
	assert_true(can_connect());
	shut(&place);
	listen_forget(&place);
}

static void leaves_what_is_no_socket_alone(void **state)
{
	struct stat there;
	int fd = open(path, O_CREAT | O_WRONLY, 0600);

	assert_int_equal(write(fd, "mail", 4), 4);
	close(fd);
	assert_false(listen_open(where, &place, &error));
	assert_non_null(strstr(error.text, "no socket"));
	assert_int_equal(stat(path, &there), 0);
	assert_int_equal(there.st_size, 4);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(symlink("elsewhere", path), 0);
	assert_false(listen_open(where, &place, &error));
	assert_int_equal(lstat(path, &there), 0);
}

static void refuses_what_it_cannot_mean(void **state)
{
	static const struct {
		const char *where, *named;
	} rows[] = {
		{ "", "neither" },
		{ "/run/policy", "neither" },
		{ "10040", "neither" },
		{ "unix:", "no path" },
		{ "unix:policy", "no path" },
		{ "unix:/" /* 108 bytes */ "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
		  "no path" },
		{ "unix:/nowhere/at/all", "No such file" },
		{ "inet:", "in numbers" },
		{ "inet:10040", "in numbers" },
		{ "inet:localhost:10040", "in numbers" },
		{ "inet:127.0.0.1", "in numbers" },
		{ "inet:127.0.0.1:", "in numbers" },
		{ "inet:127.0.0.1:0", "in numbers" },
		{ "inet:127.0.0.1:65536", "in numbers" },
		{ "inet:127.0.0.1:10040x", "in numbers" },
		{ "inet:::1:10040", "in numbers" },
		{ "inet:[::1:10040", "in numbers" },
		{ "inet:[::1]10040", "in numbers" },
		{ "inet:[127.0.0.1]:10040", "in numbers" },
		{ "inet:[]:10040", "in numbers" },
		{ "inet:203.0.113.1:10040", "203.0.113.1:10040" }, /* not an address of this machine */
		{ "systemd:", "no socket" },
		{ "systemd:policy", "no socket" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (listen_open(rows[i].where, &place, &error))
			fail_msg("'%s' is no place", rows[i].where);
		if (!strstr(error.text, rows[i].named))
			fail_msg("'%s': '%s' does not say \"%s\"", rows[i].where, error.text, rows[i].named);
	}
}

static void listens_on_loopback(void **state)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t size = sizeof address;
	int free_port = socket(AF_INET, SOCK_STREAM, 0), client = socket(AF_INET, SOCK_STREAM, 0);
	struct listen_place second;

	assert_int_equal(bind(free_port, (struct sockaddr *)&address, sizeof address), 0);
	assert_int_equal(getsockname(free_port, (struct sockaddr *)&address, &size), 0);
	close(free_port);
	snprintf(where, sizeof where, "inet:127.0.0.1:%u", ntohs(address.sin_port));
	assert_true(listen_open(where, &place, &error));
	assert_int_equal(connect(client, (struct sockaddr *)&address, sizeof address), 0);
	assert_false(listen_open(where, &second, &error));
	assert_non_null(strstr(error.text, "in use"));
	close(client);
	shut(&place);
}

/* what a child with systemd's words in its environment gets: its count of sockets, or 99 */
static int child_gets(const char *wanted)
{
	pid_t child = fork();
	int status;

	if (child == 0) {
		char pid[16];
		int first = socket(AF_UNIX, SOCK_STREAM, 0), second = socket(AF_INET, SOCK_STREAM, 0);
		struct sockaddr_in any = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
		struct sockaddr_un own = { .sun_family = AF_UNIX };

		snprintf(own.sun_path, sizeof own.sun_path, "%s", path);
		first = fcntl(first, F_DUPFD, 10);
		second = fcntl(second, F_DUPFD, 10);
		if (bind(first, (struct sockaddr *)&own, sizeof own) != 0 || listen(first, 1) != 0 ||
		    bind(second, (struct sockaddr *)&any, sizeof any) != 0 || listen(second, 1) != 0)
			_exit(98);
		dup2(first, 3);
		dup2(second, 4);
		snprintf(pid, sizeof pid, "%d", (int)getpid());
		setenv("LISTEN_PID", pid, 1);
		setenv("LISTEN_FDS", "2", 1);
		setenv("LISTEN_FDNAMES", "policy:auth", 1);
		_exit(listen_open(wanted, &place, &error) ? (int)place.count * 10 + place.sockets[0] : 99);
	}
	assert_true(child > 0 && waitpid(child, &status, 0) == child && WIFEXITED(status));
	unlink(path);
	return WEXITSTATUS(status);
}

static void takes_what_systemd_hands_over(void **state)
{
	assert_int_equal(child_gets("systemd:"), 23);
	assert_int_equal(child_gets("systemd:policy"), 13);
	assert_int_equal(child_gets("systemd:auth"), 14);
	assert_int_equal(child_gets("systemd:other"), 99);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_a_socket_with_its_rights, begin, end),
		cmocka_unit_test_setup_teardown(takes_a_stale_one_away, begin, end),
		cmocka_unit_test_setup_teardown(leaves_a_living_one_alone, begin, end),
		cmocka_unit_test_setup_teardown(leaves_what_is_no_socket_alone, begin, end),
		cmocka_unit_test(refuses_what_it_cannot_mean),
		cmocka_unit_test_setup_teardown(listens_on_loopback, begin, end),
		cmocka_unit_test_setup_teardown(takes_what_systemd_hands_over, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
