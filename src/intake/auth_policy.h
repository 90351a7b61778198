/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's auth policy (Authentication Policy Server of the Dovecot manual), and what clients of weakforced say: a JSON
 * object asked with POST /?command=allow|report|reset, GET or POST ping and stats. auth_policy_parse reads a body into
 * texts that are good until the next call with the same parser.
 *
 * Bounded by AUTH_POLICY_BODY_MAX; unknown fields are passed over, null is no field, of a name that stands twice the last
 * counts, and a field of the wrong type is a fault that names it. But no fault may come of what somebody who logs in can
 * choose, for Dovecot lets pass whomever it gets no answer about: texts longer than AUTH_POLICY_TEXT_MAX are cut, between
 * characters, and an address that is none is unknown. */
#ifndef SEKISHO_INTAKE_AUTH_POLICY_H
#define SEKISHO_INTAKE_AUTH_POLICY_H
#include "base/error.h"
#include "base/ip.h"
#include "event/event.h"

enum {
	AUTH_POLICY_BODY_MAX = 128 * 1024, /* Dovecot takes 16 KiB from a client, and an escape is up to seven bytes */
	AUTH_POLICY_TEXT_MAX = 1024,
};

enum auth_policy_command { AUTH_POLICY_NONE, AUTH_POLICY_ALLOW, AUTH_POLICY_REPORT, AUTH_POLICY_RESET, AUTH_POLICY_PING, AUTH_POLICY_STATS };

/* A field that was not there is empty. ALLOW and REPORT have a login, which is empty where it was no name; RESET has it or
 * an address. */
struct auth_policy_request {
	enum auth_policy_command command;
	struct text login, session, device, pwhash; /* views of the caller's body, or of the parser's own buffer */
	struct text mech;                   /* of SASL: "PLAIN" */
	struct text fail;                   /* REPORT of Dovecot 2.4: credentials, disabled, expired, policy, … */
	struct ip ip;                       /* "remote"; of RESET: "ip". All zero where it is none */
	uint8_t protocol;                   /* enum event_protocol */
	bool success, policy_reject, tls;   /* REPORT */
};

/* AUTH_POLICY_NONE where it is none */
enum auth_policy_command auth_policy_command(struct text word);

struct auth_policy_parser;
struct auth_policy_parser *auth_policy_parser_new(void);
void auth_policy_parser_free(struct auth_policy_parser *parser);
/* `body` of ALLOW, REPORT or RESET */
bool auth_policy_parse(struct auth_policy_parser *parser, enum auth_policy_command command, struct text body,
		       struct auth_policy_request *request, struct error *error) __attribute__((warn_unused_result));
#endif
