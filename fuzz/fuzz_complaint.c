/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a complaint, as a file that Outlook saved, and as a text with header lines in it: what is read keeps to its limits and is UTF-8;
 * what is no complaint leaves everything as it was. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mail/address.h"
#include "mail/complaint.h"
#include "mail/msg_file.h"
#include "mail/original.h"
#include "mail/trail.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_good(struct text text, size_t most)
{
	assert(text.p && text.n <= most && (text.n == 0 || charset_is_utf8(text)));
}

static void check_original(const struct original *original)
{
	is_good(original->message_id, TRAIL_ID_MAX);
	is_good(original->from, ADDRESS_MAX);
	is_good(original->to, ADDRESS_MAX);
	is_good(original->subject, FIELD_BYTES_MAX);
	is_good(original->auth_user, FIELD_BYTES_MAX);
	is_good(original->trace, FIELD_BYTES_MAX);
	is_good(original->body, MESSAGE_BYTES_MAX);
	assert(original->queue_id_count <= ORIGINAL_IDS_MAX);
	for (size_t i = 0; i < original->queue_id_count; i++)
		is_good(original->queue_ids[i], FIELD_BYTES_MAX);
}

static void check(const struct complaint *complaint)
{
	assert(complaint->type && complaint_format_name(complaint->format));
	assert(complaint->account_count <= COMPLAINT_ACCOUNTS_MAX);
	is_good(complaint->reported_domain, FIELD_BYTES_MAX);
	for (size_t i = 0; i < complaint->account_count; i++) {
		is_good(complaint->accounts[i], ADDRESS_MAX);
		for (size_t j = 0; j < i; j++)
			assert(!address_same(complaint->accounts[i], complaint->accounts[j]));
	}
}

static void reads_complaint(struct message *message, struct text bytes)
{
	struct complaint complaint = { .type = "untouched" };
	struct original original;

	original_clear(&original);
	if (!message_read(message, bytes, NULL))
		return;
	if (complaint_read(message, &complaint, &original)) {
		check(&complaint);
		check_original(&original);
	} else {
		assert(strcmp(complaint.type, "untouched") == 0 && original.part == -1 && !original.message_id.n && !original.from.n);
	}
	original_clear(&original);
	original_read(message, -1, TEXT_NONE, &original);
	check_original(&original);
}

static void reads_pieces(struct text bytes)
{
	struct arena arena = { 0 };
	struct text found = TEXT_NONE;

	if (msg_file_read(&arena, bytes, &found))
		assert(found.n && found.n <= 8 * (size_t)MSG_FILE_TEXT_MAX);
	found = original_in_text(&arena, bytes);
	assert(found.n <= bytes.n + 1);
	arena_done(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	char *copy = memory_copy((const char *)data, size);

	message = message ? message : message_new();
	reads_complaint(message, (struct text){ copy, size });
	reads_pieces((struct text){ copy, size });
	free(copy);
	return 0;
}
