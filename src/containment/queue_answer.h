/* SPDX-License-Identifier: Apache-2.0 */
/* One line that the queue's helper says (containment/queue.h). */
#ifndef SEKISHO_CONTAINMENT_QUEUE_ANSWER_H
#define SEKISHO_CONTAINMENT_QUEUE_ANSWER_H
#include "containment/queue.h"

enum { QUEUE_TEXT_MAX = 4096 }; /* of a login, of a sender */

/* `ok ID STATE`, `no ID REASON`; `id` is a view of the line */
bool queue_answer_parse(struct text line, struct text *id, enum queue_result *result) __attribute__((warn_unused_result));
/* `message ID QUEUE T RECIPIENTS <LOGIN> <SENDER>`; login and sender are made plain in the buffers, the rest are views */
bool queue_message_parse(struct text line, char login[QUEUE_TEXT_MAX], char sender[QUEUE_TEXT_MAX],
			 struct queue_message *message) __attribute__((warn_unused_result));
#endif
