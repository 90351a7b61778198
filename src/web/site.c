/* SPDX-License-Identifier: Apache-2.0 */
#include "web/site.h"

#include <microhttpd.h>
#include <stdlib.h>
#include <strings.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/i18n.h"
#include "base/memory.h"
#include "base/typed.h"
#include "web/certificate.h"
#include "web/frame.h"
#include "web/panel.h"

enum { ORIGIN_MAX = 300, POLICY_MAX = HTTP_FIELD_MAX, LANGUAGE_COOKIE_S = 365 * 24 * 3600 };

struct site {
	const struct config *config;
	struct asker *asker;
	const struct password_policy *policy;
	struct sessions *sessions;
	struct limits *limits;
	struct panel *panel; /* NULL: none vouches */
	char origin[ORIGIN_MAX], server_name[ORIGIN_MAX], rules[POLICY_MAX];
	const char *host;    /* in origin */
	const char *cookie, *language_cookie, *cookie_flags;
	bool secure;
	enum language usual;
};

/* ---- cookies and fields */

static void set_cookie(struct visit *visit)
{
	char value[HTTP_FIELD_MAX];

	snprintf(value, sizeof value, "%s=%s; Path=/; HttpOnly; SameSite=Strict%s", visit->site->cookie, visit->id, visit->site->cookie_flags);
	http_field(visit->exchange, MHD_HTTP_HEADER_SET_COOKIE, value);
}

static void set_language(struct visit *visit)
{
	char value[HTTP_FIELD_MAX];

	snprintf(value, sizeof value, "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", visit->site->language_cookie,
		 languages[visit->language].tag, LANGUAGE_COOKIE_S, visit->site->cookie_flags);
	http_field(visit->exchange, MHD_HTTP_HEADER_SET_COOKIE, value);
}

/* for everything that is answered */
static void put_fields(struct visit *visit)
{
	const struct site *site = visit->site;
	struct http_exchange *exchange = visit->exchange;

	http_field(exchange, "Content-Security-Policy", site->rules);
	if (!site->config->web_frames.count)
		http_field(exchange, "X-Frame-Options", "DENY");
	http_field(exchange, "X-Content-Type-Options", "nosniff");
	http_field(exchange, "Referrer-Policy", "same-origin"); /* none at all would take the Origin from our own forms */
	http_field(exchange, "Cross-Origin-Resource-Policy", "same-origin");
	http_field(exchange, "Cross-Origin-Opener-Policy", "same-origin");
	http_field(exchange, "Permissions-Policy", "camera=(), geolocation=(), microphone=()");
	if (site->secure)
		http_field(exchange, "Strict-Transport-Security", "max-age=31536000");
}

static void put_page_fields(struct visit *visit)
{
	put_fields(visit);
	http_field(visit->exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	http_field(visit->exchange, MHD_HTTP_HEADER_VARY, "Accept-Language, Cookie");
	http_field(visit->exchange, MHD_HTTP_HEADER_CONTENT_LANGUAGE, languages[visit->language].tag);
	if (visit->id_is_new)
		set_cookie(visit);
}

/* ---- answers */

void visit_page(struct visit *visit, unsigned status, const char *title, visit_body *body)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (!to)
		abort(); /* no memory, as everywhere */
	language_enter(visit->language);
	frame_open(visit, to, _(title));
	body(visit, to);
	frame_close(visit, to);
	language_leave();
	fclose(to);
	put_page_fields(visit);
	http_answer(visit->exchange, status, "text/html; charset=utf-8", text, n);
}

void visit_go(struct visit *visit, const char *path)
{
	put_page_fields(visit);
	http_field(visit->exchange, MHD_HTTP_HEADER_LOCATION, path);
	http_answer(visit->exchange, MHD_HTTP_SEE_OTHER, "text/plain", memory_copy("", 0), 0);
}

static const struct fault {
	unsigned status;
	const char *title, *sentence;
} faults[] = {
	{ 0, N_("That could not be understood"), N_("Your browser sent something that this server cannot read. Please go back and try again.") },
	{ MHD_HTTP_FORBIDDEN, N_("This form is too old"),
	  N_("It was opened before this server began anew, or your browser keeps no cookies. Please open the page again; nothing was changed.") },
	{ MHD_HTTP_UNAUTHORIZED, N_("Please prove who you are first"),
	  N_("For your safety this lasts half an hour, and then ends by itself. A new code brings you back.") },
	{ MHD_HTTP_NOT_FOUND, N_("There is no such page"), N_("The address may have been mistyped, or the link is an old one.") },
	{ MHD_HTTP_METHOD_NOT_ALLOWED, N_("There is no such page"), N_("The address may have been mistyped, or the link is an old one.") },
	{ MHD_HTTP_CONTENT_TOO_LARGE, N_("That is too long"), N_("What was typed is longer than anything that belongs here.") },
	{ MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, N_("That is too long"), N_("What was typed is longer than anything that belongs here.") },
	{ MHD_HTTP_MISDIRECTED_REQUEST, N_("This is not the address of this server"),
	  N_("Please type the address that you know from your contract or your panel, and do not follow links in mails.") },
	{ MHD_HTTP_TOO_MANY_REQUESTS, N_("Too often in a short time"), N_("Please wait some minutes, and try again then. Nothing was changed.") },
	{ MHD_HTTP_SERVICE_UNAVAILABLE, N_("This cannot be done just now"),
	  N_("A part of the server is not answering. Nothing was changed. Please try again in a few minutes.") },
};

static const struct fault *fault_of(unsigned status)
{
	for (size_t i = 1; i < sizeof faults / sizeof *faults; i++)
		if (faults[i].status == status)
			return &faults[i];
	return &faults[0];
}

static void write_fault(struct visit *visit, FILE *to)
{
	const struct fault *fault = fault_of(visit->asked);

	frame_heading(to, _(fault->title), _(fault->sentence));
	if (visit->asked != MHD_HTTP_MISDIRECTED_REQUEST)
		frame_link_button(to, *visit->account ? "/account" : "/", *visit->account ? _("To your account") : _("To the beginning"));
}

void visit_fault(struct visit *visit, unsigned status)
{
	visit->asked = status; /* nothing is asked any more */
	if (status == MHD_HTTP_METHOD_NOT_ALLOWED)
		http_field(visit->exchange, MHD_HTTP_HEADER_ALLOW, "GET, HEAD, POST");
	visit_page(visit, status == MHD_HTTP_UNAUTHORIZED ? MHD_HTTP_FORBIDDEN : status, fault_of(status)->title, write_fault);
}

/* ---- the daemon */

static void heard(void *ticket, enum ask_result result, const json_t *answer, const struct error *error)
{
	struct visit *visit = ticket;

	visit->told(visit, result, answer);
}

void visit_ask(struct visit *visit, json_t *request, void (*told)(struct visit *visit, enum ask_result result, const json_t *answer))
{
	visit->told = told;
	if (!asker_is_full(visit->site->asker)) {
		asker_ask(visit->site->asker, request, heard, visit);
		return;
	}
	json_decref(request);
	visit_fault(visit, MHD_HTTP_SERVICE_UNAVAILABLE);
}

json_t *visit_question(const struct visit *visit, const char *verb, const char *account)
{
	char ip[IP_TEXT_MAX];
	json_t *question = json_pack("{s:s, s:s%}", "verb", verb, "account", account, strlen(account));

	if (!question) /* the address was no UTF-8, and so nobody's */
		question = json_pack("{s:s, s:s}", "verb", verb, "account", "?");
	if (ip_known(&visit->ip))
		json_object_set_new(question, "ip", json_string(ip_format(&visit->ip, ip)));
	return question;
}

json_t *visit_question_of_code(struct visit *visit, const char *verb)
{
	char code[TYPED_CODE_MAX + 1];
	json_t *question;

	http_slow(visit->exchange, VISIT_SLOW_MS);
	if (!visit_take_address(visit, "address") || !typed_plain(form_word(&visit->form, "code"), code, sizeof code) || !*code)
		return NULL;
	question = visit_question(visit, verb, visit->typed);
	json_object_set_new(question, "code", json_string(code));
	explicit_bzero(code, sizeof code);
	return question;
}

static void told_story(struct visit *visit, enum ask_result result, const json_t *answer)
{
	if (result != ASK_ANSWERED) {
		visit_fault(visit, MHD_HTTP_SERVICE_UNAVAILABLE);
		return;
	}
	visit->story = json_incref((json_t *)answer);
	visit->then(visit);
}

void visit_story(struct visit *visit, void (*then)(struct visit *visit))
{
	visit->then = then;
	visit_ask(visit, visit_question(visit, "owner story", visit->account), told_story);
}

/* ---- who it is */

bool visit_allowed(struct visit *visit, enum limit_kind kind)
{
	if (limits_allow(visit->site->limits, kind, &visit->ip, visit->now_us))
		return true;
	visit_fault(visit, MHD_HTTP_TOO_MANY_REQUESTS);
	return false;
}

void visit_enter(struct visit *visit, struct text account)
{
	session_end(session_find(visit->site->sessions, text_of(visit->id), visit->now_us));
	session_begin(visit->site->sessions, account, visit->now_us, visit->id);
	visit->id_is_new = true;
	text_copy(visit->account, sizeof visit->account, account);
}

void visit_renew(struct visit *visit)
{
	sessions_end_of(visit->site->sessions, text_of(visit->account));
	session_begin(visit->site->sessions, text_of(visit->account), visit->now_us, visit->id);
	visit->id_is_new = true;
}

void visit_leave(struct visit *visit)
{
	session_end(session_find(visit->site->sessions, text_of(visit->id), visit->now_us));
	session_number(visit->id);
	visit->id_is_new = true;
	*visit->account = '\0';
}

void visit_token(const struct visit *visit, char token[SESSION_ID_MAX]) { session_token(visit->site->sessions, text_of(visit->id), token); }

bool visit_take_address(struct visit *visit, const char *field)
{
	if (!typed_plain(form_word(&visit->form, field), visit->typed, sizeof visit->typed))
		return false;
	for (const char *p = visit->typed; *p; p++)
		if ((unsigned char)*p <= ' ' || *p == 0x7f)
			return false;
	return *visit->typed != '\0';
}

/* ---- the site, as pages see it */

const struct config *visit_config(const struct visit *visit) { return visit->site->config; }

struct config_words visit_words(const struct visit *visit)
{
	struct config_words words = config_words(visit->site->config, languages[visit->language].tag);

	if (!*words.server_name)
		words.server_name = visit->site->server_name;
	return words;
}

const struct password_policy *visit_policy(const struct visit *visit) { return visit->site->policy; }
bool visit_has_panel(const struct visit *visit) { return visit->site->panel != NULL; }

bool visit_read_token(const struct visit *visit, struct text token, char account[ACCOUNT_NAME_MAX])
{
	return visit->site->panel && panel_read(visit->site->panel, token, visit->now_us, account);
}

bool visit_take_token(struct visit *visit, struct text token, char account[ACCOUNT_NAME_MAX])
{
	return visit->site->panel && panel_take(visit->site->panel, token, visit->now_us, account);
}

/* ---- a request comes in */

static bool is_number(struct text id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!((id.p[i] >= '0' && id.p[i] <= '9') || (id.p[i] >= 'a' && id.p[i] <= 'f')))
			return false;
	return id.n == SESSION_ID_MAX - 1;
}

static void know_visitor(struct visit *visit)
{
	const struct site *site = visit->site;
	struct text id = cookie_value(visit->request->cookie, text_of(site->cookie));
	const struct session *session = session_find(visit->site->sessions, id, visit->now_us);

	if (is_number(id)) {
		text_copy(visit->id, sizeof visit->id, id);
	} else {
		session_number(visit->id);
		visit->id_is_new = true;
	}
	if (session)
		text_copy(visit->account, sizeof visit->account, text_of(session->account));
}

static void know_language(struct visit *visit)
{
	visit->language = language_find(cookie_value(visit->request->cookie, text_of(visit->site->language_cookie)));
	if (visit->language == LANGUAGES)
		visit->language = language_accepted(visit->request->language, visit->site->usual);
}

static const struct route *find_route(struct text path, enum http_method method, bool *exists)
{
	*exists = false;
	for (size_t i = 0; i < route_count; i++) {
		if (!text_is(path, text_of(routes[i].path)))
			continue;
		*exists = true;
		if (routes[i].method == method)
			return &routes[i];
	}
	return NULL;
}

/* "https://mail.example.org" of "https://mail.example.org/code" */
static bool is_from_us(const struct site *site, const struct http_request *request)
{
	struct text origin = text_of(site->origin), rest;

	if (request->origin.n)
		return text_is(request->origin, origin);
	if (!text_starts(request->referer, origin))
		return false;
	rest = text_after(request->referer, origin.n);
	return !rest.n || *rest.p == '/';
}

bool visit_comes_from_panel(const struct visit *visit)
{
	const struct config_texts *panels = &visit->site->config->web_frames;

	for (size_t i = 0; i < panels->count; i++)
		if (text_is(visit->request->origin, text_of(panels->items[i])))
			return true;
	return is_from_us(visit->site, visit->request);
}

static bool is_form(struct text type)
{
	type = text_trim(text_word(&type, ';'));
	return type.n == 33 && strncasecmp(type.p, "application/x-www-form-urlencoded", type.n) == 0;
}

/* 0, or why it is refused */
static unsigned check_form(struct visit *visit)
{
	const struct http_request *request = visit->request;

	if (!is_form(request->type) || !form_read(request->body ? request->body : (char[]){ "" }, request->body_bytes, &visit->form))
		return MHD_HTTP_BAD_REQUEST;
	if (visit->route->elsewhere)
		return 0;
	return is_from_us(visit->site, request) && session_token_fits(visit->site->sessions, text_of(visit->id), form_value(&visit->form, "token"))
		       ? 0
		       : MHD_HTTP_FORBIDDEN;
}

static unsigned check(struct visit *visit)
{
	const struct http_request *request = visit->request;
	bool exists;

	if (request->refused)
		return request->refused;
	if (request->host.n != strlen(visit->site->host) || strncasecmp(request->host.p, visit->site->host, request->host.n) != 0)
		return MHD_HTTP_MISDIRECTED_REQUEST;
	if (!limits_allow(visit->site->limits, LIMIT_REQUEST, &visit->ip, visit->now_us))
		return MHD_HTTP_TOO_MANY_REQUESTS;
	visit->route = find_route(request->path, request->method, &exists);
	if (!visit->route)
		return exists ? MHD_HTTP_METHOD_NOT_ALLOWED : MHD_HTTP_NOT_FOUND;
	if (request->method == HTTP_POST) {
		unsigned refused = check_form(visit);

		if (refused)
			return refused;
	}
	return visit->route->session && !*visit->account ? MHD_HTTP_UNAUTHORIZED : 0;
}

/* a language was chosen: remembered, and the page asked for once more */
static bool chose_language(struct visit *visit)
{
	enum language chosen = visit->request->method == HTTP_GET ? language_find(http_query(visit->exchange, "lang")) : LANGUAGES;

	if (chosen == LANGUAGES)
		return false;
	visit->language = chosen;
	set_language(visit);
	visit_go(visit, visit->route->path);
	return true;
}

void site_asked(void *context, struct http_exchange *exchange, const struct http_request *request)
{
	struct visit *visit = memory_zero(1, sizeof *visit);
	unsigned refused;

	visit->site = context;
	visit->exchange = exchange;
	visit->request = request;
	visit->ip = request->ip;
	visit->now_us = clock_now();
	http_attach(exchange, visit);
	know_visitor(visit);
	know_language(visit);
	refused = check(visit);
	if (refused)
		visit_fault(visit, refused);
	else if (!chose_language(visit))
		visit->route->answer(visit);
}

void site_over(void *context, void *attached)
{
	struct visit *visit = attached;

	json_decref(visit->story);
	explicit_bzero(visit, sizeof *visit);
	free(visit);
}

/* ---- files */

static void answer_file(struct visit *visit, const char *type, char *text, size_t n)
{
	put_fields(visit);
	http_field(visit->exchange, MHD_HTTP_HEADER_CACHE_CONTROL, "public, max-age=600");
	http_answer(visit->exchange, MHD_HTTP_OK, type, text, n);
}

void site_style(struct visit *visit)
{
	char *text = NULL;
	size_t n = 0;
	FILE *to = open_memstream(&text, &n);

	if (!to)
		abort();
	for (const char *const *part = frame_style; *part; part++)
		fputs(*part, to);
	fclose(to);
	answer_file(visit, "text/css; charset=utf-8", text, n);
}

void site_icon(struct visit *visit)
{
	answer_file(visit, "image/svg+xml", memory_copy(frame_icon, strlen(frame_icon)), strlen(frame_icon));
}

void site_robots(struct visit *visit)
{
	static const char none[] = "User-agent: *\nDisallow: /\n";

	answer_file(visit, "text/plain", memory_copy(none, strlen(none)), strlen(none));
}

/* ---- its life */

/* letters, digits and what host names and ports have beside them */
static bool is_authority(const char *text)
{
	size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-.:[]");

	return n > 0 && !text[n];
}

static bool is_origin(const char *text)
{
	return strlen(text) < ORIGIN_MAX && (text_starts(text_of(text), TEXT("https://")) || text_starts(text_of(text), TEXT("http://"))) &&
	       is_authority(strstr(text, "://") + 3);
}

/* without TLS only where nobody else can listen */
static bool is_this_machine(const char *host)
{
	struct text name = text_of(host);

	return text_starts(name, TEXT("127.0.0.1")) || text_starts(name, TEXT("localhost")) || text_starts(name, TEXT("[::1]"));
}

static bool wrong(const struct config *config, const char *setting, const char *value, const char *why, struct error *error)
{
	error_set(error, "'%s' %s", value, why);
	return config_misplaced(config, setting, error);
}

static bool take_address(struct site *site, struct error *error)
{
	const struct config *config = site->config;
	const char *address = config->web_address;

	if (!is_origin(address))
		return wrong(config, "web_address", address, _("is not https:// and a name, with nothing behind it"), error);
	for (size_t i = 0; i < strlen(address) + 1; i++)
		site->origin[i] = (char)(address[i] >= 'A' && address[i] <= 'Z' ? address[i] | 0x20 : address[i]);
	site->host = strstr(site->origin, "://") + 3;
	site->secure = text_starts(text_of(site->origin), TEXT("https://"));
	if (!site->secure && !is_this_machine(site->host))
		return wrong(config, "web_address", address, _("begins with http://, and everybody on the way could read passwords"), error);
	if (*config->web_certificate && !site->secure)
		return wrong(config, "web_address", address, _("does not begin with https://, and web_certificate is set"), error);
	if (*config->web_certificate && !*config->web_key)
		return wrong(config, "web_certificate", config->web_certificate, _("is set, and web_key is not"), error);
	site->cookie = site->secure ? "__Host-sekisho" : "sekisho";
	site->language_cookie = site->secure ? "__Host-sekisho-language" : "sekisho-language";
	site->cookie_flags = site->secure ? "; Secure" : "";
	return true;
}

static bool take_rules(struct site *site, struct error *error)
{
	const struct config_texts *frames = &site->config->web_frames;
	size_t n = (size_t)snprintf(site->rules, sizeof site->rules,
				    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors");

	for (size_t i = 0; i < frames->count; i++) {
		if (!is_origin(frames->items[i]))
			return wrong(site->config, "web_frames", frames->items[i], _("is not https:// and a name, with nothing behind it"), error);
		if (n + strlen(frames->items[i]) + 2 > sizeof site->rules)
			return wrong(site->config, "web_frames", frames->items[i], _("is one too many"), error);
		n += (size_t)snprintf(site->rules + n, sizeof site->rules - n, " %s", frames->items[i]);
	}
	if (!frames->count)
		snprintf(site->rules + n, sizeof site->rules - n, " 'none'");
	return true;
}

static void take_name(struct site *site)
{
	text_copy(site->server_name, sizeof site->server_name, (struct text){ site->host, strcspn(site->host, ":") });
	site->usual = strcmp(site->config->notice_language, "ja") == 0 ? LANGUAGE_JAPANESE : LANGUAGE_ENGLISH;
}

struct site *site_new(const struct config *config, struct asker *asker, const struct password_policy *policy, struct error *error)
{
	struct site *site = memory_zero(1, sizeof *site);

	site->config = config;
	site->asker = asker;
	site->policy = policy;
	site->sessions = sessions_new();
	site->limits = limits_new();
	if (take_address(site, error) && take_rules(site, error)) {
		take_name(site);
		if (*config->panel_key_file)
			site->panel = panel_new(config, clock_now(), error);
		if (site->panel || !*config->panel_key_file)
			return site;
	}
	site_free(site);
	return NULL;
}

bool site_check(const struct config *config, struct error *error)
{
	struct site *site = site_new(config, NULL, NULL, error);
	struct certificate *certificate = site && *config->web_certificate ? certificate_new(config, error) : NULL;
	bool sound = site && (certificate || !*config->web_certificate);

	certificate_free(certificate);
	site_free(site);
	return sound;
}

void site_free(struct site *site)
{
	if (!site)
		return;
	sessions_free(site->sessions);
	limits_free(site->limits);
	panel_free(site->panel);
	free(site);
}
