/* SPDX-License-Identifier: Apache-2.0 */
#include "containment/queue_answer.h"

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

static int hex_of(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* <…> with %XX for what is not plain */
static bool unquote(struct text quoted, char to[QUEUE_TEXT_MAX], struct text *plain)
{
	size_t n = 0;

	if (quoted.n < 2 || quoted.p[0] != '<' || quoted.p[quoted.n - 1] != '>' || quoted.n > QUEUE_TEXT_MAX)
		return false;
	for (size_t i = 1; i < quoted.n - 1; i++) {
		if (quoted.p[i] != '%') {
			to[n++] = quoted.p[i];
			continue;
		}
		if (i + 3 >= quoted.n || hex_of(quoted.p[i + 1]) < 0 || hex_of(quoted.p[i + 2]) < 0)
			return false;
		to[n++] = (char)(hex_of(quoted.p[i + 1]) << 4 | hex_of(quoted.p[i + 2]));
		i += 2;
	}
	*plain = (struct text){ to, n };
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
	return unquote(quoted, login, &message->login) && unquote(line, sender, &message->sender);
}
