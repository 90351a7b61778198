/* SPDX-License-Identifier: Apache-2.0 */
/* How far sekisho goes, by domain: learn, observe, enforce. A domain of which nothing is said goes as far as the default.
 * In memory; the desk keeps it. One thread. */
#ifndef SEKISHO_GATE_MODES_H
#define SEKISHO_GATE_MODES_H
#include "base/text.h"
#include "store/desk.h"

enum { MODES_MAX = 1000 * 1000, MODES_DOMAIN_MAX = 255 };

struct modes;

struct modes *modes_new(enum desk_mode usual);
void modes_free(struct modes *modes);
/* false: too many domains, or too long a name. An empty domain sets the default. */
bool modes_set(struct modes *modes, struct text domain, enum desk_mode mode) __attribute__((warn_unused_result));
/* of the domain behind the last '@' of an account's name, or of a domain */
enum desk_mode modes_of(const struct modes *modes, struct text name);
/* false where it is no mode's name */
bool modes_parse(struct text name, enum desk_mode *mode) __attribute__((warn_unused_result));
#endif
