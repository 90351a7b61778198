/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho-queue(8): what may be done to Postfix's queue, by root. */
#include "configuration.h"
#include "helper/server.h"
#include "helper/start.h"
#include "helper/work.h"

static bool run(const struct start *start, struct work *work, struct error *error)
{
	const struct service service = {
		.program = start->program,
		.line_max = REQUEST_LINE_MAX,
		.too_long = "no - line",
		.answer = work_answer,
		.context = work,
	};
	bool by_systemd;
	int listener;

	if (!start_has_socket(start, &by_systemd, error) || !work_open(work, start->settings, error))
		return false;
	listener = start_listen(start, work->settings.user, error);
	return listener >= 0 && server_run(&service, work->settings.user, listener, by_systemd, error);
}

int main(int argc, char **argv)
{
	static struct work work;
	struct start start = { .program = "sekisho-queue",
			       .about = "Answers sekisho about Postfix's queue",
			       .settings = SEKISHO_QUEUE_CONF_FILE };
	struct error error;
	int status = start_options(&start, argc, argv);

	if (status >= 0)
		return status;
	if (run(&start, &work, &error))
		return 0;
	fprintf(stderr, "sekisho-queue: %s\n", error.text);
	return 1;
}
