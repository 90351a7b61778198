/* SPDX-License-Identifier: Apache-2.0 */
/* Dovecot's auth policy (Authentication Policy Server of the Dovecot manual), and what clients of weakforced say: a JSON
 * object asked with POST /?command=allow|report|reset, GET or POST ping and stats. auth_policy_parse reads a body into
 * texts that are good until the next call with the same arena. Bounded by AUTH_POLICY_BODY_MAX; unknown fields are passed
 * over, a field of the wrong type is a fault that names it. */
#ifndef SEKISHO_INTAKE_AUTH_POLICY_H
#define SEKISHO_INTAKE_AUTH_POLICY_H
#include "base/error.h"
#include "base/ip.h"
#include "event/event.h"

enum { AUTH_POLICY_BODY_MAX = 64 * 1024, AUTH_POLICY_TEXT_MAX = 1024 };

enum auth_policy_command { AUTH_POLICY_NONE, AUTH_POLICY_ALLOW, AUTH_POLICY_REPORT, AUTH_POLICY_RESET, AUTH_POLICY_PING, AUTH_POLICY_STATS };

struct auth_policy_request {
	enum auth_policy_command command;
	struct text login, session, device, pwhash; /* views of the caller's body, or of the parser's own buffer */
	struct ip ip;                       /* "remote"; all zero where it is none */
	uint8_t protocol;                   /* enum event_protocol */
	bool success, policy_reject, tls;   /* REPORT */
};

enum auth_policy_command auth_policy_command(struct text word);

struct auth_policy_parser;
struct auth_policy_parser *auth_policy_parser_new(void);
void auth_policy_parser_free(struct auth_policy_parser *parser);
/* `body` of ALLOW, REPORT or RESET */
bool auth_policy_parse(struct auth_policy_parser *parser, enum auth_policy_command command, struct text body,
		       struct auth_policy_request *request, struct error *error) __attribute__((warn_unused_result));
#endif
