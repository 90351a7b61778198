/* SPDX-License-Identifier: Apache-2.0 */
/* Passwords that are known to have leaked, as a filter in a file: it says "never seen", or "probably seen" (wrong for fewer than one in
 * 200). A binary fuse filter (Graf and Lemire, ACM JEA 2022) of eight bits: about 9 bits an entry, 10 million entries in 12 MB. Built
 * offline by `sekisho password breached build` (password/breached_build.h) from lists of SHA-1 as haveibeenpwned.com gives them
 * ("HASH:COUNT" lines, files or ranges), or of plain words; asked by SHA-1 of the password's bytes, so no password is in the file.
 *
 * The file is mapped, checked (size, checksum of the head) when it is opened, and shared by all who have it open; it is replaced by renaming
 * a new one over it, never written into: whoever has it open would be ended by the kernel (SIGBUS). Whoever opens one has called
 * sodium_init. Several threads may ask at once. */
#ifndef SEKISHO_PASSWORD_BREACHED_H
#define SEKISHO_PASSWORD_BREACHED_H
#include "base/error.h"
#include "base/text.h"

struct breached;

struct breached *breached_open(const char *path, struct error *error) __attribute__((warn_unused_result));
void breached_close(struct breached *breached);
/* is it in the list? */
bool breached_has(const struct breached *breached, struct text password);
/* the same, of its SHA-1 */
bool breached_has_digest(const struct breached *breached, const unsigned char digest[20]);
/* how many it was built from */
uint64_t breached_count(const struct breached *breached);

struct breached_about {
	uint64_t count, bytes;
	uint64_t at_least; /* what its list said of each: seen so often, at least; 1: nothing was left out */
	unsigned parts;    /* filters that it consists of */
};
void breached_about(const struct breached *breached, struct breached_about *about);
/* reads all of it, and compares its checksum */
bool breached_verify(const struct breached *breached, struct error *error) __attribute__((warn_unused_result));
#endif
