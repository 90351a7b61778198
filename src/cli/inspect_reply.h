/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho inspect --reply: a draft of an answer to whoever complained. */
#ifndef SEKISHO_CLI_INSPECT_REPLY_H
#define SEKISHO_CLI_INSPECT_REPLY_H
#include <jansson.h>

#include "config/config.h"
#include "mail/inspection.h"

/* `whose`: what the daemon says of the mail complained about, or NULL; the incident that it names is told of. False with the reason where
 * there is nothing to answer, or the daemon could not be asked. */
bool inspect_reply(const struct config *config, struct message *message, const struct inspection *inspection, const json_t *whose, FILE *to,
		   struct error *error) __attribute__((warn_unused_result));
#endif
