/* SPDX-License-Identifier: Apache-2.0 */
/* Inside containment/dovecot: trials on the auth socket. There is a connection only while there are trials: one that stays would
 * keep to a Dovecot that was reloaded. TRIALS_TOGETHER_MAX are under way at a time. */
#ifndef SEKISHO_CONTAINMENT_DOVECOT_TRIAL_H
#define SEKISHO_CONTAINMENT_DOVECOT_TRIAL_H
#include "containment/dovecot.h"

enum { TRIALS_TOGETHER_MAX = 64 };

struct trials;

/* path: NULL for none, and each trial fails */
struct trials *trials_new(uv_loop_t *loop, const char *path);
void trials_ask(struct trials *trials, const char *service, struct text user,
		void (*done)(void *context, enum dovecot_trial trial, const char *says), void *context);
bool trials_know(const struct trials *trials, struct text session);
/* tells nobody; frees itself once the loop has run */
void trials_close(struct trials *trials);
#endif
