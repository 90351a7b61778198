/* SPDX-License-Identifier: Apache-2.0 */
/* One look through Postfix's queue for everybody who waits for one: a queue of 100,000 messages is not read once an account. Whoever
 * asks while it is being read waits for the next look, for what was sent meanwhile may have been passed over. */
#ifndef SEKISHO_CONTAINMENT_SURVEY_H
#define SEKISHO_CONTAINMENT_SURVEY_H
#include "containment/queue.h"
#include "event/accounts.h"

struct survey;

/* both are the caller's, and outlive it */
struct survey *survey_new(struct queue *queue, const struct accounts *accounts);
/* to be freed once the queue tells nobody any more. NULL is fine. */
void survey_free(struct survey *survey);
/* `each` for every message of this account, then `end`, with a NULL error where the look was whole. Called from the loop. */
void survey_ask(struct survey *survey, uint32_t account,
		void (*each)(void *context, const struct queue_message *message),
		void (*end)(void *context, const struct error *error), void *context);
#endif
