/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/original.h"

void original_clear(struct original *original) { *original = (struct original){ .part = -1, .date_us = WHEN_NONE }; }
void original_read(struct message *message, int part, struct text text, struct original *original) {}
void original_from_fields(struct arena *arena, const struct fields *fields, struct original *original) {}
