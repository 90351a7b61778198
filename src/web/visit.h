/* SPDX-License-Identifier: Apache-2.0 */
/* One visit: a request on its way to its page, and what pages may ask of the site. A visit lives until its answer is sent; pages are
 * written in the visitor's language, all at once, into memory. What came from outside is only ever written through report/page.h. */
#ifndef SEKISHO_WEB_VISIT_H
#define SEKISHO_WEB_VISIT_H
#include <jansson.h>
#include <stdio.h>

#include "gate/ask.h"
#include "password/hash.h"
#include "password/policy.h"
#include "web/form.h"
#include "web/http.h"
#include "web/language.h"
#include "web/limits.h"
#include "web/panel.h"
#include "web/sessions.h"

enum { VISIT_SLOW_MS = 600 }; /* answers that must not tell by their time leave at multiples of this */

struct site;
struct visit;

struct route {
	const char *path;
	enum http_method method;
	bool session;   /* only for who proved to be an owner */
	bool elsewhere; /* may be posted from another site: what proves it right is in the form */
	void (*answer)(struct visit *visit);
};

extern const struct route routes[];
extern const size_t route_count;

struct visit {
	struct site *site;
	struct http_exchange *exchange;
	const struct http_request *request;
	const struct route *route;
	enum language language;
	struct form form;
	struct ip ip;
	int64_t now_us;
	char id[SESSION_ID_MAX];        /* the number of the visitor's cookie */
	bool id_is_new;                 /* the visitor is to be given it */
	char account[ACCOUNT_NAME_MAX]; /* whose owner this is, as far as it was proved; "" nobody's */
	char typed[ACCOUNT_NAME_MAX];   /* an address from a form */
	char token[PANEL_TOKEN_MAX + 1]; /* of the panel, from a link */
	json_t *story;                  /* of the account: answer of "owner story"; NULL */
	char password[PASSWORD_MAX + 1];
	bool generated;
	struct password_verdict verdict;
	unsigned asked; /* questions that are not answered yet */
	bool failed;    /* one of them was not */
	void (*told)(struct visit *visit, enum ask_result result, const json_t *answer);
	void (*then)(struct visit *visit);
};

/* ---- answers; each visit gets one */

typedef void visit_body(struct visit *visit, FILE *to);
void visit_page(struct visit *visit, unsigned status, const char *title, visit_body *body);
/* to a page of ours (303): its path, a constant */
void visit_go(struct visit *visit, const char *path);
/* what went wrong, in a sentence of its own for each status */
void visit_fault(struct visit *visit, unsigned status);

/* ---- the daemon */

/* takes the request; `told` then answers the visit. Where the daemon cannot be asked the visit is answered, and nobody told. */
void visit_ask(struct visit *visit, json_t *request, void (*told)(struct visit *visit, enum ask_result result, const json_t *answer));
/* the account's story, then `then`, which has it in visit->story */
void visit_story(struct visit *visit, void (*then)(struct visit *visit));
/* {"verb":verb,"account":the session's,"ip":…}, to be completed */
json_t *visit_question(const struct visit *visit, const char *verb, const char *account);

/* the same of the address and the code of a form, and the answer does not tell by its time; NULL where they can be neither */
json_t *visit_question_of_code(struct visit *visit, const char *verb) __attribute__((warn_unused_result));

/* ---- who it is */

/* false: too often, and the visit is answered */
bool visit_allowed(struct visit *visit, enum limit_kind kind) __attribute__((warn_unused_result));
/* the visitor proved to be the owner: a session of their own, under a new number */
void visit_enter(struct visit *visit, struct text account);
/* something changed that matters: every session of the account ends, and this one goes on under a new number */
void visit_renew(struct visit *visit);
void visit_leave(struct visit *visit);
/* of the forms on this visitor's pages */
void visit_token(const struct visit *visit, char token[SESSION_ID_MAX]);
/* an address as people type it, into visit->typed; false where it cannot be one */
bool visit_take_address(struct visit *visit, const char *field) __attribute__((warn_unused_result));

/* ---- the site */
const struct config *visit_config(const struct visit *visit);
/* in the language of the page; it has a server's name */
struct config_words visit_words(const struct visit *visit);
const struct password_policy *visit_policy(const struct visit *visit);
bool visit_has_panel(const struct visit *visit);
/* the panel's word: who it says the visitor is; visit_take_token uses it up */
bool visit_read_token(const struct visit *visit, struct text token, char account[ACCOUNT_NAME_MAX]) __attribute__((warn_unused_result));
/* did the form come from a page of ours, or of a panel that the settings name? */
bool visit_comes_from_panel(const struct visit *visit);
bool visit_take_token(struct visit *visit, struct text token, char account[ACCOUNT_NAME_MAX]) __attribute__((warn_unused_result));

/* ---- pages and files: rows of `routes` */
void site_style(struct visit *visit);
void site_icon(struct visit *visit);
void site_robots(struct visit *visit);
void page_start(struct visit *visit);
void page_send(struct visit *visit);
void page_code(struct visit *visit);
void page_try(struct visit *visit);
void page_panel(struct visit *visit);
void page_enter(struct visit *visit);
void page_leave(struct visit *visit);
void page_account(struct visit *visit);
void page_password(struct visit *visit);
void page_choose(struct visit *visit);
void page_generate(struct visit *visit);
void page_care(struct visit *visit);
void page_tick(struct visit *visit);
void page_notice(struct visit *visit);
void page_check(struct visit *visit);
#endif
