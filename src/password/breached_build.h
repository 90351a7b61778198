/* SPDX-License-Identifier: Apache-2.0 */
/* Builds the file of password/breached.h. What is added is dealt to BREACHED_HEAPS heaps by the beginning of its key, first in memory, then
 * in a file without a name ($TMPDIR, else /var/tmp; eight bytes an entry); at the end one part of the file is built after the other. So
 * memory is bounded: 9 MiB, and 40 bytes for each entry of one part, of which a part has at most BREACHED_PART_KEYS until there are
 * 256 parts, and all have them. That is 50 MiB for up to 256 million entries, 170 MiB for a thousand million; at BREACHED_KEYS_MAX it
 * ends. The same entries give the same file, in whatever order, and however often each was added.
 *
 * The file is written without a name, synced, and only then given its name, so that it is whole or the old one is there. One thread;
 * sodium_init was called. */
#ifndef SEKISHO_PASSWORD_BREACHED_BUILD_H
#define SEKISHO_PASSWORD_BREACHED_BUILD_H
#include <stdint.h>

#include "base/error.h"

enum { BREACHED_HEAPS = 256, BREACHED_PART_KEYS = 1 << 20 };
#define BREACHED_KEYS_MAX ((uint64_t)1 << 32)

struct breached_build;

struct breached_build *breached_build_new(void) __attribute__((warn_unused_result));
/* false where the disk is full, or there were BREACHED_KEYS_MAX */
bool breached_build_add(struct breached_build *build, const unsigned char digest[20], struct error *error) __attribute__((warn_unused_result));
/* How many were added, each time they were. */
uint64_t breached_build_added(const struct breached_build *build);
/* Writes the file, once; `at_least` is what the file will say of it. */
bool breached_build_write(struct breached_build *build, const char *path, uint64_t at_least, struct error *error)
	__attribute__((warn_unused_result));
void breached_build_free(struct breached_build *build);
#endif
