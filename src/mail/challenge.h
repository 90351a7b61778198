/* SPDX-License-Identifier: Apache-2.0 */
/* Challenges: a filter that wants the sender to prove himself by a click or an answer (TMDA, Boxbe, Bluebottle, SpamArrest,
 * Earthlink, …), also those that pose as a delivery report. */
#ifndef SEKISHO_MAIL_CHALLENGE_H
#define SEKISHO_MAIL_CHALLENGE_H
#include "mail/inspection.h"

bool challenge_read(struct message *message) __attribute__((warn_unused_result));
#endif
