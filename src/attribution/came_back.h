/* SPDX-License-Identifier: Apache-2.0 */
/* What of a mail that came back goes over the control socket: whoever reads the mail is another process than the gate, since mails
 * are hostile; the gate gets facts alone, as one JSON object:
 *
 *   {"kind":"bounce","queue_id":"4Z…","message_id":"…","from":"…","date":1795348800,"trail":[{"id":"4Z…","at":…,"by":"mx…"}],
 *    "recipients":[{"address":"…","original":"…","why":"unknown_user"}],"about":"abuse","reporter":"example.net",
 *    "phishing":true}
 *
 * Of texts with control characters, or longer than CAME_BACK_TEXT_MAX, nothing is sent; of recipients the first CAME_BACK_RECIPIENTS_MAX.
 * So the object fits into a line of the control socket. */
#ifndef SEKISHO_ATTRIBUTION_CAME_BACK_H
#define SEKISHO_ATTRIBUTION_CAME_BACK_H
#include <jansson.h>

#include "attribution/attribute.h"
#include "event/event.h"
#include "mail/inspection.h"

enum { CAME_BACK_TEXT_MAX = 254, CAME_BACK_RECIPIENTS_MAX = 150 };

enum came_back_kind { CAME_BACK_BOUNCE, CAME_BACK_AUTO_REPLY, CAME_BACK_COMPLAINT, CAME_BACK_OTHER, CAME_BACK_KINDS };

/* texts are views into the object */
struct came_back {
	enum came_back_kind kind;
	struct attribution_question question; /* without `fits`; its lists are below */
	struct text about, reporter;          /* of a complaint: its type, the domain that it comes from */
	bool phishing;                        /* the mail that it is about, as far as it came back, is phishing */
	enum event_reason whys[CAME_BACK_RECIPIENTS_MAX]; /* of question.to, as long */
	/* inside */
	struct trail_id trail[TRAIL_IDS_MAX];
	struct text to[CAME_BACK_RECIPIENTS_MAX];
};

/* is there anything to ask about a mail of this kind? */
bool came_back_is(const struct inspection *inspection);
/* `bytes`: of the whole mail that `message` was read from; the caller's to free */
json_t *came_back_json(struct message *message, const struct inspection *inspection, struct text bytes) __attribute__((warn_unused_result));
/* hostile, too: false, with a sentence that names the field */
bool came_back_read(const json_t *object, struct came_back *back, struct error *error) __attribute__((warn_unused_result));

/* What was found, both ways: {"account":"…","attribution":{"by":"queue_id","certain":true,"verdict":"owner",…}}; of a verdict that says
 * nothing about whose it is the account is left out. */
json_t *attribution_json(const struct attribution *attribution) __attribute__((warn_unused_result));
void attribution_from_json(const json_t *object, struct attribution *attribution);
#endif
