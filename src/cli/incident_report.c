/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho incident report: the paper to hand on, of what the daemon answered. */
#include "base/clock.h"
#include "base/i18n.h"
#include "cli/incident.h"
#include "report/paper.h"

struct writing {
	const struct paper *paper;
	enum output_form form;
};

static bool write_paper(const void *context, FILE *to, struct error *error)
{
	const struct writing *writing = context;

	switch (writing->form) {
	case OUTPUT_JSON: return paper_json(writing->paper, to, error);
	case OUTPUT_HTML: return paper_html(writing->paper, to, error);
	default: return paper_text(writing->paper, to, output_has_colour(to), error);
	}
}

int incident_report(const struct asked *asked)
{
	struct error error = { "" };
	struct paper paper;
	int status;

	if (!paper_read(json_object_get(asked->answer, "incident"), asked->full, clock_now(), &paper, &error)) {
		cli_complain(_("the daemon cannot do that: %s"), error.text);
		return CLI_AWAY;
	}
	status = output_write(asked->output, write_paper, &(struct writing){ &paper, asked->form });
	paper_done(&paper);
	return status;
}
