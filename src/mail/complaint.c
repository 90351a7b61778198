/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/complaint.h"

bool complaint_read(struct message *message, struct complaint *complaint, struct original *original) { return false; }
