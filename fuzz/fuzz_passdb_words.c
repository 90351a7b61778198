/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the small languages of the back ends with servers. Whatever an account is, between the parentheses of its filter
 * there is no parenthesis and no star that was not the operator's; what a server says is one line without the secret. */
#include <assert.h>

#include "passdb/filter.h"
#include "passdb/pairs.h"
#include "passdb/said.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static bool look(void *context, struct text name, const char *value, struct error *error)
{
	assert(name.n && strlen(value) < PAIRS_VALUE_MAX);
	return true;
}

static void filter(struct text account)
{
	char to[FILTER_MAX];

	if (!filter_of("(|(mail=%u)(x=%n))", account, to))
		return;
	assert(text_starts(text_of(to), TEXT("(|(mail=")) && text_ends(text_of(to), TEXT("))")));
	assert(strspn(to + 8, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-+\\") == strcspn(to + 8, ")"));
}

static void hear(const char *message, const char *secret)
{
	char line[SAID_MAX];

	said(line, message, secret);
	assert(strlen(line) < SAID_MAX);
	for (const char *c = line; *c; c++)
		assert((unsigned char)*c >= ' ' && *c != 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[1024], secret[16], expanded[FILTER_MAX];
	struct text bytes = { (const char *)data, size };
	struct error error;

	if (!pairs_read(bytes, look, NULL, &error))
		assert(error.text[0]);
	filter(bytes);
	text_copy(text, sizeof text, bytes);
	text_copy(secret, sizeof secret, text_of(text));
	hear(text, NULL);
	hear(text, secret);
	if (filter_check(text, NULL) && filter_of(text, TEXT("anna@example.org"), expanded))
		assert(strstr(expanded, "anna"));
	return 0;
}
