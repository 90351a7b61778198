/* SPDX-License-Identifier: Apache-2.0 */
/* The doors that actions open and shut, in one struct: borrowed, NULL where it is not there. What only the gate knows it is asked
 * over callbacks; a command that acts while the daemon is away has none of them. */
#ifndef SEKISHO_CONTAINMENT_DOORS_H
#define SEKISHO_CONTAINMENT_DOORS_H
#include "containment/dovecot.h"
#include "containment/keys.h"
#include "containment/queue.h"
#include "containment/roster.h"
#include "event/accounts.h"

struct act_call;
struct target;
struct survey;

/* what becomes of a message that was found in the queue */
enum doors_mail { MAIL_LEFT, MAIL_CAUGHT };

struct doors_gate {
	void *context;
	/* Would the gate refuse the target's mail, or its logins, from a stranger? It is told of each lock before any action is.
	 * NULL: no gate. */
	bool (*refuses_mail)(void *context, const struct target *target);
	bool (*refuses_logins)(void *context, const struct target *target);
	/* A message of the target's lies in the queue, and not on hold: is it the thief's? Then it is to be held from now on, once
	 * `commit` has said so. */
	enum doors_mail (*found)(void *context, const struct target *target, const struct queue_message *message);
	/* what was caught is written, and the queue's helper asked for it */
	void (*commit)(void *context);
};

struct doors {
	uv_loop_t *loop;
	const struct accounts *accounts;
	const char *default_domain; /* Dovecot may know its logins by their local part alone; "": none */
	struct roster *away, *denied;
	struct keys *keys;
	const char *keys_socket; /* where nobody listens, nobody is set up */
	struct dovecot *dovecot;
	bool doveadm, trial; /* which of Dovecot's doors are set up */
	struct queue *queue;
	struct survey *survey; /* looks through the queue for many at once */
	struct doors_gate gate;
	struct act_call *calls; /* what actions wait for */
};

/* after all doors were closed: what was not answered never will be */
void doors_drop_calls(struct doors *doors);
#endif
