/* SPDX-License-Identifier: Apache-2.0 */
/* Plots as inline SVG, without script: widths in percent so that they flow with the page while their text keeps
 * its size, heights in pixels, colours by the classes of the page's style. Each is a picture (role=img) whose
 * label tells its content in words. */
#ifndef SEKISHO_REPORT_PLOT_H
#define SEKISHO_REPORT_PLOT_H
#include <stdio.h>

#include "incident/incident.h"

/* messages over time, the owner's below the attacker's, with a mark where a live guard would have acted */
void plot_time(FILE *to, const struct incident *incident);

/* two counts of each slot of time, one standing on the other; `slots` of them, from a local midnight on */
struct plot_days {
	int64_t start_us, step_us;
	size_t count;
	const uint32_t *low, *high;          /* high: may be NULL */
	const char *low_tone, *high_tone;    /* classes of the style */
	uint64_t top;                        /* of the axis at least, so that two plots can be compared */
	const char *(*title)(const void *context, size_t slot, char *to, size_t size); /* on hover */
	const void *context;
};
void plot_days(FILE *to, const char *label, const struct plot_days *days);

struct plot_bar {
	char *label, *value;
	char *title;         /* on hover */
	uint64_t amount;
};
/* one bar below the other; `tone` is a class of the style */
void plot_bars(FILE *to, const char *label, const char *tone, const struct plot_bar *bars, size_t count);

struct plot_part {
	const char *tone, *title;
	uint64_t amount;
};
/* one bar of several parts */
void plot_stack(FILE *to, const char *label, const struct plot_part *parts, size_t count);
#endif
