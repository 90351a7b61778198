/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/request.h"

enum { LONG_ID_LEAST = 10 };

static const struct text verbs[] = {
	[REQUEST_RELEASE] = { "release", 7 }, [REQUEST_HOLD] = { "hold", 4 }, [REQUEST_DELETE] = { "delete", 6 },
	[REQUEST_LIST] = { "list", 4 },       [REQUEST_PING] = { "ping", 4 },
};

static enum request_verb verb_of(struct text word)
{
	size_t verb = 0;

	while (verb < REQUEST_FAULTY && !text_is(word, verbs[verb]))
		verb++;
	return verb;
}

static bool is_short_id(struct text id)
{
	for (size_t i = 0; i < id.n; i++)
		if (!(id.p[i] >= '0' && id.p[i] <= '9') && !(id.p[i] >= 'A' && id.p[i] <= 'F'))
			return false;
	return true;
}

bool request_id_is_sound(struct text id)
{
	if (id.n < REQUEST_ID_LEAST || id.n >= REQUEST_ID_MAX || text_span(id, CHAR_ALNUM) != id.n)
		return false;
	return id.n >= LONG_ID_LEAST || is_short_id(id);
}

static struct request faulty(const char *what) { return (struct request){ .verb = REQUEST_FAULTY, .fault = what }; }

struct request request_parse(struct text line)
{
	struct request request = { 0 };
	struct text word, id;
	uint64_t t_s;

	request.verb = verb_of(line);
	if (request.verb == REQUEST_LIST || request.verb == REQUEST_PING)
		return request;
	if (!text_cut(&line, ' ', &word) || (request.verb = verb_of(word)) >= REQUEST_LIST)
		return faulty("verb");
	if (!text_cut(&line, ' ', &id) || !request_id_is_sound(id))
		return faulty("id");
	if (!text_number(line, REQUEST_T_MAX, &t_s))
		return faulty("time");
	text_copy(request.id, sizeof request.id, id);
	request.t_s = (int64_t)t_s;
	return request;
}
