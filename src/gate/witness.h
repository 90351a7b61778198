/* SPDX-License-Identifier: Apache-2.0 */
/* The same login is seen by several: Dovecot reports it, Postfix's first request of the session shows it, and the log has a line.
 * It counts once. Nobody tells which report belongs to which line, so they are counted: of one kind (account, address,
 * protocol, right or wrong) there were as many as the one who saw most of them says. Whoever is first is believed at once.
 *
 * A message is told by its queue id: what Postfix asked about is not judged again when the log has it.
 *
 * Remembered for WITNESS_US of event time, in WITNESS_CELLS cells; where two kinds share a cell the younger takes it, and the worst
 * is that one login counts twice. No clock, no I/O. */
#ifndef SEKISHO_GATE_WITNESS_H
#define SEKISHO_GATE_WITNESS_H
#include "event/event.h"

enum witness { WITNESS_POLICY, WITNESS_AUTH, WITNESS_LOG, WITNESSES };
enum { WITNESS_CELLS = 1 << 16, WITNESS_MESSAGES = 1 << 18 };
#define WITNESS_US (2 * MINUTE_US)

struct witnesses;

struct witnesses *witnesses_new(void);
void witnesses_free(struct witnesses *witnesses);
/* how many of the event's logins nobody told of before: 0 to event->count */
uint32_t witnesses_hear(struct witnesses *witnesses, enum witness who, const struct event *event);
/* Postfix asked about this message; the last WITNESS_MESSAGES or so are remembered */
void witnesses_asked(struct witnesses *witnesses, struct text queue_id);
bool witnesses_was_asked(const struct witnesses *witnesses, struct text queue_id);
#endif
