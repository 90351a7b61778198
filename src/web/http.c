/* SPDX-License-Identifier: Apache-2.0 */
#include "web/http.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/listen.h"
#include "web/http_peer.h"

enum {
	DOORS_MAX = 8,
	SILENCE_S = 15,              /* of a connection between two requests */
	IGNORED_MAX = 64 * 1024,     /* of a body that is too long, so that who sends it gets to see why */
	SWEEP_MS = 1000,
};

/* TLS 1.2 with forward secrecy, or 1.3 */
#define TLS_PRIORITIES "SECURE128:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA:-SHA1:-CIPHER-ALL:+AES-256-GCM:+CHACHA20-POLY1305:+AES-128-GCM"

/* a socket to which it listens */
struct door {
	struct http *http;
	struct MHD_Daemon *daemon;
	uv_poll_t poll;
	uv_timer_t timer;
	bool local; /* no address tells who connects: a proxy on this machine does */
};

struct connection {
	struct connection *next, *before;
	struct http *http;
	struct MHD_Connection *mhd;
	uint64_t since_ms; /* loop time: since when it owes us something */
	bool ours;         /* it waits for us */
	bool local;
};

struct http_exchange {
	struct http *http;
	struct connection *connection;
	struct MHD_Connection *mhd;
	struct http_exchange *next; /* among those who wait for a time */
	struct http_request request;
	struct {
		char name[48], value[HTTP_FIELD_MAX];
	} fields[HTTP_FIELDS_MAX];
	size_t field_count;
	void *attached;
	size_t came; /* bytes of the body, kept or not */
	uint64_t asked_ms;
	unsigned slow_ms, status;
	const char *type;
	struct sent *answer; /* NULL: none yet */
	bool asked, suspended, waits;
};

struct http {
	uv_loop_t *loop;
	struct http_options options;
	struct certificate *certificate; /* NULL: no TLS */
	struct door doors[DOORS_MAX];
	size_t door_count;
	struct listen_place places[DOORS_MAX];
	size_t place_count;
	uv_timer_t sweep, step;
	struct connection *connections;
	struct http_exchange *waiting;
	unsigned handles;
	bool closing;
};

/* the body of an answer, wiped when it is over */
struct sent {
	size_t bytes;
	char text[];
};

static void turn(struct door *door);

/* ---- answers */

static void wipe_sent(void *text)
{
	struct sent *sent = (struct sent *)(void *)((char *)text - offsetof(struct sent, text));

	explicit_bzero(sent->text, sent->bytes);
	free(sent);
}

static enum MHD_Result send_answer(struct http_exchange *exchange)
{
	struct sent *sent = exchange->answer;
	struct MHD_Response *response =
		MHD_create_response_from_buffer_with_free_callback(sent->bytes, sent->text, wipe_sent);
	enum MHD_Result went;

	exchange->answer = NULL;
	exchange->connection->ours = false;
	exchange->connection->since_ms = uv_now(exchange->http->loop);
	if (!response) {
		wipe_sent(sent->text);
		return MHD_NO;
	}
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, exchange->type);
	for (size_t i = 0; i < exchange->field_count; i++)
		MHD_add_response_header(response, exchange->fields[i].name, exchange->fields[i].value);
	went = MHD_queue_response(exchange->mhd, exchange->status, response);
	MHD_destroy_response(response);
	return went;
}

static struct door *door_of(struct http_exchange *exchange)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(exchange->mhd, MHD_CONNECTION_INFO_DAEMON);

	for (size_t i = 0; i < exchange->http->door_count; i++)
		if (exchange->http->doors[i].daemon == info->daemon)
			return &exchange->http->doors[i];
	return NULL;
}

static void resume(struct http_exchange *exchange)
{
	struct door *door = door_of(exchange);

	exchange->suspended = false;
	MHD_resume_connection(exchange->mhd);
	if (!exchange->http->closing)
		turn(door);
}

static bool is_due(const struct http_exchange *exchange)
{
	uint64_t spent = uv_now(exchange->http->loop) - exchange->asked_ms;

	return !exchange->slow_ms || exchange->http->closing || spent >= exchange->slow_ms;
}

static void look_at_waiting(uv_timer_t *step)
{
	struct http *http = step->data;
	struct http_exchange *all = http->waiting;

	http->waiting = NULL;
	while (all) {
		struct http_exchange *one = all;

		all = one->next;
		if (is_due(one)) {
			one->waits = false;
			resume(one);
		} else {
			one->next = http->waiting;
			http->waiting = one;
		}
	}
	if (!http->waiting)
		uv_timer_stop(step);
}

static void wait_for_time(struct http_exchange *exchange)
{
	struct http *http = exchange->http;
	uint64_t spent = uv_now(http->loop) - exchange->asked_ms;

	exchange->slow_ms *= (unsigned)(spent / exchange->slow_ms) + 1;
	exchange->waits = true;
	exchange->next = http->waiting;
	http->waiting = exchange;
	if (!uv_is_active((uv_handle_t *)&http->step))
		uv_timer_start(&http->step, look_at_waiting, HTTP_STEP_MS, HTTP_STEP_MS);
}

void http_answer(struct http_exchange *exchange, unsigned status, const char *type, char *body, size_t bytes)
{
	struct sent *sent = memory_new(sizeof *sent + bytes + 1);

	sent->bytes = bytes;
	memcpy(sent->text, body, bytes);
	explicit_bzero(body, bytes);
	free(body);
	exchange->answer = sent;
	exchange->status = status;
	exchange->type = type;
	if (exchange->slow_ms) {
		uv_update_time(exchange->http->loop);
		wait_for_time(exchange);
	} else if (exchange->suspended) {
		resume(exchange);
	}
}

void http_field(struct http_exchange *exchange, const char *name, const char *value)
{
	if (exchange->field_count == HTTP_FIELDS_MAX || strlen(value) >= HTTP_FIELD_MAX)
		return;
	for (const unsigned char *p = (const unsigned char *)value; *p; p++)
		if (*p < ' ' || *p == 0x7f)
			return;
	text_copy(exchange->fields[exchange->field_count].name, sizeof exchange->fields->name, text_of(name));
	text_copy(exchange->fields[exchange->field_count++].value, HTTP_FIELD_MAX, text_of(value));
}

void http_slow(struct http_exchange *exchange, unsigned ms) { exchange->slow_ms = ms; }
void http_attach(struct http_exchange *exchange, void *attached) { exchange->attached = attached; }
void *http_attached(const struct http_exchange *exchange) { return exchange->attached; }

struct text http_query(struct http_exchange *exchange, const char *name)
{
	const char *value = MHD_lookup_connection_value(exchange->mhd, MHD_GET_ARGUMENT_KIND, name);

	return value ? text_of(value) : TEXT_NONE;
}

/* ---- requests */

static struct text head(struct MHD_Connection *mhd, const char *name)
{
	const char *value = MHD_lookup_connection_value(mhd, MHD_HEADER_KIND, name);

	return value ? text_of(value) : TEXT_NONE;
}

static enum http_method method_of(const char *method)
{
	if (strcmp(method, MHD_HTTP_METHOD_GET) == 0 || strcmp(method, MHD_HTTP_METHOD_HEAD) == 0)
		return HTTP_GET;
	return strcmp(method, MHD_HTTP_METHOD_POST) == 0 ? HTTP_POST : HTTP_OTHER;
}

static struct http_exchange *begin(struct connection *connection, struct MHD_Connection *mhd, const char *path, const char *method)
{
	struct http_exchange *exchange = memory_zero(1, sizeof *exchange);
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);

	exchange->http = connection->http;
	exchange->connection = connection;
	exchange->mhd = mhd;
	exchange->request = (struct http_request){
		.method = method_of(method),
		.path = text_of(path),
		.host = head(mhd, MHD_HTTP_HEADER_HOST),
		.origin = head(mhd, MHD_HTTP_HEADER_ORIGIN),
		.referer = head(mhd, MHD_HTTP_HEADER_REFERER),
		.cookie = head(mhd, MHD_HTTP_HEADER_COOKIE),
		.language = head(mhd, MHD_HTTP_HEADER_ACCEPT_LANGUAGE),
		.type = head(mhd, MHD_HTTP_HEADER_CONTENT_TYPE),
	};
	http_peer(&connection->http->options.config->web_behind_proxy, connection->local ? NULL : info ? info->client_addr : NULL,
		  connection->local, head(mhd, "X-Forwarded-For"), &exchange->request.ip);
	connection->since_ms = uv_now(connection->http->loop);
	return exchange;
}

/* a piece of the body; false: it is time to hang up */
static bool take(struct http_exchange *exchange, const char *piece, size_t bytes)
{
	struct http_request *request = &exchange->request;

	if (bytes > IGNORED_MAX - exchange->came)
		return false;
	exchange->came += bytes;
	if (exchange->came > HTTP_BODY_MAX) {
		request->refused = MHD_HTTP_CONTENT_TOO_LARGE;
		return true;
	}
	if (!request->body)
		request->body = memory_zero(1, HTTP_BODY_MAX + 1);
	memcpy(request->body + request->body_bytes, piece, bytes);
	request->body_bytes += bytes;
	return true;
}

static void ask(struct http_exchange *exchange)
{
	struct http *http = exchange->http;

	exchange->asked = true;
	exchange->connection->ours = true;
	uv_update_time(http->loop);
	exchange->asked_ms = uv_now(http->loop);
	http->options.asked(http->options.context, exchange, &exchange->request);
}

static enum MHD_Result requested(void *context, struct MHD_Connection *mhd, const char *path, const char *method, const char *version,
				 const char *piece, size_t *bytes, void **held)
{
	struct http_exchange *exchange = *held;

	if (!exchange) {
		struct connection *connection = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;

		*held = begin(connection, mhd, path, method);
		return MHD_YES;
	}
	if (*bytes) {
		bool goes_on = take(exchange, piece, *bytes);

		*bytes = 0;
		return goes_on ? MHD_YES : MHD_NO;
	}
	if (!exchange->asked)
		ask(exchange);
	if (exchange->answer && !exchange->waits)
		return send_answer(exchange);
	exchange->suspended = true;
	MHD_suspend_connection(mhd);
	return MHD_YES;
}

static void completed(void *context, struct MHD_Connection *mhd, void **held, enum MHD_RequestTerminationCode how)
{
	struct http_exchange *exchange = *held;

	if (!exchange)
		return;
	exchange->connection->ours = false;
	exchange->connection->since_ms = uv_now(exchange->http->loop);
	if (exchange->attached)
		exchange->http->options.over(exchange->http->options.context, exchange->attached);
	if (exchange->answer)
		wipe_sent(exchange->answer->text);
	if (exchange->request.body)
		explicit_bzero(exchange->request.body, HTTP_BODY_MAX + 1);
	free(exchange->request.body);
	free(exchange);
	*held = NULL;
}

/* ---- connections */

static void connected(void *context, struct MHD_Connection *mhd, void **held, enum MHD_ConnectionNotificationCode what)
{
	struct door *door = context;
	struct http *http = door->http;
	struct connection *connection = *held;

	if (what == MHD_CONNECTION_NOTIFY_STARTED) {
		*held = connection = memory_zero(1, sizeof *connection);
		*connection = (struct connection){ .next = http->connections, .http = http, .mhd = mhd,
						   .since_ms = uv_now(http->loop), .local = door->local };
		if (connection->next)
			connection->next->before = connection;
		http->connections = connection;
		return;
	}
	if (connection->before)
		connection->before->next = connection->next;
	else
		http->connections = connection->next;
	if (connection->next)
		connection->next->before = connection->before;
	free(connection);
	*held = NULL;
}

/* who owes us something for too long; libmicrohttpd finds the connection closed, and forgets it */
static void sweep(uv_timer_t *timer)
{
	struct http *http = timer->data;
	uint64_t now_ms = uv_now(http->loop);

	for (struct connection *one = http->connections; one; one = one->next)
		if (!one->ours && now_ms - one->since_ms > HTTP_PATIENCE_MS)
			shutdown(MHD_get_connection_info(one->mhd, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, SHUT_RDWR);
}

/* ---- on the loop */

static void due(uv_timer_t *timer) { turn(timer->data); }
static void readable(uv_poll_t *poll, int status, int events) { turn(poll->data); }

static void turn(struct door *door)
{
	MHD_UNSIGNED_LONG_LONG wait_ms;

	MHD_run(door->daemon);
	if (MHD_get_timeout(door->daemon, &wait_ms) != MHD_YES)
		return;
	if (!uv_is_active((uv_handle_t *)&door->timer) || uv_timer_get_due_in(&door->timer) > wait_ms)
		uv_timer_start(&door->timer, due, wait_ms, 0);
}

/* ---- its life */

/* a zero would end the text, and what stood behind it not be seen */
static size_t unescape(void *context, struct MHD_Connection *mhd, char *text)
{
	for (char *at = text; (at = strstr(at, "%00"));)
		at[2] = '1';
	return MHD_http_unescape(text);
}

static struct MHD_Daemon *start(struct door *door, int fd)
{
	const struct config *config = door->http->options.config;
	unsigned of_address = door->local || config->web_behind_proxy.count ? 0 : HTTP_OF_ADDRESS;
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_CERT_CALLBACK, 0, certificate_retriever() },
		{ MHD_OPTION_HTTPS_PRIORITIES, 0, (void *)(uintptr_t)TLS_PRIORITIES },
		{ MHD_OPTION_END, 0, NULL },
	}, none[] = { { MHD_OPTION_END, 0, NULL } };
	unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | (door->http->certificate ? MHD_USE_TLS : 0);

	return MHD_start_daemon(flags, 0, NULL, NULL, requested, door, MHD_OPTION_LISTEN_SOCKET, fd,
				MHD_OPTION_CONNECTION_LIMIT, (unsigned)HTTP_CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT, of_address,
				MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)HTTP_HEAD_MAX * 2,
				MHD_OPTION_UNESCAPE_CALLBACK, unescape, NULL,
				MHD_OPTION_NOTIFY_COMPLETED, completed, door, MHD_OPTION_NOTIFY_CONNECTION, connected, door,
				MHD_OPTION_ARRAY, door->http->certificate ? tls : none, MHD_OPTION_END);
}

static bool open_door(struct http *http, const char *where, int fd, bool local, struct error *error)
{
	struct door *door = &http->doors[http->door_count];

	door->http = http;
	door->local = local;
	door->daemon = start(door, fd);
	if (!door->daemon) {
		close(fd);
		return error_set(error, _("cannot serve at '%s'"), where);
	}
	uv_poll_init(http->loop, &door->poll, MHD_get_daemon_info(door->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd);
	uv_timer_init(http->loop, &door->timer);
	door->poll.data = door->timer.data = door;
	uv_poll_start(&door->poll, UV_READABLE, readable);
	http->handles += 2;
	http->door_count++;
	return true;
}

static bool open_place(struct http *http, const char *where, struct error *error)
{
	struct listen_place *place = &http->places[http->place_count];

	if (!listen_open(where, place, error))
		return false;
	http->place_count++;
	for (size_t i = 0; i < place->count; i++) {
		if (http->door_count == DOORS_MAX) {
			close(place->sockets[i]);
			error_set(error, _("web_listen: more than %d sockets"), DOORS_MAX);
		} else if (open_door(http, where, place->sockets[i], *place->path, error)) {
			continue;
		}
		while (++i < place->count)
			close(place->sockets[i]);
		return false;
	}
	return true;
}

struct http *http_new(uv_loop_t *loop, const struct http_options *options, struct error *error)
{
	struct http *http = memory_zero(1, sizeof *http);
	const struct config_texts *where = &options->config->web_listen;
	bool opened = true;

	if (*options->config->web_certificate)
		opened = (http->certificate = certificate_new(options->config, error)) != NULL;
	http->loop = loop;
	http->options = *options;
	uv_timer_init(loop, &http->sweep);
	uv_timer_init(loop, &http->step);
	http->sweep.data = http->step.data = http;
	http->handles = 2;
	for (size_t i = 0; opened && i < where->count; i++)
		opened = i < DOORS_MAX ? open_place(http, where->items[i], error)
				       : error_set(error, _("web_listen: more than %d sockets"), DOORS_MAX);
	uv_timer_start(&http->sweep, sweep, SWEEP_MS, SWEEP_MS);
	if (opened)
		return http;
	http_close(http);
	uv_run(loop, UV_RUN_NOWAIT);
	return NULL;
}

static void closed(uv_handle_t *handle)
{
	struct http *http = handle->loop->data;

	if (--http->handles == 0)
		free(http);
}

enum certificate_news http_renew(struct http *http, struct error *error)
{
	return http->certificate ? certificate_look(http->certificate, error) : CERTIFICATE_SAME;
}

/* whoever waits is let go, for libmicrohttpd cannot be stopped while anybody does */
static void let_go(struct http *http)
{
	for (struct connection *one = http->connections; one; one = one->next)
		if (one->ours)
			MHD_resume_connection(one->mhd);
	http->waiting = NULL;
}

void http_close(struct http *http)
{
	if (!http)
		return;
	http->closing = true;
	http->loop->data = http;
	let_go(http);
	for (size_t i = 0; i < http->door_count; i++) {
		uv_close((uv_handle_t *)&http->doors[i].poll, closed);
		uv_close((uv_handle_t *)&http->doors[i].timer, closed);
		MHD_stop_daemon(http->doors[i].daemon);
	}
	certificate_free(http->certificate);
	for (size_t i = 0; i < http->place_count; i++)
		listen_forget(&http->places[i]);
	uv_close((uv_handle_t *)&http->sweep, closed);
	uv_close((uv_handle_t *)&http->step, closed);
}
