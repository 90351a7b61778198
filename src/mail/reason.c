/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/reason.h"

void reason_judge(struct returned *returned, struct text around) {}
void reason_codes(struct text words, struct text *status, int *smtp_code) {}
