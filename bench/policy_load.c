/* SPDX-License-Identifier: Apache-2.0 */
/* Asks a policy service as Postfix does, and tells what that cost the service.
 *
 *   policy_load [-c connections] [-a accounts] [-r recipients] [-s seconds] [-u] [-p pid] PORT | unix:/PATH
 *   policy_load --echo PORT | unix:/PATH     the limit: one thread that finds the empty line and answers DUNNO
 *   policy_load -a accounts --history DAYS   what these accounts did before, as a log
 *
 * A closed loop: each connection has one request under way. It is an smtpd: sessions of some messages of one account from one
 * address, each message a new instance, its recipients in RCPT requests, then END-OF-MESSAGE. They are the owners of gate_world.h,
 * drawn at random, or with -u one after the other, each once. With -p the processor time of that process, thread by thread, is read
 * before and after; its first thread is told by itself, too. What is done in the first half second is not counted.
 *
 * Prints one JSON object. */
#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <getopt.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "gate_world.h"

enum { EVENTS = 256, BUFFER_BYTES = 64 * 1024, REQUEST_BYTES = 2048, CONNECTIONS_MOST = 50000, THREADS_MOST = 64 };
enum { MESSAGES = 4 /* a session */, STRANGER_OF = 20 /* recipients are nobody's friend once in so many */ };
#define WARM_S 0.5
static const char answer[] = "action=DUNNO\n\n";

static void fail(const char *what, const char *name)
{
	fprintf(stderr, "policy_load: %s '%s': %s\n", what, name, strerror(errno));
	exit(1);
}

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- sockets */

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_un local;
};

static union address address_of(const char *where)
{
	union address address = { 0 };

	if (strncmp(where, "unix:", 5) == 0) {
		address.local.sun_family = AF_UNIX;
		snprintf(address.local.sun_path, sizeof address.local.sun_path, "%s", where + 5);
	} else {
		address.v4.sin_family = AF_INET;
		address.v4.sin_port = htons((uint16_t)strtoul(where, NULL, 10));
		address.v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	}
	return address;
}

static socklen_t size_of(const union address *address)
{
	return address->any.sa_family == AF_UNIX ? sizeof address->local : sizeof address->v4;
}

static void no_delay(int fd)
{
	int on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); /* in vain on a unix socket, which has no delay */
}

static void watch(int epoll, int fd, uint32_t number)
{
	struct epoll_event event = { .events = EPOLLIN, .data.u32 = number };

	if (epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
		fail("cannot watch", "a socket");
}

/* ---- the limit */

static int begin_to_listen(const char *where)
{
	union address address = address_of(where);
	int fd = socket(address.any.sa_family, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
	if (address.any.sa_family == AF_UNIX)
		unlink(address.local.sun_path);
	if (bind(fd, &address.any, size_of(&address)) != 0 || listen(fd, 4096) != 0)
		fail("cannot listen on", where);
	return fd;
}

/* a request of ours comes in one piece, so what ends with the empty line is whole */
static void echo_one(int fd)
{
	static char buffer[BUFFER_BYTES];
	ssize_t got = recv(fd, buffer, sizeof buffer, 0);

	if (got <= 0)
		close(fd);
	else if (got >= 2 && memcmp(buffer + got - 2, "\n\n", 2) == 0)
		send(fd, answer, sizeof answer - 1, MSG_NOSIGNAL);
}

static void echo(const char *where)
{
	struct epoll_event events[EVENTS];
	int listener = begin_to_listen(where), epoll = epoll_create1(0);

	watch(epoll, listener, (uint32_t)listener);
	for (;;) {
		int count = epoll_wait(epoll, events, EVENTS, -1);

		for (int i = 0; i < count; i++) {
			int fd = (int)events[i].data.u32;

			if (fd != listener) {
				echo_one(fd);
			} else if ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK)) >= 0) {
				no_delay(fd);
				watch(epoll, fd, (uint32_t)fd);
			}
		}
	}
}

/* ---- the processor time of a process, by thread */

struct thread {
	char name[32];
	unsigned long id;
	double cpu;
};

struct threads {
	struct thread items[THREADS_MOST];
	size_t count;
};

static bool read_line(const char *path, char *to, size_t room)
{
	FILE *file = fopen(path, "re");
	bool taken = file && fgets(to, (int)room, file);

	if (file)
		fclose(file);
	if (taken)
		to[strcspn(to, "\n")] = '\0';
	return taken;
}

static void look_at_thread(const char *pid, const char *id, struct threads *threads)
{
	struct thread *thread = &threads->items[threads->count];
	char path[128], line[128];

	snprintf(path, sizeof path, "/proc/%s/task/%s/schedstat", pid, id);
	if (threads->count == THREADS_MOST || !read_line(path, line, sizeof line))
		return;
	thread->cpu = strtod(line, NULL) / 1e9;
	thread->id = strtoul(id, NULL, 10);
	snprintf(path, sizeof path, "/proc/%s/task/%s/comm", pid, id);
	if (read_line(path, thread->name, sizeof thread->name))
		threads->count++;
}

static void look_at(const char *pid, struct threads *threads)
{
	char path[64];
	struct dirent *entry;
	DIR *folder;

	threads->count = 0;
	if (!pid)
		return;
	snprintf(path, sizeof path, "/proc/%s/task", pid);
	folder = opendir(path);
	if (!folder)
		fail("cannot look at process", pid);
	while ((entry = readdir(folder)))
		if (entry->d_name[0] != '.')
			look_at_thread(pid, entry->d_name, threads);
	closedir(folder);
}

static double cpu_before(const struct threads *before, unsigned long id)
{
	for (size_t i = 0; i < before->count; i++)
		if (before->items[i].id == id)
			return before->items[i].cpu;
	return 0;
}

/* ---- the load */

struct client {
	int fd;
	uint32_t port, account, place, rcpts, messages;
	uint64_t instance;
};

struct load {
	const char *where, *pid;
	uint32_t clients, accounts, rcpts, next_account;
	bool in_turn;
	double seconds;
	struct client *items;
	uint64_t random, answers, answers_most;
};

static uint64_t next_random(struct load *load) { return world_random(&load->random); }

static void begin_message(struct load *load, struct client *client)
{
	if (load->in_turn || client->messages++ % MESSAGES == 0) { /* another session */
		client->account = load->in_turn ? load->next_account++ % load->accounts : (uint32_t)(next_random(load) % load->accounts);
		client->place = (uint32_t)(next_random(load) % WORLD_PLACES);
		client->port = 1024 + (uint32_t)(next_random(load) % 60000);
	}
	client->instance = next_random(load);
}

/* the attributes of Postfix 3.7, in its order */
static size_t write_request(struct load *load, struct client *client, char *to)
{
	bool ends = client->rcpts == load->rcpts;
	char name[WORLD_NAME_MAX], address[WORLD_NAME_MAX], rcpt[WORLD_NAME_MAX] = "";
	uint64_t chance = next_random(load);

	world_account(client->account, name);
	world_address(client->account, client->place, address);
	if (!ends && chance % STRANGER_OF == 0)
		world_stranger((uint32_t)(chance >> 32), rcpt);
	else if (!ends)
		world_friend(client->account, (uint32_t)(chance >> 32), rcpt);
	return (size_t)snprintf(to, REQUEST_BYTES,
		"request=smtpd_access_policy\nprotocol_state=%s\nprotocol_name=ESMTP\nclient_address=%s\n"
		"client_name=unknown\nclient_port=%u\nreverse_client_name=unknown\nserver_address=192.0.2.25\nserver_port=587\n"
		"helo_name=[192.168.1.%u]\nsender=%s\nrecipient=%s\nrecipient_count=%u\nqueue_id=%s%x\n"
		"instance=%x.%x.%x.0\nsize=%u\netrn_domain=\nstress=\nsasl_method=PLAIN\nsasl_username=%s\n"
		"sasl_sender=\nccert_subject=\nccert_issuer=\nccert_fingerprint=\nccert_pubkey_fingerprint=\n"
		"encryption_protocol=TLSv1.3\nencryption_cipher=TLS_AES_256_GCM_SHA384\nencryption_keysize=256\npolicy_context=\n\n",
		ends ? "END-OF-MESSAGE" : "RCPT", address, client->port, client->account % 254 + 1, name, rcpt, ends ? client->rcpts : 0,
		ends || client->rcpts ? "4jXMx1" : "", (unsigned)client->instance, (unsigned)(client->instance >> 48),
		(unsigned)(client->instance >> 16), (unsigned)(client->instance & 0xfffff), ends ? 4321u : 0u, name);
}

static void ask(struct load *load, struct client *client)
{
	char request[REQUEST_BYTES];
	size_t bytes = write_request(load, client, request);

	if (send(client->fd, request, bytes, MSG_NOSIGNAL) != (ssize_t)bytes)
		fail("cannot ask", load->where);
	if (client->rcpts++ == load->rcpts) {
		client->rcpts = 0;
		begin_message(load, client);
	}
}

static void hear(struct load *load, struct client *client)
{
	char heard[REQUEST_BYTES];
	ssize_t got = recv(client->fd, heard, sizeof heard, 0);

	if (got < 9 || memcmp(heard, "action=", 7) != 0 || memcmp(heard + got - 2, "\n\n", 2) != 0) {
		errno = got < 0 ? errno : EPROTO;
		fail("no answer from", load->where);
	}
	load->answers++;
	ask(load, client);
}

static void begin(struct load *load, int epoll)
{
	union address address = address_of(load->where);

	load->items = calloc(load->clients, sizeof *load->items);
	if (!load->items)
		fail("cannot begin", load->where);
	for (uint32_t i = 0; i < load->clients; i++) {
		struct client *client = &load->items[i];

		client->fd = socket(address.any.sa_family, SOCK_STREAM, 0);
		if (client->fd < 0 || connect(client->fd, &address.any, size_of(&address)) != 0)
			fail("cannot connect to", load->where);
		no_delay(client->fd);
		watch(epoll, client->fd, i);
		begin_message(load, client);
		ask(load, client);
	}
}

static void run_until(struct load *load, int epoll, double end)
{
	struct epoll_event events[EVENTS];

	while (seconds() < end && load->answers < load->answers_most) {
		int count = epoll_wait(epoll, events, EVENTS, 200);

		for (int i = 0; i < count; i++)
			hear(load, &load->items[events[i].data.u32]);
	}
}

static void print(const struct load *load, double took, const struct threads *before, const struct threads *after)
{
	double all = 0, first = 0;

	printf("{\"connections\":%u,\"requests\":%llu,\"seconds\":%.3f", load->clients, (unsigned long long)load->answers, took);
	if (load->pid) {
		printf(",\"threads\":[");
		for (size_t i = 0; i < after->count; i++) {
			double cpu = after->items[i].cpu - cpu_before(before, after->items[i].id);

			printf("%s{\"name\":\"%s\",\"cpu_seconds\":%.4f}", i ? "," : "", after->items[i].name, cpu);
			all += cpu;
			first += after->items[i].id == strtoul(load->pid, NULL, 10) ? cpu : 0;
		}
		printf("],\"cpu_seconds\":%.4f,\"cpu_us_a_request\":%.3f,\"first_thread_us_a_request\":%.3f", all,
		       all * 1e6 / (double)load->answers, first * 1e6 / (double)load->answers);
	}
	printf("}\n");
}

static void run(struct load *load)
{
	struct threads before, after;
	int epoll = epoll_create1(0);
	double began;

	begin(load, epoll);
	if (!load->in_turn) {
		run_until(load, epoll, seconds() + WARM_S);
		load->answers = 0;
	}
	look_at(load->pid, &before);
	began = seconds();
	run_until(load, epoll, began + load->seconds);
	look_at(load->pid, &after);
	print(load, seconds() - began, &before, &after);
}

int main(int count, char **words)
{
	static const struct option options[] = { { "echo", required_argument, NULL, 'e' }, { "history", required_argument, NULL, 'h' }, { 0 } };
	struct load load = { .clients = 10, .accounts = 10000, .rcpts = 1, .seconds = 5, .answers_most = UINT64_MAX,
			     .random = (uint64_t)time(NULL) << 20 }; /* other queue ids than the last time */
	int option;

	while ((option = getopt_long(count, words, "c:a:r:s:p:u", options, NULL)) != -1) {
		switch (option) {
		case 'e': echo(optarg); break;
		case 'h': world_history(load.accounts, (uint32_t)strtoul(optarg, NULL, 10)); return 0;
		case 'c': load.clients = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 'a': load.accounts = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 'r': load.rcpts = (uint32_t)strtoul(optarg, NULL, 10); break;
		case 's': load.seconds = strtod(optarg, NULL); break;
		case 'p': load.pid = optarg; break;
		case 'u': load.in_turn = true; break;
		default: return 2;
		}
	}
	if (optind + 1 != count || !load.clients || load.clients > CONNECTIONS_MOST || !load.accounts || !load.rcpts) {
		fprintf(stderr, "usage: policy_load [-c connections] [-a accounts] [-r recipients] [-s seconds] [-u] [-p pid] PORT | unix:/PATH\n"
				"       policy_load --echo PORT | unix:/PATH\n"
				"       policy_load -a accounts --history DAYS\n");
		return 2;
	}
	load.where = words[optind];
	if (load.in_turn) /* until everybody has sent one message */
		load.answers_most = (uint64_t)load.accounts * (load.rcpts + 1);
	run(&load);
	return 0;
}
