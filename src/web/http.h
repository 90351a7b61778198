/* SPDX-License-Identifier: Apache-2.0 */
/* HTTP for strangers, on a libuv loop: libmicrohttpd by its epoll descriptor, with TLS (1.2 and 1.3, GnuTLS) or without. One exchange is
 * one request and its answer; the answer may be given later. Everything is bounded: HTTP_CONNECTIONS_MAX connections, HTTP_OF_ADDRESS of
 * one address, HTTP_BODY_MAX bytes of a body, HTTP_HEAD_MAX of a head; whoever takes longer than HTTP_PATIENCE_MS to put a
 * request, or to take an answer, is hung up on, however many bytes dribble in meanwhile. Bodies are wiped when they are over. */
#ifndef SEKISHO_WEB_HTTP_H
#define SEKISHO_WEB_HTTP_H
#include <uv.h>

#include "base/error.h"
#include "base/ip.h"
#include "config/config.h"
#include "web/certificate.h"

enum {
	HTTP_CONNECTIONS_MAX = 512,
	HTTP_OF_ADDRESS = 48,          /* where no proxy is in front */
	HTTP_BODY_MAX = 8 * 1024,
	HTTP_HEAD_MAX = 16 * 1024,     /* and what libmicrohttpd needs beside it */
	HTTP_PATIENCE_MS = 20 * 1000,
	HTTP_FIELDS_MAX = 20,
	HTTP_FIELD_MAX = 512,
	HTTP_STEP_MS = 40,             /* answers that wait leave together, at times that tell nothing */
};

enum http_method { HTTP_GET, HTTP_POST, HTTP_OTHER }; /* HEAD is a GET without a body */

struct http_exchange;

struct http_request {
	enum http_method method;
	unsigned refused;  /* a status of HTTP: it is too large; then its body is not here */
	struct ip ip;      /* the browser's, as far as proxies are believed; may be unknown */
	struct text path, host, origin, referer, cookie, language, type;
	char *body;        /* may be written to; NULL: none */
	size_t body_bytes;
};

struct http_options {
	const struct config *config; /* web_listen, web_certificate, web_key, web_behind_proxy; outlives it */
	void *context;
	/* the whole request is here: answered by http_answer, at once or later */
	void (*asked)(void *context, struct http_exchange *exchange, const struct http_request *request);
	/* the exchange is over, and so is what was attached to it */
	void (*over)(void *context, void *attached);
};

struct http;

struct http *http_new(uv_loop_t *loop, const struct http_options *options, struct error *error) __attribute__((warn_unused_result));
/* looks at the files of the certificate; each CERTIFICATE_LOOK_MS */
enum certificate_news http_renew(struct http *http, struct error *error) __attribute__((warn_unused_result));
/* hangs up on everybody, also on those who were to be answered; frees itself once the loop has run */
void http_close(struct http *http);

/* what the caller keeps with the exchange */
void http_attach(struct http_exchange *exchange, void *attached);
void *http_attached(const struct http_exchange *exchange);
/* a value of the query, decoded; TEXT_NONE without it */
struct text http_query(struct http_exchange *exchange, const char *name);

/* a field of the answer; one with control characters is left out */
void http_field(struct http_exchange *exchange, const char *name, const char *value);
/* the answer leaves no sooner than so long after the request was here, and then at a multiple of it: how long it took tells nothing */
void http_slow(struct http_exchange *exchange, unsigned ms);
/* takes the body (malloc'ed), and wipes it when it was sent; once */
void http_answer(struct http_exchange *exchange, unsigned status, const char *type, char *body, size_t bytes);
#endif
