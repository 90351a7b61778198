/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/auth_server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <sodium.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/flat.h"
#include "base/i18n.h"
#include "base/memory.h"

enum {
	CONNECTION_BYTES = 8 * 1024, /* what libmicrohttpd holds for each: the head of a request and a piece of its body */
	BODY_KEPT = 4 * 1024,        /* a connection's buffer that is not larger stays for the next request */
	BACKLOG = 1024,
	DOORMAN_MS = 500,
};

/* one for each connection, for one request after the other */
struct exchange {
	enum auth_policy_command command;
	unsigned refused; /* status of HTTP, 0: not refused; then its body is wanted */
	struct error why;
	bool told;        /* that a request was refused */
	size_t used;      /* bytes of the body so far, kept or not */
	char *body;
	size_t room;
	bool stranger;    /* has not shown the key: stands in the list of those */
	int fd;
	uint64_t due_ms;
	TAILQ_ENTRY(exchange) wait;
};
TAILQ_HEAD(strangers, exchange);

struct auth_server {
	uv_poll_t poll;
	uv_timer_t timer, doorman; /* which runs while there are strangers */
	unsigned handles;          /* not closed yet */
	struct strangers strangers; /* in the order in which they came */
	struct MHD_Daemon *daemon;
	struct MHD_Response *goes_on, *ok; /* the answers that nearly all get */
	struct auth_policy_parser *parser;
	struct auth_handler handler;
	struct auth_tally tally;
	uint16_t port;
	size_t key_bytes;
	char key[AUTH_KEY_MAX];
};

/* ---- strangers */

static void forget_stranger(struct auth_server *server, struct exchange *exchange)
{
	if (exchange->stranger)
		TAILQ_REMOVE(&server->strangers, exchange, wait);
	exchange->stranger = false;
}

/* libmicrohttpd sees that they are gone, and closes them */
static void turn_out(uv_timer_t *doorman)
{
	struct auth_server *server = doorman->data;
	struct exchange *exchange;

	while ((exchange = TAILQ_FIRST(&server->strangers)) && exchange->due_ms <= uv_now(doorman->loop)) {
		forget_stranger(server, exchange);
		shutdown(exchange->fd, SHUT_RDWR);
	}
	if (!exchange)
		uv_timer_stop(doorman);
}

static void meet_stranger(struct auth_server *server, struct exchange *exchange, int fd)
{
	exchange->stranger = true;
	exchange->fd = fd;
	exchange->due_ms = uv_now(server->doorman.loop) + AUTH_STRANGER_S * 1000ull;
	if (TAILQ_EMPTY(&server->strangers))
		uv_timer_start(&server->doorman, turn_out, DOORMAN_MS, DOORMAN_MS);
	TAILQ_INSERT_TAIL(&server->strangers, exchange, wait);
}

/* ---- answers */

static struct MHD_Response *response_new(const char *body, size_t bytes, enum MHD_ResponseMemoryMode mode)
{
	struct MHD_Response *response = MHD_create_response_from_buffer(bytes, (void *)body, mode);

	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, "application/json");
	MHD_set_response_options(response, MHD_RF_SEND_KEEP_ALIVE_HEADER, MHD_RO_END);
	return response;
}

static enum MHD_Result send_once(struct MHD_Connection *connection, unsigned status, struct MHD_Response *response)
{
	enum MHD_Result sent = MHD_queue_response(connection, status, response);

	MHD_destroy_response(response);
	return sent;
}

static const char *client_of(struct MHD_Connection *connection, char to[INET6_ADDRSTRLEN])
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	const struct sockaddr *address = info ? info->client_addr : NULL;

	if (address && address->sa_family == AF_INET)
		return inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)address)->sin_addr, to, INET6_ADDRSTRLEN);
	if (address && address->sa_family == AF_INET6)
		return inet_ntop(AF_INET6, &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr, to, INET6_ADDRSTRLEN);
	return "?";
}

static enum MHD_Result answer_refused(struct auth_server *server, struct MHD_Connection *connection, struct exchange *exchange)
{
	char body[6 * sizeof exchange->why.text + 100] = "{\"status\":\"failure\",\"reason\":", client[INET6_ADDRSTRLEN];
	size_t n = strlen(body);
	struct MHD_Response *response;

	n += flat_quote(text_of(exchange->why.text), body + n);
	body[n++] = '}';
	response = response_new(body, n, MHD_RESPMEM_MUST_COPY);
	if (exchange->refused == MHD_HTTP_UNAUTHORIZED) {
		MHD_add_response_header(response, MHD_HTTP_HEADER_WWW_AUTHENTICATE, "Basic realm=\"sekisho\"");
		server->tally.denied_key++;
	} else {
		server->tally.faulty++;
	}
	if (exchange->refused == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "POST");
	if (!exchange->told)
		server->handler.faulty(server->handler.context, client_of(connection, client), &exchange->why);
	exchange->told = true;
	return send_once(connection, exchange->refused, response);
}

static enum MHD_Result answer_stats(struct auth_server *server, struct MHD_Connection *connection)
{
	char stats[AUTH_STATS_MAX] = "{}";

	server->handler.stats(server->handler.context, stats);
	return send_once(connection, MHD_HTTP_OK, response_new(stats, strlen(stats), MHD_RESPMEM_MUST_COPY));
}

static enum MHD_Result answer_allow(struct auth_server *server, struct MHD_Connection *connection, const struct auth_answer *answer)
{
	char body[6 * sizeof answer->message + 100];
	size_t n;

	if (!answer->status && !answer->message[0])
		return MHD_queue_response(connection, MHD_HTTP_OK, server->goes_on);
	n = (size_t)snprintf(body, sizeof body, "{\"status\":%d,\"msg\":", answer->status);
	n += flat_quote(text_of(answer->message), body + n);
	body[n++] = '}';
	return send_once(connection, MHD_HTTP_OK, response_new(body, n, MHD_RESPMEM_MUST_COPY));
}

/* the whole request is here */
static enum MHD_Result answer(struct auth_server *server, struct MHD_Connection *connection, struct exchange *exchange)
{
	struct text body = { exchange->body, exchange->used };
	struct auth_answer answer = { .status = 0 };
	struct auth_policy_request request;

	server->tally.requests++;
	if (exchange->refused)
		return answer_refused(server, connection, exchange);
	if (exchange->command == AUTH_POLICY_STATS)
		return answer_stats(server, connection);
	if (exchange->command == AUTH_POLICY_PING)
		return MHD_queue_response(connection, MHD_HTTP_OK, server->ok);
	if (!auth_policy_parse(server->parser, exchange->command, body, &request, &exchange->why)) {
		exchange->refused = MHD_HTTP_BAD_REQUEST;
		return answer_refused(server, connection, exchange);
	}
	server->handler.asked(server->handler.context, &request, &answer);
	if (exchange->command == AUTH_POLICY_ALLOW)
		return answer_allow(server, connection, &answer);
	return MHD_queue_response(connection, MHD_HTTP_OK, server->ok);
}

/* ---- requests: the head */

/* in constant time; only how long ours is may be found out */
static bool key_fits(const struct auth_server *server, struct text key)
{
	return key.n == server->key_bytes && sodium_memcmp(key.p, server->key, key.n) == 0;
}

static bool password_fits(const struct auth_server *server, struct MHD_Connection *connection)
{
	char *password = NULL, *user = MHD_basic_auth_get_username_password(connection, &password);
	bool fits = password && key_fits(server, text_of(password));

	if (password)
		sodium_memzero(password, strlen(password));
	MHD_free(password);
	MHD_free(user);
	return fits;
}

/* a header, or a part of the address that was asked for; false without it */
static bool look_up(struct MHD_Connection *connection, enum MHD_ValueKind kind, struct text name, struct text *value)
{
	return MHD_lookup_connection_value_n(connection, kind, name.p, name.n, &value->p, &value->n) == MHD_YES && value->p;
}

static bool has_key(const struct auth_server *server, struct MHD_Connection *connection)
{
	struct text key;

	if (look_up(connection, MHD_HEADER_KIND, TEXT("X-Sekisho-Key"), &key) || look_up(connection, MHD_HEADER_KIND, TEXT("X-API-Key"), &key))
		return key_fits(server, text_trim(key));
	return password_fits(server, connection);
}

static void refuse(struct exchange *exchange, unsigned status, const char *why, ...) __attribute__((format(printf, 3, 4)));
static void refuse(struct exchange *exchange, unsigned status, const char *why, ...)
{
	va_list args;

	va_start(args, why);
	vsnprintf(exchange->why.text, sizeof exchange->why.text, why, args);
	va_end(args);
	exchange->refused = status;
}

static void begin(struct auth_server *server, struct MHD_Connection *connection, struct exchange *exchange, const char *path,
		  const char *method)
{
	struct text word;
	bool named = look_up(connection, MHD_GET_ARGUMENT_KIND, TEXT("command"), &word) && strcmp(path, "/") == 0;
	bool post = strcmp(method, MHD_HTTP_METHOD_POST) == 0;
	bool get = strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0;

	exchange->refused = 0;
	exchange->used = 0;
	exchange->command = named ? auth_policy_command(word) : AUTH_POLICY_NONE;
	if (!has_key(server, connection)) {
		refuse(exchange, MHD_HTTP_UNAUTHORIZED, _("the key is missing or wrong"));
		return;
	}
	forget_stranger(server, exchange);
	if (exchange->command == AUTH_POLICY_NONE)
		refuse(exchange, MHD_HTTP_NOT_FOUND, _("there is no such command"));
	else if (!post && !(get && exchange->command >= AUTH_POLICY_PING))
		refuse(exchange, MHD_HTTP_METHOD_NOT_ALLOWED, _("asked in the wrong way: this takes POST"));
}

/* ---- requests: the body */

/* takes a piece of it; false: it is time to hang up. What is refused is read to its end nonetheless, so that the client
 * gets to see why */
static bool take(struct exchange *exchange, const char *piece, size_t bytes)
{
	if (!exchange->refused && bytes > AUTH_POLICY_BODY_MAX - exchange->used)
		refuse(exchange, MHD_HTTP_CONTENT_TOO_LARGE, _("longer than %d bytes"), AUTH_POLICY_BODY_MAX);
	if (!exchange->refused) {
		if (exchange->room - exchange->used < bytes) {
			exchange->room = 2 * exchange->used + bytes;
			exchange->body = memory_resize(exchange->body, exchange->room, 1);
		}
		memcpy(exchange->body + exchange->used, piece, bytes);
	}
	exchange->used += bytes;
	return exchange->used <= AUTH_IGNORED_MAX;
}

static enum MHD_Result requested(void *context, struct MHD_Connection *connection, const char *path, const char *method,
				 const char *version, const char *piece, size_t *bytes, void **request)
{
	struct exchange *exchange = *request;

	if (!exchange) {
		exchange = *request = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
		begin(context, connection, exchange, path, method);
		return MHD_YES;
	}
	if (*bytes) {
		bool goes_on = take(exchange, piece, *bytes);

		*bytes = 0;
		return goes_on ? MHD_YES : MHD_NO;
	}
	return answer(context, connection, exchange);
}

static void completed(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode how)
{
	struct exchange *exchange = *request;

	if (!exchange || exchange->room <= BODY_KEPT)
		return;
	free(exchange->body);
	exchange->body = NULL;
	exchange->room = 0;
}

static void connected(void *context, struct MHD_Connection *connection, void **socket_context, enum MHD_ConnectionNotificationCode what)
{
	struct auth_server *server = context;
	struct exchange *exchange = *socket_context;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		exchange = *socket_context = memory_zero(1, sizeof *exchange);
		meet_stranger(server, exchange, MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd);
		server->tally.connections++;
		server->tally.open++;
	} else {
		forget_stranger(server, exchange);
		free(exchange->body);
		free(exchange);
		server->tally.open--;
	}
}

/* ---- on the loop */

static void turn(struct auth_server *server);

static void due(uv_timer_t *timer)
{
	turn(timer->data);
}

static void readable(uv_poll_t *poll, int status, int events)
{
	turn(poll->data);
}

/* The timer is only moved where it would come too late: as every request moves what is due, it is mostly too early, and
 * then finds nothing to do. */
static void turn(struct auth_server *server)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	MHD_run(server->daemon);
	if (MHD_get_timeout(server->daemon, &wait_ms) != MHD_YES)
		return;
	if (!uv_is_active((uv_handle_t *)&server->timer) || uv_timer_get_due_in(&server->timer) > wait_ms)
		uv_timer_start(&server->timer, due, wait_ms, 0);
}

/* ---- its life */

/* inet:address:port, the address of IPv6 in brackets */
static bool address_of(const char *where, struct sockaddr_storage *address)
{
	struct sockaddr_in *v4 = (struct sockaddr_in *)(void *)address;
	struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)(void *)address;
	const char *colon = strrchr(where, ':');
	char host[INET6_ADDRSTRLEN + 2];
	uint64_t port;

	*address = (struct sockaddr_storage){ .ss_family = AF_UNSPEC };
	if (!text_starts(text_of(where), TEXT("inet:")) || colon < where + 5 || (size_t)(colon - where) - 5 >= sizeof host ||
	    !text_number(text_of(colon + 1), UINT16_MAX, &port))
		return false;
	text_copy(host, sizeof host, text_between(where + 5, colon));
	if (inet_pton(AF_INET, host, &v4->sin_addr) == 1) {
		v4->sin_family = AF_INET;
		v4->sin_port = htons((uint16_t)port);
		return true;
	}
	if (host[0] != '[' || host[strlen(host) - 1] != ']')
		return false;
	host[strlen(host) - 1] = '\0';
	v6->sin6_family = AF_INET6;
	v6->sin6_port = htons((uint16_t)port);
	return inet_pton(AF_INET6, host + 1, &v6->sin6_addr) == 1;
}

/* -1 with the reason */
static int listen_at(const char *where, struct error *error)
{
	struct sockaddr_storage address;
	int on = 1, fd;

	if (!address_of(where, &address)) {
		error_set(error, _("'%s' is not inet:address:port"), where);
		return -1;
	}
	fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
	    bind(fd, (struct sockaddr *)&address, sizeof address) == 0 && listen(fd, BACKLOG) == 0)
		return fd;
	error_set(error, _("cannot listen at '%s': %s"), where, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static uint16_t port_of(int fd)
{
	struct sockaddr_storage address = { .ss_family = AF_UNSPEC };
	socklen_t size = sizeof address;

	getsockname(fd, (struct sockaddr *)&address, &size);
	return ntohs(address.ss_family == AF_INET ? ((struct sockaddr_in *)(void *)&address)->sin_port :
						    ((struct sockaddr_in6 *)(void *)&address)->sin6_port);
}

static struct MHD_Daemon *daemon_new(struct auth_server *server, int fd)
{
	return MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, requested, server, MHD_OPTION_LISTEN_SOCKET, fd,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned)AUTH_CONNECTIONS_MAX, MHD_OPTION_CONNECTION_TIMEOUT,
				(unsigned)AUTH_SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES,
				MHD_OPTION_NOTIFY_COMPLETED, completed, server, MHD_OPTION_NOTIFY_CONNECTION, connected, server,
				MHD_OPTION_END);
}

static bool join(struct auth_server *server, uv_loop_t *loop)
{
	static const char goes_on[] = "{\"status\":0,\"msg\":\"\"}", ok[] = "{\"status\":\"ok\"}";

	if (uv_poll_init(loop, &server->poll, MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd) != 0)
		return false;
	uv_timer_init(loop, &server->timer);
	uv_timer_init(loop, &server->doorman);
	uv_poll_start(&server->poll, UV_READABLE, readable);
	server->handles = 3;
	server->poll.data = server->timer.data = server->doorman.data = server;
	server->goes_on = response_new(goes_on, sizeof goes_on - 1, MHD_RESPMEM_PERSISTENT);
	server->ok = response_new(ok, sizeof ok - 1, MHD_RESPMEM_PERSISTENT);
	server->parser = auth_policy_parser_new();
	return true;
}

struct auth_server *auth_server_new(uv_loop_t *loop, const char *where, const char *key, const struct auth_handler *handler,
				    struct error *error)
{
	size_t key_bytes = strlen(key);
	struct auth_server *server;
	int fd;

	if (!key_bytes || key_bytes > AUTH_KEY_MAX) {
		error_set(error, _("the key has %zu bytes, and may have 1 to %d"), key_bytes, AUTH_KEY_MAX);
		return NULL;
	}
	fd = listen_at(where, error);
	if (fd < 0)
		return NULL;
	server = memory_zero(1, sizeof *server);
	server->handler = *handler;
	server->port = port_of(fd);
	TAILQ_INIT(&server->strangers);
	server->daemon = daemon_new(server, fd);
	if (server->daemon && join(server, loop)) {
		memcpy(server->key, key, key_bytes);
		server->key_bytes = key_bytes;
		return server;
	}
	error_set(error, _("cannot listen at '%s': %s"), where, strerror(errno));
	if (server->daemon)
		MHD_stop_daemon(server->daemon); /* and closes the socket */
	else
		close(fd);
	free(server);
	return NULL;
}

uint16_t auth_server_port(const struct auth_server *server)
{
	return server->port;
}

void auth_server_tally(const struct auth_server *server, struct auth_tally *tally)
{
	*tally = server->tally;
}

static void closed(uv_handle_t *handle)
{
	struct auth_server *server = handle->data;

	if (--server->handles == 0)
		free(server);
}

void auth_server_close(struct auth_server *server)
{
	if (!server)
		return;
	uv_close((uv_handle_t *)&server->poll, closed); /* before its descriptor is */
	uv_close((uv_handle_t *)&server->timer, closed);
	uv_close((uv_handle_t *)&server->doorman, closed);
	MHD_stop_daemon(server->daemon);
	MHD_destroy_response(server->goes_on);
	MHD_destroy_response(server->ok);
	auth_policy_parser_free(server->parser);
	sodium_memzero(server->key, sizeof server->key);
}
