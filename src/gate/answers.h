/* SPDX-License-Identifier: Apache-2.0 */
/* Where the service stands in several lists of Postfix, it is asked about the same message several times, one right after the
 * other: what was answered the first time is the answer. A message is told by its instance and its queue id.
 *
 * Remembered for ANSWER_US in ANSWERS_CELLS cells; where two share a cell the younger takes it, and the worst is that a
 * message counts twice. No clock. */
#ifndef SEKISHO_GATE_ANSWERS_H
#define SEKISHO_GATE_ANSWERS_H
#include "base/text.h"
#include "base/when.h"

enum { ANSWERS_CELLS = 1024, ANSWER_MAX = 320 };
#define ANSWER_US MINUTE_US

struct answers;

struct answers *answers_new(void);
void answers_free(struct answers *answers);
/* without an instance nothing is remembered; `action` is cut to what has room */
void answers_put(struct answers *answers, struct text instance, struct text id, struct text action, int64_t now_us);
/* NULL where there is none; good until the next is put in */
const char *answers_find(const struct answers *answers, struct text instance, struct text id, int64_t now_us);
#endif
