/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/queue_answer.h"

#include "base/quoted.h"

#define ARRIVAL_MAX 4294967295u

bool queue_answer_parse(struct text line, struct text *id, enum queue_result *result)
{
	struct text word;

	if (!text_cut(&line, ' ', &word) || !text_cut(&line, ' ', id))
		return false;
	if (text_is(word, TEXT("ok")))
		*result = QUEUE_DONE;
	else if (!text_is(word, TEXT("no")))
		return false;
	else if (text_is(line, TEXT("absent")) || text_is(line, TEXT("not-held")))
		*result = QUEUE_ABSENT;
	else
		*result = text_is(line, TEXT("other")) ? QUEUE_OTHER : QUEUE_FAILED;
	return true;
}

bool queue_message_parse(struct text line, char login[QUEUE_TEXT_MAX], char sender[QUEUE_TEXT_MAX],
			 struct queue_message *message)
{
	struct text word, arrival, recipients, quoted;
	uint64_t arrival_s, count;

	if (!text_cut(&line, ' ', &word) || !text_is(word, TEXT("message")) || !text_cut(&line, ' ', &message->queue_id) ||
	    !text_cut(&line, ' ', &message->queue) || !text_cut(&line, ' ', &arrival) ||
	    !text_cut(&line, ' ', &recipients) || !text_cut(&line, ' ', &quoted))
		return false;
	if (!text_number(arrival, ARRIVAL_MAX, &arrival_s) || !text_number(recipients, UINT32_MAX, &count))
		return false;
	message->arrival_us = (int64_t)arrival_s * SECOND_US;
	message->recipients = (uint32_t)count;
	return quoted_read(quoted, login, QUEUE_TEXT_MAX, &message->login) && quoted_read(line, sender, QUEUE_TEXT_MAX, &message->sender);
}
