/* SPDX-License-Identifier: Apache-2.0 */
/* Why a remote host would not take a recipient, from the status (RFC 3463) and its words. */
#ifndef SEKISHO_INTAKE_REASON_H
#define SEKISHO_INTAKE_REASON_H
#include "event/event.h"

/* `dsn`: "5.1.1" or empty; `reply`: what the remote host said */
enum event_reason reason_of(struct text dsn, struct text reply);
#endif
