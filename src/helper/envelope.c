/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/envelope.h"

#define ARRIVAL_MAX 4294967295u
#define RECIPIENTS_MAX 1000000000u

enum { LENGTH_SHIFT_MAX = 28 };

static bool next_record(struct text *rest, char *type, struct text *data)
{
	size_t n = 0;

	if (!rest->n)
		return false;
	*type = rest->p[0];
	*rest = text_after(*rest, 1);
	for (unsigned shift = 0; rest->n && shift <= LENGTH_SHIFT_MAX; shift += 7) {
		unsigned char byte = (unsigned char)rest->p[0];

		*rest = text_after(*rest, 1);
		n |= (size_t)(byte & 0x7f) << shift;
		if (byte & 0x80)
			continue;
		if (n > rest->n)
			return false;
		*data = text_head(*rest, n);
		*rest = text_after(*rest, n);
		return true;
	}
	return false;
}

/* the words of sizes: of the message, its place, how many recipients, … */
static void read_sizes(struct text sizes, struct envelope *envelope)
{
	struct text word = TEXT_NONE;

	for (int i = 0; i < 3; i++) {
		sizes = text_trim(sizes);
		if (!text_cut(&sizes, ' ', &word))
			return;
	}
	(void)!text_number(word, RECIPIENTS_MAX, &envelope->recipients);
}

static void read_attribute(struct text attribute, struct envelope *envelope)
{
	struct text name;

	if (text_cut(&attribute, '=', &name) && text_is(name, TEXT("sasl_username")))
		envelope->login = attribute;
}

bool envelope_parse(struct text head, struct envelope *envelope)
{
	struct text data, seconds;
	uint64_t arrival = 0;
	char type;

	*envelope = (struct envelope){ .sender = TEXT_NONE, .login = TEXT_NONE };
	while (next_record(&head, &type, &data) && type != 'M') {
		switch (type) {
		case 'C': read_sizes(data, envelope); break;
		case 'S': envelope->sender = data; break;
		case 'A': read_attribute(data, envelope); break;
		case 'T':
			if (!arrival && text_cut(&data, ' ', &seconds))
				(void)!text_number(seconds, ARRIVAL_MAX, &arrival);
			break;
		default: break;
		}
	}
	envelope->arrival_s = (int64_t)arrival;
	return arrival > 0;
}
