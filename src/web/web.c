/* SPDX-License-Identifier: Apache-2.0 */
#include "web/web.h"

#include <signal.h>
#include <sodium.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <uv.h>

#include "base/i18n.h"
#include "base/log.h"
#include "base/memory.h"
#include "gate/child.h"
#include "password/policy_config.h"
#include "web/http.h"
#include "web/language.h"
#include "web/site.h"

enum { BREACHED_LOOK_MS = 30 * 1000 };

struct web {
	uv_loop_t loop;
	const struct config *config;
	struct policy_config policy;
	struct asker *asker;
	struct site *site;
	struct http *http;
	uv_signal_t term, interrupt;
	uv_poll_t leash;
	uv_timer_t breached, renewal;
	bool leashed;
};

/* from now on this process leaves no core, and nobody may look into it */
static void close_curtains(void)
{
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_DUMPABLE, 0);
}

static void stop(uv_signal_t *signal, int number) { uv_stop(signal->loop); }
static void let_loose(uv_poll_t *leash, int status, int events) { uv_stop(leash->loop); }

/* passwords are judged on this loop, so nobody does meanwhile */
static void look_at_breached(uv_timer_t *timer)
{
	struct web *web = timer->data;
	struct error error;

	if (policy_config_look(&web->policy, web->config, &error) == POLICY_LIST_FAULTY)
		log_say(LOG_ERROR, web->policy.breached ? _("%s; what was there before goes on") : _("%s; until there is one, the other rules alone are asked"),
			error.text);
}

static void look_at_certificate(uv_timer_t *timer)
{
	struct web *web = timer->data;
	struct error error;

	switch (http_renew(web->http, &error)) {
	case CERTIFICATE_RENEWED: log_say(LOG_NOTE, _("the certificate of the owner's pages was renewed")); break;
	case CERTIFICATE_BROKEN: log_say(LOG_ERROR, _("%s; the owner's pages go on with the certificate that they have"), error.text); break;
	default: break;
	}
}

static void watch(struct web *web)
{
	int leash = child_leash();

	uv_timer_start(&web->breached, look_at_breached, BREACHED_LOOK_MS, BREACHED_LOOK_MS);
	if (*web->config->web_certificate)
		uv_timer_start(&web->renewal, look_at_certificate, CERTIFICATE_LOOK_MS, CERTIFICATE_LOOK_MS);
	uv_signal_start(&web->term, stop, SIGTERM);
	uv_signal_start(&web->interrupt, stop, SIGINT);
	if (leash < 0 || uv_poll_init(&web->loop, &web->leash, leash) != 0)
		return;
	web->leashed = true;
	uv_poll_start(&web->leash, UV_READABLE | UV_DISCONNECT, let_loose);
}

static bool open_doors(struct web *web, struct error *error)
{
	struct error away;
	const struct config *config = web->config;

	if (!config->web_listen.count)
		return error_set(error, "%s", _("web_listen is empty: there is nowhere to serve"));
	if (sodium_init() < 0)
		return error_set(error, "%s", _("libsodium does not come up"));
	if (!policy_config_init_anyway(&web->policy, config, NULL, &away, error))
		return false;
	if (web->policy.policy.breached_away)
		log_say(LOG_ERROR, _("%s; until there is one, the other rules alone are asked"), away.text);
	web->asker = asker_new(&web->loop, config->control_socket);
	web->site = site_new(config, web->asker, &web->policy.policy, error);
	if (!web->site)
		return false;
	web->http = http_new(&web->loop, &(struct http_options){ config, web->site, site_asked, site_over }, error);
	return web->http != NULL;
}

struct web *web_new(const struct config *config, struct error *error)
{
	struct web *web = memory_zero(1, sizeof *web);

	close_curtains();
	signal(SIGPIPE, SIG_IGN);
	language_begin();
	web->config = config;
	uv_loop_init(&web->loop);
	uv_signal_init(&web->loop, &web->term);
	uv_signal_init(&web->loop, &web->interrupt);
	uv_timer_init(&web->loop, &web->breached);
	uv_timer_init(&web->loop, &web->renewal);
	web->breached.data = web->renewal.data = web;
	if (open_doors(web, error)) {
		watch(web);
		return web;
	}
	web_free(web);
	return NULL;
}

void web_run(struct web *web)
{
	log_say(LOG_NOTE, _("the owner's pages are served at %s"), web->config->web_address);
	uv_run(&web->loop, UV_RUN_DEFAULT);
}

/* those that are still open; whoever owns a handle closes it otherwise */
static void close_own(struct web *web)
{
	uv_close((uv_handle_t *)&web->term, NULL);
	uv_close((uv_handle_t *)&web->interrupt, NULL);
	uv_close((uv_handle_t *)&web->breached, NULL);
	uv_close((uv_handle_t *)&web->renewal, NULL);
	if (web->leashed)
		uv_close((uv_handle_t *)&web->leash, NULL);
}

void web_free(struct web *web)
{
	if (!web)
		return;
	asker_close(web->asker); /* first: nobody is to be answered any more */
	http_close(web->http);
	close_own(web);
	uv_run(&web->loop, UV_RUN_DEFAULT);
	uv_loop_close(&web->loop);
	site_free(web->site);
	policy_config_done(&web->policy);
	free(web);
}
