/* SPDX-License-Identifier: Apache-2.0 */
/* Any header: what is told of the checks lies within it, and nothing is told by a server of another name. */
#include <assert.h>

#include "mail/authres.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena = { 0 };
	struct fields fields;
	struct text rest;
	struct authres authres;

	fields_read(&arena, (struct text){ (const char *)data, size }, &fields, &rest);
	authres_read(&fields, TEXT_NONE, &authres);
	assert(authres.signed_count <= AUTHRES_SIGNED_MAX);
	for (size_t i = 0; i < authres.signed_count; i++)
		assert(authres.signed_by[i].n && authres.signed_by[i].n <= FIELD_BYTES_MAX);
	authres_read(&fields, TEXT("no server\n is called so"), &authres);
	assert(!authres.told && authres.dmarc == AUTHRES_NONE);
	arena_done(&arena);
	return 0;
}
