/* SPDX-License-Identifier: Apache-2.0 */
/* The asking side of the control socket (gate/control.h): one request, one answer, waited for. */
#ifndef SEKISHO_GATE_ASK_H
#define SEKISHO_GATE_ASK_H
#include <jansson.h>

#include "base/error.h"

enum { ASK_ANSWER_MAX = 64 << 20, ASK_WAIT_S = 20 };

enum ask_result {
	ASK_ANSWERED,
	ASK_AWAY,    /* nobody is there, or they went away */
	ASK_FAULTY,  /* it did not understand the request */
	ASK_REFUSED, /* this user may not */
	ASK_ABSENT,  /* there is no such thing */
	ASK_NO,      /* it will not, for the reason in `error` */
	ASK_FAILED,  /* it could not, for the reason in `error` */
	ASK_FORMER,  /* of a new password: it was the account's before */
};

/* takes the request; *answer is the caller's, and only written with ASK_ANSWERED, *error only without */
enum ask_result ask(const char *socket_path, json_t *request, json_t **answer, struct error *error) __attribute__((warn_unused_result));
#endif
