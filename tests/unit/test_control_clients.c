/* SPDX-License-Identifier: Apache-2.0 */
/* Clients as they come: who they are, what they send, how they leave; and the socket itself. */
#include "control_help.h"

#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/memory.h"
#include "gate/control_inside.h"
#include "gate/control_peer.h"

enum { NOBODY = 65534 };

static void answers_line_by_line_in_order(void **state)
{
	static const char two[] = "{\"verb\":\"mode show\",\"domain\":\"b\"}\n{\"verb\":\"incident list\"}\n{\"verb\":\"mode show\",";
	static const char rest[] = "\"domain\":\"c\"}\n";
	struct daemon daemon = { 0 };
	int fd;

	begin(&daemon);
	fd = connect_raw();
	assert_int_equal(write(fd, two, sizeof two - 1), sizeof two - 1);
	assert_string_equal(read_to_end(fd, 2), "{\"domain\":\"b\",\"mode\":\"observe\"}\n{\"incidents\":[]}\n");
	assert_int_equal(write(fd, rest, sizeof rest - 1), sizeof rest - 1);
	assert_string_equal(read_to_end(fd, 1), "{\"domain\":\"c\",\"mode\":\"observe\"}\n");
	close(fd);
	end(&daemon);
}

static void what_is_no_request_is_told_so_and_closed(void **state)
{
	static const struct { const char *sent, *said; } cases[] = {
		{ "hello\n", "{\"error\":\"no request: " },
		{ "[]\n", "{\"error\":\"no request: no JSON object\",\"fault\":\"faulty\"}\n" },
		{ "\n", "{\"error\":\"no request: " },
		{ "{\"verb\":\"dance\"}\n", "{\"error\":\"there is no verb 'dance'\",\"fault\":\"faulty\"}\n" },
		{ "{\"verb\":7}\n", "{\"error\":\"'verb' is wrong or too long\",\"fault\":\"faulty\"}\n" },
		{ "{\"verb\":\"whose\",\"ids\":[7]}\n", "{\"error\":\"'ids' is wrong or too long\",\"fault\":\"faulty\"}\n" },
		{ "{\"verb\":\"incident show\",\"incident\":-1}\n", "{\"error\":\"'incident' is wrong or too long\",\"fault\":\"faulty\"}\n" },
	};
	struct daemon daemon = { 0 };

	begin(&daemon);
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		int fd = connect_raw();
		const char *said;

		assert_int_equal(write(fd, cases[i].sent, strlen(cases[i].sent)), strlen(cases[i].sent));
		said = read_to_end(fd, SIZE_MAX);
		if (strncmp(said, cases[i].said, strlen(cases[i].said)) != 0)
			fail_msg("%s: %s", cases[i].sent, said);
		close(fd);
	}
	end(&daemon);
}

static void a_line_without_end_is_cut_off(void **state)
{
	struct daemon daemon = { 0 };
	char *much = memory_new(2 * CONTROL_LINE_MAX);
	int fd;

	begin(&daemon);
	memset(much, ' ', 2 * CONTROL_LINE_MAX);
	fd = connect_raw();
	assert_true(send(fd, much, 2 * CONTROL_LINE_MAX, MSG_NOSIGNAL) > 0);
	assert_non_null(strstr(read_to_end(fd, 1), "the request is longer than 131072 bytes"));
	close(fd);
	free(much);
	expect("{\"verb\":\"status\"}", NULL, "{\"accounts\":7}");
	end(&daemon);
}

static void who_is_silent_goes(void **state)
{
	struct daemon daemon = { .silence_us = SECOND_US / 2 };
	int quiet, half;

	begin(&daemon);
	quiet = connect_raw();
	half = connect_raw();
	assert_int_equal(write(half, "{\"verb\":", 8), 8);
	assert_string_equal(read_to_end(quiet, SIZE_MAX), "");
	assert_string_equal(read_to_end(half, SIZE_MAX), "");
	close(quiet);
	close(half);
	end(&daemon);
}

static void too_many_are_closed_at_once(void **state)
{
	struct daemon daemon = { 0 };
	int fds[CONTROL_CONNECTIONS_MAX];

	begin(&daemon);
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++) { /* answered, so that it is surely there */
		fds[i] = connect_raw();
		assert_int_equal(write(fds[i], "{\"verb\":\"status\"}\n", 18), 18);
		read_to_end(fds[i], 1);
	}
	expect_fault("{\"verb\":\"status\"}", "away: ");
	for (int i = 0; i < CONTROL_CONNECTIONS_MAX; i++)
		close(fds[i]);
	for (int i = 0; i < 100; i++) { /* soon there is room again */
		json_t *answer = NULL;
		const char *told = ask_for("{\"verb\":\"status\"}", &answer);

		json_decref(answer);
		if (!*told)
			break;
		assert_int_not_equal(i, 99);
		usleep(20000);
	}
	end(&daemon);
}

/* nothing leaks, and nobody waits for ever: half of them go away, then the daemon does */
static void who_leaves_leaves_nothing_behind(void **state)
{
	static const char *const asked[] = {
		"{\"verb\":\"account forget\",\"account\":\"alice\"}\n", "{\"verb\":\"incident show\",\"incident\":7}\n",
		"{\"verb\":\"account show\",\"account\":\"alice\"}\n{\"verb\":\"incident list\"}\n", "{\"verb\"",
	};
	struct daemon daemon = { .hangs = true };
	int fds[32];

	begin(&daemon);
	tell_story(&daemon);
	for (int i = 0; i < 32; i++) {
		const char *line = asked[i / 2 % 4];

		fds[i] = connect_raw();
		assert_int_equal(write(fds[i], line, strlen(line)), strlen(line));
		if (i % 2)
			close(fds[i]);
	}
	usleep(20000);
	end(&daemon);
	for (int i = 0; i < 32; i += 2)
		close(fds[i]);
}

/* ---- who may */

static void rights_come_from_groups(void **state)
{
	struct config_texts none = { 0 }, some = { 0 }, wrong = { 0 };
	struct control_peer peer = { .uid = NOBODY };
	struct passwd *nobody = getpwuid(NOBODY);
	struct group *group = nobody ? getgrgid(nobody->pw_gid) : NULL;
	char *names[] = { "no-such-group", group ? group->gr_name : NULL };

	if (!group)
		skip();
	some = (struct config_texts){ names, 2, 2 };
	wrong = (struct config_texts){ names, 1, 1 };
	control_peer_know(&peer, &none, &none);
	assert_int_equal(peer.right, CONTROL_NOTHING);
	control_peer_know(&peer, &wrong, &wrong);
	assert_int_equal(peer.right, CONTROL_NOTHING);
	control_peer_know(&peer, &wrong, &some);
	assert_int_equal(peer.right, CONTROL_LOOK);
	control_peer_know(&peer, &some, &some);
	assert_int_equal(peer.right, CONTROL_CHANGE);
	assert_string_equal(peer.who, "nobody(65534)");
	peer.uid = getuid();
	control_peer_know(&peer, &none, &none);
	assert_int_equal(peer.right, CONTROL_OWN);
	peer.uid = 4123456789u; /* nobody knows */
	control_peer_know(&peer, &some, &some);
	assert_int_equal(peer.right, CONTROL_NOTHING);
	assert_string_equal(peer.who, "(4123456789)");
}

/* as nobody: what is answered to `request`, as its first letter */
static int as_nobody(const char *request)
{
	int status;
	pid_t child = fork();

	if (child == 0) {
		json_t *answer = NULL;

		if (setgroups(0, NULL) != 0 || setgid(NOBODY) != 0 || setuid(NOBODY) != 0)
			_exit(1);
		_exit(*ask_for(request, &answer));
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	return WEXITSTATUS(status);
}

static void others_are_refused(void **state)
{
	struct daemon daemon = { .mode = DESK_LEARN };
	char *groups[] = { "nogroup" };

	if (getuid() != 0 || !getpwuid(NOBODY) || getpwuid(NOBODY)->pw_gid != NOBODY || !getgrnam("nogroup"))
		skip();
	assert_int_equal(chmod(folder, 0755), 0);
	begin(&daemon);
	assert_int_equal(as_nobody("{\"verb\":\"status\"}"), 'r');
	end(&daemon);
	begin(&daemon);
	daemon.config.support = (struct config_texts){ groups, 1, 1 };
	assert_int_equal(as_nobody("{\"verb\":\"status\"}"), '\0');
	assert_int_equal(as_nobody("{\"verb\":\"mode set\",\"domain\":\"example.org\",\"mode\":\"enforce\"}"), 'r');
	assert_int_equal(daemon.mode, DESK_LEARN);
	daemon.config.support = (struct config_texts){ 0 };
	end(&daemon);
}

/* what the owners' pages alone may ask, in their names: no operator, and no support */
static void nobody_speaks_for_owners(void **state)
{
	struct daemon daemon = { .mode = DESK_LEARN };
	char *groups[] = { "nogroup" }, request[200];
	size_t own = 0;

	if (getuid() != 0 || !getpwuid(NOBODY) || getpwuid(NOBODY)->pw_gid != NOBODY || !getgrnam("nogroup"))
		skip();
	assert_int_equal(chmod(folder, 0755), 0);
	for (int as_operator = 0; as_operator < 2; as_operator++) {
		begin(&daemon);
		*(as_operator ? &daemon.config.operators : &daemon.config.support) = (struct config_texts){ groups, 1, 1 };
		for (size_t i = 0; i < control_owner_verb_count; i++) {
			const struct control_verb *verb = &control_owner_verbs[i];

			snprintf(request, sizeof request, "{\"verb\":\"%s\",\"account\":\"alice\",\"code\":\"ABCD-EFGH\",\"incident\":7}", verb->name);
			assert_int_equal(verb->right, strncmp(verb->name, "owner ", 6) == 0 ? CONTROL_OWN : CONTROL_CHANGE);
			if (verb->right == CONTROL_OWN || !as_operator)
				assert_int_equal(as_nobody(request), 'r');
			else
				assert_int_not_equal(as_nobody(request), 'r');
			own += verb->right == CONTROL_OWN;
		}
		daemon.config.operators = daemon.config.support = (struct config_texts){ 0 };
		end(&daemon);
	}
	assert_true(own >= 12);
}

/* ---- the socket */

static void a_socket_left_behind_is_replaced_and_a_living_one_is_not(void **state)
{
	struct daemon daemon = { 0 };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);
	struct error error = { "" };
	struct control *second;
	uv_loop_t loop;

	snprintf(address.sun_path, sizeof address.sun_path, "%s", socket_path());
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
	close(fd);
	begin(&daemon);
	uv_loop_init(&loop);
	second = control_new(&loop, &(struct control_options){ .config = &daemon.config }, &error);
	assert_null(second);
	assert_non_null(strstr(error.text, "another sekisho answers there"));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	expect("{\"verb\":\"status\"}", NULL, "{\"accounts\":7}");
	end(&daemon);
	control_close(NULL);
}

static void what_is_away_is_said(void **state)
{
	struct daemon daemon = { 0 };

	begin(&daemon);
	do
		files("desk.db", true);
	while (mkdir(database(), 0700) != 0); /* so that it does not mend itself */
	expect_fault("{\"verb\":\"incident list\"}", "failed: '");
	rmdir(database());
	end(&daemon);
	expect_fault("{\"verb\":\"status\"}", "away: the daemon is away (");
}

static void a_file_that_is_no_socket_is_left_alone(void **state)
{
	struct config config;
	struct error error = { "" };
	uv_loop_t loop;
	FILE *file = fopen(socket_path(), "w");

	fclose(file);
	config_init(&config);
	set(&config.control_socket, socket_path());
	uv_loop_init(&loop);
	assert_null(control_new(&loop, &(struct control_options){ .config = &config }, &error));
	assert_non_null(strstr(error.text, "is there, and no socket"));
	uv_run(&loop, UV_RUN_DEFAULT);
	assert_int_equal(uv_loop_close(&loop), 0);
	assert_int_equal(access(socket_path(), F_OK), 0);
	config_done(&config);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(answers_line_by_line_in_order),
		TEST(what_is_no_request_is_told_so_and_closed),
		TEST(a_line_without_end_is_cut_off),
		TEST(who_is_silent_goes),
		TEST(too_many_are_closed_at_once),
		TEST(who_leaves_leaves_nothing_behind),
		TEST(rights_come_from_groups),
		TEST(others_are_refused),
		TEST(nobody_speaks_for_owners),
		TEST(a_socket_left_behind_is_replaced_and_a_living_one_is_not),
		TEST(what_is_away_is_said),
		TEST(a_file_that_is_no_socket_is_left_alone),
	};

	signal(SIGPIPE, SIG_IGN);
	setenv("TZ", "UTC", 1);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
