/* SPDX-License-Identifier: Apache-2.0 */
/* Factors on what each signal adds, from the settings: 1 as it was built, 0 and it never speaks. What a signal may reach
 * at most stays as it is. Pure. */
#ifndef SEKISHO_EVIDENCE_WEIGHTS_H
#define SEKISHO_EVIDENCE_WEIGHTS_H
#include "base/error.h"
#include "evidence/evidence.h"

enum { EVIDENCE_FACTOR_MAX = 4 };

struct evidence_weights {
	float factor[PROFILE_SIGNALS];
	uint32_t named; /* 1 << signal: it was set */
};

void evidence_weights_init(struct evidence_weights *weights);
/* "signal=factor", each signal once; on failure they stay as they were */
bool evidence_weights_take(struct evidence_weights *weights, struct text item, struct error *error)
	__attribute__((warn_unused_result));
#endif
