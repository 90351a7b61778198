/* SPDX-License-Identifier: Apache-2.0 */
/* The doors as the settings name them, for whoever acts: the gate, or its deputy while it is away (gate/deputy.h). */
#ifndef SEKISHO_GATE_DOORS_OPEN_H
#define SEKISHO_GATE_DOORS_OPEN_H
#include "config/config.h"
#include "containment/doors.h"
#include "containment/folders.h"

/* how the lists that others read are written; called from the loop, `error` NULL where they are */
struct doors_told {
	void (*away)(void *context, const struct error *error);
	void (*denied)(void *context, const struct error *error);
	void *context;
};

/* All but `gate`, into a zeroed struct; loop, settings and accounts outlive them. Fails where a key cannot be read. */
bool doors_open(struct doors *doors, uv_loop_t *loop, const struct config *config, const struct accounts *accounts,
		const struct doors_told *told, struct error *error) __attribute__((warn_unused_result));
/* The account has a new password: sessions that the old one opened end, and no cache holds it any more. How it went nobody is told. */
void doors_end_old(struct doors *doors, struct text name);
/* Nobody is told any more; they free themselves once the loop has run. What was not opened is passed over. */
void doors_close(struct doors *doors);
/* a user's folders, over the same door; NULL where there is none, or its key cannot be read */
struct folders *doors_open_folders(const struct config *config, const char *user, struct error *error) __attribute__((warn_unused_result));
#endif
