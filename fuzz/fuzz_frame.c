/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as lines of any log. What the frame remembers of the line before must make no difference, but for the
 * year of a stamp that has none. */
#include <assert.h>

#include "intake/frame.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define REFERENCE (1795348800 * SECOND_US) /* 2026-11-22T12:00:00Z */

static void look_at(struct text text, const struct line *line)
{
	assert(line->text.p >= text.p && line->text.p + line->text.n <= text.p + text.n);
	assert(line->program.n && line->program.n <= text.n + sizeof "dovecot");
	assert(line->host && line->host <= FRAME_HOSTS_MAX);
	assert(line->t_us > -2 * DAY_US && line->t_us < 253402300800 * SECOND_US + 400 * DAY_US);
}

static void take(struct frame *frame, struct text text)
{
	struct frame *fresh = frame_beside(frame, WHEN_NONE);
	struct line line, again;
	bool taken = frame_take(frame, text, &line);

	frame_begin(fresh, REFERENCE);
	if (taken)
		look_at(text, &line);
	assert(frame_take(frame, text, &again) == taken && (!taken || again.t_us == line.t_us));
	assert(frame_take(fresh, text, &again) == taken);
	if (taken && text.p[0] >= '0' && text.p[0] <= '9')
		assert(again.t_us == line.t_us && again.pid == line.pid && text_is(again.text, line.text));
	frame_free(fresh);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct frame *frame = frame_new(0);
	struct text rest = { (const char *)data, size }, one;

	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	frame_begin(frame, REFERENCE);
	while (text_cut(&rest, '\n', &one))
		take(frame, one);
	take(frame, rest);
	frame_free(frame);
	return 0;
}
