/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: what is said of it keeps to its limits, is UTF-8, and is the same twice. */
#include <assert.h>
#include <stdlib.h>

#include "base/memory.h"
#include "mail/inspection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void is_good(struct text text)
{
	assert(text.n == 0 || charset_is_utf8(text));
}

static void looks_at_phishing(const struct phishing *phishing)
{
	assert(phishing->sign_count <= PHISHING_SIGNS_MAX && phishing->url_count <= PHISHING_URLS_MAX);
	for (size_t i = 0; i < phishing->sign_count; i++) {
		assert(phishing->signs[i].name);
		is_good(phishing->signs[i].text);
	}
	for (size_t i = 0; i < phishing->url_count; i++)
		is_good(phishing->urls[i]);
}

static void looks_at(const struct inspection *inspection)
{
	const struct original *original = &inspection->original;

	assert(mail_kind_name(inspection->kind) && inspection->recipient_count <= RETURNED_MAX);
	for (size_t i = 0; i < inspection->recipient_count; i++) {
		const struct returned *one = &inspection->recipients[i];

		is_good(one->address);
		is_good(one->original_address);
		is_good(one->status);
		is_good(one->remote_mta);
		is_good(one->diagnostic);
		assert(one->reason < RETURN_REASONS && return_action_name(one->action));
		assert(one->smtp_code == 0 || (one->smtp_code >= 200 && one->smtp_code <= 599));
	}
	is_good(original->message_id);
	is_good(original->queue_id);
	is_good(original->from);
	is_good(original->to);
	is_good(original->subject);
	is_good(original->date);
	is_good(original->auth_user);
	assert(inspection->kind != MAIL_COMPLAINT || inspection->complaint.account_count <= COMPLAINT_ACCOUNTS_MAX);
	for (size_t i = 0; inspection->kind == MAIL_COMPLAINT && i < inspection->complaint.account_count; i++)
		is_good(inspection->complaint.accounts[i]);
	if (inspection->kind == MAIL_AUTO_REPLY)
		is_good(inspection->auto_reply.new_address);
	looks_at_phishing(&inspection->phishing);
	looks_at_phishing(&inspection->returned_phishing);
}

static void looks_at_parts(struct message *message)
{
	int count = message_parts(message);

	assert(count >= 1 && count <= MESSAGE_PARTS_MAX);
	for (int i = 0; i < count; i++) {
		const struct part *part = message_part(message, i);

		assert(part->parent < i && part->end > i && part->end <= count && part->depth < MESSAGE_DEPTH_MAX);
		assert(part->fields.count <= FIELDS_MAX);
		is_good(part->type);
		is_good(part->charset);
		is_good(part->filename);
		is_good(part->disposition);
		is_good(message_text(message, i));
		assert(!memchr(message_text(message, i).p, '\r', message_text(message, i).n));
		for (size_t k = 0; k < part->fields.count; k++) {
			is_good(part->fields.field[k].name);
			is_good(part->fields.field[k].value);
		}
	}
	is_good(message_body(message));
}

static bool same(const struct inspection *a, const struct inspection *b)
{
	return a->kind == b->kind && a->recipient_count == b->recipient_count && a->phishing.bits == b->phishing.bits && a->cut == b->cut &&
	       a->phishing.url_count == b->phishing.url_count && a->original.part == b->original.part && a->family == b->family;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	char *copy = memory_copy((const char *)data, size);
	struct text bytes = { copy, size };
	struct inspection first, second;

	if (!message)
		message = message_new();
	if (inspect_mail(message, bytes, NULL, &first, NULL)) {
		looks_at_parts(message);
		looks_at(&first);
		assert(inspect_mail(message, bytes, NULL, &second, NULL) && same(&first, &second));
	}
	free(copy);
	return 0;
}
