/* SPDX-License-Identifier: Apache-2.0 */
/* The owner's pages: a process of its own (`sekisho web`), which the daemon keeps running (gate/child.h), and which asks it over the
 * control socket like any other. What strangers send is read here, and nowhere near the gate.
 *
 *   browser ─▶ http ─▶ site (whose host, which page, which form, which session) ─▶ a page ─▶ asker ─▶ daemon
 *
 * An owner's way: `/` sends a code to the contact address, `/code` takes it, `/account` tells what happened, `/password` takes the new one,
 * and the daemon opens what was shut; `/care` is what remains. Nothing is kept on disk. Sessions, tokens and counters live in memory; so do
 * passwords, until they are sent, and then they are wiped; the process leaves no core. One thread. */
#ifndef SEKISHO_WEB_WEB_H
#define SEKISHO_WEB_WEB_H
#include "base/error.h"
#include "config/config.h"

struct web;

/* `config` outlives it */
struct web *web_new(const struct config *config, struct error *error) __attribute__((warn_unused_result));
/* until SIGTERM, SIGINT, or the daemon that started it is gone */
void web_run(struct web *web);
/* NULL is fine */
void web_free(struct web *web);
#endif
