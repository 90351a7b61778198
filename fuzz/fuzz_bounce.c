/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: what is read of a report is within its limits, valid UTF-8, and each recipient stands in it once. */
#include <assert.h>

#include "mail/address.h"
#include "mail/bounce.h"
#include "mail/families.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool is_utf8(struct text text)
{
	for (size_t i = 0; i < text.n;) {
		unsigned char c = (unsigned char)text.p[i++];
		int more = c < 0x80 ? 0 : c >= 0xc2 && c < 0xe0 ? 1 : (c & 0xf0) == 0xe0 ? 2 : c >= 0xf0 && c < 0xf5 ? 3 : -1;

		for (; more > 0; more--)
			if (i == text.n || ((unsigned char)text.p[i++] & 0xc0) != 0x80)
				return false;
		if (more < 0)
			return false;
	}
	return true;
}

static void check_line(struct text text, size_t most)
{
	assert(text.p && text.n <= most && is_utf8(text));
	for (size_t i = 0; i < text.n; i++)
		assert((unsigned char)text.p[i] >= ' ');
}

static void check(const struct bounce *bounce)
{
	assert(bounce->kind == MAIL_BOUNCE || bounce->kind == MAIL_DELAY || bounce->kind == MAIL_DELIVERED);
	assert(bounce->count <= RETURNED_MAX && is_utf8(bounce->original_text));
	for (size_t i = 0; i < bounce->count; i++) {
		const struct returned *one = &bounce->recipients[i];

		assert(one->address.n);
		check_line(one->address, ADDRESS_MAX);
		check_line(one->original_address, ADDRESS_MAX);
		check_line(one->status, 20);
		check_line(one->remote_mta, 1000);
		check_line(one->diagnostic, DIAGNOSTIC_MAX);
		for (size_t j = 0; j < i && i < 50; j++)
			assert(!address_same(one->address, bounce->recipients[j].address));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	struct error error;
	struct bounce bounce;

	message = message ? message : message_new();
	if (message_read(message, (struct text){ (const char *)data, size }, &error) && bounce_read(message, &bounce))
		check(&bounce);
	return 0;
}
