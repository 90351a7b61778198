/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what Dovecot's auth socket says. */
#include <assert.h>

#include "containment/dovecot_auth.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void take(struct text text)
{
	struct dovecot_auth_line line;

	if (!dovecot_auth_parse(text, &line))
		return;
	assert(line.kind <= AUTH_OTHER && line.trial <= TRIAL_FAILED && strlen(line.says) < DOVECOT_SAYS_MAX);
	assert((line.kind == AUTH_VERDICT) == (line.says[0] != '\0'));
	for (const char *c = line.says; *c; c++)
		assert((unsigned char)*c >= ' ' && *c != 0x7f);
	if (line.trial == TRIAL_DENIED && line.kind == AUTH_VERDICT)
		assert(text_holds(text, TEXT("user_disabled")));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct text rest = { (const char *)data, size }, line;

	while (text_cut(&rest, '\n', &line))
		take(line);
	take(rest);
	return 0;
}
