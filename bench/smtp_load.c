/* SPDX-License-Identifier: Apache-2.0 */
/* Sends mail through a submission service, and tells how fast it took it.
 *
 *   smtp_load [-s sessions] [-n messages] [-k messages a login] [-a accounts] [-f first] [-b bytes] PORT
 *
 * Each session is a thread that does what a mail program does, command by command, without TLS: it logs in as the next of the
 * accounts ("user7@provider.test", password "sesame"; -f: from which on), sends its messages to one recipient each, and begins anew.
 *
 * Prints one JSON object; ends with 1 where a message was not accepted. */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { SESSIONS_MOST = 256, LINE_MAX_BYTES = 512, BODY_MOST = 1 << 20, PATIENCE_S = 30 };

struct load {
	unsigned sessions, messages, a_login, accounts;
	unsigned short port;
	size_t body_bytes;
	char *body;
	atomic_uint next_message, next_account, failed;
	double *took_s; /* of each message, from MAIL to the answer behind its end */
	double *login_s;
};

static double seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- one connection */

static bool hear(int fd, const char *wanted)
{
	char heard[4096];
	size_t have = 0;

	for (;;) {
		ssize_t got = recv(fd, heard + have, sizeof heard - 1 - have, 0);
		char *last;

		if (got <= 0)
			return false;
		have += (size_t)got;
		heard[have] = '\0';
		if (heard[have - 1] != '\n')
			continue;
		heard[have - 1] = '\0';
		last = strrchr(heard, '\n');
		last = last ? last + 1 : heard;
		if (strlen(last) > 3 && last[3] == '-')
			have = 0; /* more lines follow */
		else
			return strncmp(last, wanted, strlen(wanted)) == 0 || (fprintf(stderr, "smtp_load: %s\n", last), false);
	}
}

static bool say(int fd, const char *wanted, const char *format, ...) __attribute__((format(printf, 3, 4)));
static bool say(int fd, const char *wanted, const char *format, ...)
{
	char line[LINE_MAX_BYTES];
	va_list words;
	int n;

	va_start(words, format);
	n = vsnprintf(line, sizeof line, format, words);
	va_end(words);
	return send(fd, line, (size_t)n, MSG_NOSIGNAL) == n && hear(fd, wanted);
}

static int connect_to(unsigned short port)
{
	struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct timeval patience = { .tv_sec = PATIENCE_S };
	int fd = socket(AF_INET, SOCK_STREAM, 0), on = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
	if (fd >= 0 && connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
		return fd;
	if (fd >= 0)
		close(fd);
	return -1;
}

static size_t base64(const char *from, size_t bytes, char *to)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	size_t n = 0;

	for (size_t i = 0; i < bytes; i += 3) {
		unsigned long three = (unsigned long)(unsigned char)from[i] << 16;

		three |= i + 1 < bytes ? (unsigned long)(unsigned char)from[i + 1] << 8 : 0;
		three |= i + 2 < bytes ? (unsigned long)(unsigned char)from[i + 2] : 0;
		to[n++] = digits[three >> 18 & 63];
		to[n++] = digits[three >> 12 & 63];
		to[n++] = i + 1 < bytes ? digits[three >> 6 & 63] : '=';
		to[n++] = i + 2 < bytes ? digits[three & 63] : '=';
	}
	to[n] = '\0';
	return n;
}

static bool log_in(int fd, unsigned account)
{
	char plain[LINE_MAX_BYTES / 4], code[LINE_MAX_BYTES / 2];
	int n = snprintf(plain, sizeof plain, "%cuser%u@provider.test%csesame", 0, account, 0);

	base64(plain, (size_t)n, code);
	return hear(fd, "220") && say(fd, "250", "EHLO client.example\r\n") && say(fd, "235", "AUTH PLAIN %s\r\n", code);
}

static bool post(const struct load *load, int fd, unsigned account, unsigned number)
{
	return say(fd, "250", "MAIL FROM:<user%u@provider.test>\r\n", account) &&
	       say(fd, "250", "RCPT TO:<friend%u@far.example>\r\n", number % 100000) && say(fd, "354", "DATA\r\n") &&
	       send(fd, load->body, load->body_bytes, MSG_NOSIGNAL) == (ssize_t)load->body_bytes && hear(fd, "250");
}

/* ---- sessions */

static void one_session(struct load *load)
{
	unsigned account = atomic_fetch_add(&load->next_account, 1) % load->accounts;
	double began = seconds(), login_s;
	int fd = connect_to(load->port);
	bool fine = fd >= 0 && log_in(fd, account);

	login_s = seconds() - began;
	for (unsigned i = 0; i < load->a_login; i++) {
		unsigned number = atomic_fetch_add(&load->next_message, 1);

		if (number >= load->messages)
			break;
		began = seconds();
		fine = fine && post(load, fd, account, number);
		load->took_s[number] = seconds() - began;
		load->login_s[number] = login_s;
		atomic_fetch_add(&load->failed, !fine);
	}
	if (fine)
		say(fd, "221", "QUIT\r\n");
	if (fd >= 0)
		close(fd);
}

static void *work(void *context)
{
	struct load *load = context;

	while (atomic_load(&load->next_message) < load->messages)
		one_session(load);
	return NULL;
}

static int in_order(const void *a, const void *b)
{
	double one = *(const double *)a, other = *(const double *)b;

	return (one > other) - (one < other);
}

static void print(const struct load *load, double took)
{
	size_t n = load->messages;

	qsort(load->took_s, n, sizeof *load->took_s, in_order);
	qsort(load->login_s, n, sizeof *load->login_s, in_order);
	printf("{\"messages\":%zu,\"failed\":%u,\"seconds\":%.3f,\"messages_a_second\":%.2f,\"message_ms\":%.2f,\"message_ms_p99\":%.2f,"
	       "\"login_ms\":%.2f,\"login_ms_most\":%.2f}\n", n, atomic_load(&load->failed), took, (double)n / took,
	       load->took_s[n / 2] * 1e3, load->took_s[n * 99 / 100] * 1e3, load->login_s[n / 2] * 1e3, load->login_s[n - 1] * 1e3);
}

static void run(struct load *load)
{
	static const char head[] = "Subject: a letter\r\nDate: Mon, 2 Nov 2026 10:00:00 +0900\r\n\r\n", end[] = "\r\n.\r\n";
	pthread_t threads[SESSIONS_MOST];
	double began = seconds();

	load->body_bytes = sizeof head - 1 + load->body_bytes + sizeof end - 1;
	load->body = malloc(load->body_bytes);
	load->took_s = calloc(load->messages, sizeof *load->took_s);
	load->login_s = calloc(load->messages, sizeof *load->login_s);
	if (!load->body || !load->took_s || !load->login_s)
		exit(1);
	for (size_t i = 0; i < load->body_bytes; i++)
		load->body[i] = i % 72 == 70 ? '\r' : i % 72 == 71 ? '\n' : 'x';
	memcpy(load->body, head, sizeof head - 1);
	memcpy(load->body + load->body_bytes - (sizeof end - 1), end, sizeof end - 1);
	for (unsigned i = 0; i < load->sessions; i++)
		if (pthread_create(&threads[i], NULL, work, load) != 0)
			exit(1);
	for (unsigned i = 0; i < load->sessions; i++)
		pthread_join(threads[i], NULL);
	print(load, seconds() - began);
}

int main(int count, char **words)
{
	struct load load = { .sessions = 10, .messages = 1000, .a_login = 1, .accounts = 1000, .body_bytes = 4000 };
	int option;

	while ((option = getopt(count, words, "s:n:k:a:b:f:")) != -1) {
		unsigned value = (unsigned)strtoul(optarg ? optarg : "", NULL, 10);

		switch (option) {
		case 's': load.sessions = value; break;
		case 'n': load.messages = value; break;
		case 'k': load.a_login = value; break;
		case 'a': load.accounts = value; break;
		case 'b': load.body_bytes = value; break;
		case 'f': load.next_account = value; break;
		default: return 2;
		}
	}
	if (optind + 1 != count || !load.sessions || load.sessions > SESSIONS_MOST || !load.messages || !load.a_login || !load.accounts ||
	    load.body_bytes > BODY_MOST) {
		fprintf(stderr, "usage: smtp_load [-s sessions] [-n messages] [-k messages a login] [-a accounts] [-f first] [-b bytes] PORT\n");
		return 2;
	}
	load.port = (unsigned short)strtoul(words[optind], NULL, 10);
	run(&load);
	return load.failed ? 1 : 0;
}
