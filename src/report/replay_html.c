/* SPDX-License-Identifier: Apache-2.0 */
#include "report/replay.h"
bool replay_html(const struct replay *replay, FILE *to, struct error *error) { return true; }
