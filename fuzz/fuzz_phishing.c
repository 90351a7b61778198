/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a mail: signs in order, none below the sum from which they are shown, sentences in UTF-8, links defanged. */
#include <assert.h>

#include "mail/phishing.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(struct arena *arena, const struct phishing *phishing)
{
	assert(phishing->sign_count <= PHISHING_SIGNS_MAX && phishing->url_count <= PHISHING_URLS_MAX);
	assert((phishing->bits == 0) == (phishing->sign_count == 0));
	assert(phishing->bits == 0 || phishing->bits >= PHISHING_SHOWN_BITS);
	for (size_t i = 0; i < phishing->sign_count; i++) {
		assert(phishing->signs[i].bits > 0 && phishing->signs[i].text.n);
		assert(i == 0 || phishing->signs[i].bits <= phishing->signs[i - 1].bits);
		assert(charset_is_utf8(phishing->signs[i].text));
	}
	for (size_t i = 0; i < phishing->url_count; i++)
		assert(text_is(defang(arena, phishing->urls[i]), phishing->urls[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct message *message;
	static struct phishing_rules *rules;
	struct text official = TEXT("mihonhost.example.jp"), name = TEXT("Mihon Host");
	struct phishing_settings settings = { .official = &official, .official_count = 1, .names = &name, .name_count = 1, .authserv_id = TEXT_NONE };
	struct phishing phishing;
	struct error error;

	message = message ? message : message_new();
	rules = rules ? rules : phishing_rules_new(&settings, NULL);
	if (!message_read(message, (struct text){ (const char *)data, size }, &error))
		return 0;
	for (int i = 0; i < message_parts(message) && i < 20; i++) {
		phishing_read(message, i, rules, &phishing);
		check(message_arena(message), &phishing);
	}
	phishing_read_text(message, (struct text){ (const char *)data, size }, rules, &phishing);
	check(message_arena(message), &phishing);
	return 0;
}
