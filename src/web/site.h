/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's pages: who may ask for what, and in which order that is held. A request is refused by the first of these that does not
 * hold: its host is ours; there is such a page, asked for in the right way; its form is small and sound; a form was posted from our own
 * site (Origin) and carries the token of its page; nobody asks too often; the visitor has a session where one is needed. */
#ifndef SEKISHO_WEB_SITE_H
#define SEKISHO_WEB_SITE_H
#include "web/asker.h"
#include "web/http.h"

struct site;

/* whether the settings of the pages are sound; a fault names its line */
bool site_check(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* `asker`, `policy` and `config` outlive it */
struct password_policy;
struct site *site_new(const struct config *config, struct asker *asker, const struct password_policy *policy, struct error *error)
	__attribute__((warn_unused_result));
void site_free(struct site *site);

/* for struct http_options */
void site_asked(void *site, struct http_exchange *exchange, const struct http_request *request);
void site_over(void *site, void *attached);
#endif
