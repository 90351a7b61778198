/* SPDX-License-Identifier: Apache-2.0 */
/* Any JSON as what a reader of mails says: what is taken is within limits and free of control characters; and as what the daemon answers:
 * a sentence can be made of it. */
#include <assert.h>
#include <string.h>

#include "attribution/came_back.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_sound(struct text text)
{
	assert(text.n <= CAME_BACK_TEXT_MAX);
	for (size_t i = 0; i < text.n; i++)
		assert((unsigned char)text.p[i] >= 0x20);
}

static void look(const struct came_back *back)
{
	const struct attribution_question *question = &back->question;

	assert(back->kind < CAME_BACK_KINDS && question->to_count <= CAME_BACK_RECIPIENTS_MAX && question->trail_count <= TRAIL_IDS_MAX);
	is_sound(question->queue_id);
	is_sound(question->message_id);
	is_sound(question->from);
	is_sound(back->reporter);
	for (size_t i = 0; i < question->to_count; i++)
		is_sound(question->to[i]);
	for (size_t i = 0; i < question->trail_count; i++)
		is_sound(question->trail[i].text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct came_back back;
	struct attribution attribution;
	struct error error = { "" };
	char said[700];
	json_t *object = json_loadb((const char *)data, size, JSON_ALLOW_NUL, NULL), *again;

	if (!object)
		return 0;
	if (came_back_read(object, &back, &error)) {
		look(&back);
		attribute(&(struct attribution_ground){ 0 }, &back.question, &attribution, &error);
		assert(attribution.verdict == OWNER_UNKNOWN && !attribution.certain);
	} else {
		assert(*error.text);
	}
	attribution_from_json(object, &attribution);
	attribution_say(&attribution, said, sizeof said);
	assert(*said && strlen(said) < sizeof said);
	again = attribution_json(&attribution);
	json_decref(again);
	json_decref(object);
	return 0;
}
