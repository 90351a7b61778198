/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SEKISHO_PASSDB_HIDE_H
#define SEKISHO_PASSDB_HIDE_H
#include "base/error.h"

/* from now on this process leaves no core, and nobody may look into it */
bool hide(struct error *error) __attribute__((warn_unused_result));
#endif
