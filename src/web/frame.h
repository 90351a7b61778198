/* SPDX-License-Identifier: Apache-2.0 */
/* The frame around each page, and the pieces that pages are made of. HTML that needs no script, and shows itself to a screen reader as it
 * does to the eye. */
#ifndef SEKISHO_WEB_FRAME_H
#define SEKISHO_WEB_FRAME_H
#include "report/page.h"
#include "report/show.h"
#include "web/visit.h"

void frame_open(struct visit *visit, FILE *to, const char *title);
void frame_close(struct visit *visit, FILE *to);

extern const char *const frame_style[]; /* ends with NULL */
extern const char frame_icon[];

/* ---- pieces */

/* the page's heading, and a sentence under it; NULL: none */
void frame_heading(FILE *to, const char *title, const char *lead);
void frame_paragraph(FILE *to, const char *text);
/* whom to ask, as the settings say it: a telephone number is not broken at the end of a line */
void frame_spoken(FILE *to, const char *text);
/* a <section> with its title; closed by frame_section_close */
void frame_section(FILE *to, const char *title);
void frame_section_close(FILE *to);
/* what went wrong, or well: read out at once. `kind`: "bad", "good", "plain" */
void frame_message(FILE *to, const char *kind, const char *text);
/* which of the three steps this is; 0: none */
void frame_steps(FILE *to, unsigned at);

/* a form that posts to `action`, with the token of this visitor's pages */
void frame_form(struct visit *visit, FILE *to, const char *action);
void frame_form_close(FILE *to);
struct frame_field {
	const char *name, *label, *hint, *type, *value; /* hint and value may be NULL */
	const char *attributes;                         /* of our own source; may be NULL */
};
void frame_field(FILE *to, const struct frame_field *field);
/* `kind`: "main", "quiet" */
void frame_button(FILE *to, const char *kind, const char *label);
/* leads to another of our pages */
void frame_link(FILE *to, const char *path, const char *label);
void frame_link_button(FILE *to, const char *path, const char *label);

/* a time of the daemon's answers (RFC 3339) as people write it; "" where there is none */
const char *frame_moment(struct shown *to, const json_t *time);
/* name and value of a list of facts; left out where the value is empty */
void frame_fact(FILE *to, const char *name, const char *value);
#endif
