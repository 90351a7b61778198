/* SPDX-License-Identifier: Apache-2.0 */
/* A request on the control socket, read: one line of JSON. Texts are borrowed from `root`, terminated, and never NULL.
 * Fields that it does not know are passed over; one of a wrong kind is an error that names it. */
#ifndef SEKISHO_GATE_CONTROL_REQUEST_H
#define SEKISHO_GATE_CONTROL_REQUEST_H
#include <jansson.h>

#include "base/error.h"
#include "base/when.h"

enum {
	CONTROL_VERB_MAX = 32,
	CONTROL_NAME_MAX = 320, /* of accounts and domains */
	CONTROL_ID_MAX = 1000,
	CONTROL_IDS_MAX = 64,   /* that one question may be about */
	CONTROL_ACTIONS_MAX = 16,
	CONTROL_PASSWORD_MAX = 256,
};

struct control_id {
	const char *text;
	int64_t near_us; /* WHEN_NONE: any time */
};

struct control_request {
	json_t *root;
	const char *verb, *account, *domain, *mode; /* "" where it is not there */
	const char *scope, *why;                    /* "" as well */
	const char *password, *code;                /* the same, and wiped with the request */
	const char *ip, *item, *state;              /* the same */
	const char *actions[CONTROL_ACTIONS_MAX];
	size_t action_count;
	uint64_t incident, bulk, days;              /* 0: not there */
	bool all, false_alarm;
	struct control_id ids[CONTROL_IDS_MAX];
	size_t id_count;
};

/* on failure *request is empty */
bool control_request_read(struct text line, struct control_request *request, struct error *error) __attribute__((warn_unused_result));
void control_request_done(struct control_request *request);
#endif
