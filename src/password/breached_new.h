/* SPDX-License-Identifier: Apache-2.0 */
/* Inside the room: a file of breached passwords while it is written. It has no name before breached_new_finish gives it one, all at once. */
#ifndef SEKISHO_PASSWORD_BREACHED_NEW_H
#define SEKISHO_PASSWORD_BREACHED_NEW_H
#include "base/error.h"
#include "password/breached_file.h"

struct breached_new;

struct breached_new *breached_new_open(const char *path, unsigned part_bits, struct error *error) __attribute__((warn_unused_result));
/* the next fingerprints */
bool breached_new_write(struct breached_new *file, const uint8_t *prints, size_t bytes, struct error *error)
	__attribute__((warn_unused_result));
/* head and table; synced, and put in the place of an older one */
bool breached_new_finish(struct breached_new *file, const struct breached_row *rows, unsigned part_bits, uint64_t count, uint64_t at_least,
			 struct error *error) __attribute__((warn_unused_result));
/* what is not finished is gone. NULL is fine. */
void breached_new_close(struct breached_new *file);
#endif
