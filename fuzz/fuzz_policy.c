/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what came in on a connection: whole or piece by piece the same requests are found, their texts lie within
 * what came, and recipients are gathered each once. */
#include <assert.h>

#include "base/hash.h"
#include "intake/policy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void look_at(struct text all, const struct policy_request *request)
{
	const struct text texts[] = { request->login,       request->sender,         request->recipient,  request->queue_id,
				      request->instance,    request->client_address, request->client_port, request->helo };

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		assert(texts[i].n <= POLICY_VALUE_MAX);
		assert(!texts[i].n || (texts[i].p > all.p && texts[i].p + texts[i].n < all.p + all.n));
		assert(text_find(texts[i], '\n') == texts[i].n && text_find(texts[i], '\0') == texts[i].n);
	}
}

static void look_at_letter(const struct policy_letter *letter)
{
	assert(letter->rcpt_count <= POLICY_RCPTS_MAX);
	for (uint32_t i = 0; i < letter->rcpt_count; i++) {
		assert(letter->rcpts[i].n && letter->hashes[i] == (hash_text(HASH_FIXED, letter->rcpts[i]) | 1));
		for (uint32_t before = 0; before < i; before++)
			assert(letter->hashes[before] != letter->hashes[i]);
	}
}

/* the same request, of which a piece came first */
static void read_in_pieces(struct text all, size_t used, size_t first)
{
	struct policy_request request;
	struct error error;
	size_t again = 0;

	if (policy_parse(text_head(all, first), 0, &request, &again, &error) == POLICY_PARTIAL)
		assert(policy_parse(text_head(all, used), first, &request, &again, &error) == POLICY_WHOLE && again == used);
	else
		assert(again == used && first == used);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct policy_letters *letters = policy_letters_new();
	struct text rest = { (const char *)data, size };
	struct policy_request request;
	struct error error = { "" };
	enum policy_found found;
	size_t used = 0;

	while ((found = policy_parse(rest, 0, &request, &used, &error)) == POLICY_WHOLE) {
		assert(used && used <= rest.n && rest.p[used - 1] == '\n');
		look_at(text_head(rest, used), &request);
		for (size_t first = 0; first < used; first += 1 + used / 16)
			read_in_pieces(rest, used, first);
		if (request.state == POLICY_RCPT) {
			policy_letters_rcpt(letters, &request, (int64_t)request.size_bytes);
		} else {
			struct policy_letter letter = policy_letters_take(letters, &request);

			look_at_letter(&letter);
		}
		rest = text_after(rest, used);
	}
	assert(found == POLICY_PARTIAL || error.text[0]);
	policy_letters_free(letters);
	return 0;
}
