/* SPDX-License-Identifier: Apache-2.0 */
/* Microsoft's junk mail reporting (JMRP): no report, only the mail as it reached Hotmail, hung on to "complaint about message from IP" by
 * staff@hotmail.com, or forwarded as it is. X-HmXmrOriginalRecipient names who complained. */
#include "mail/complaint_inside.h"
#include "mail/original.h"

#define MARK "X-HmXmrOriginalRecipient"

static bool has_mark(struct message *message)
{
	struct text value;

	for (int i = 1; i < message_parts(message); i++)
		if (message_part(message, i)->kind == PART_MESSAGE)
			return fields_find(&message_part(message, i)->fields, MARK, &value);
	return false;
}

static bool is_from_hotmail(struct message *message)
{
	struct text from = message_field(message, "From");

	return text_seek(from, "staff@hotmail.com") || text_seek(from, "staff@outlook.com");
}

static bool read(struct message *message, struct complaint *complaint, struct original *original)
{
	struct text subject = message_field(message, "Subject"), about;

	if (message_field(message, MARK).n) {
		original_from_fields(message_arena(message), &message_part(message, 0)->fields, original);
		original->body = message_body(message);
		return true;
	}
	if (!is_from_hotmail(message) && !has_mark(message))
		return false;
	if (!complaint_find_original(message, original))
		return false;
	if (text_behind(subject, TEXT("complaint about message from "), &about))
		complaint_set_ip(complaint, about);
	return true;
}

const struct complaint_reader complaint_jmrp = { COMPLAINT_JMRP, read };
