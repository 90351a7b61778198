/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/bounce.h"

bool bounce_read(struct message *message, struct bounce *bounce) { return false; }
