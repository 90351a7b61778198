/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/challenge.h"

bool challenge_read(struct message *message) { return false; }
