/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho-passdb(8): what may be done to passwords, by root. */
#include <string.h>

#include "configuration.h"
#include "helper/server.h"
#include "helper/start.h"
#include "passdb/answer.h"
#include "passdb/audit_main.h"
#include "passdb/contacts_main.h"
#include "passdb/hide.h"
#include "passdb/request.h"

static bool serve(const struct start *start, const struct passdb_settings *settings, struct passdb *passdb, bool by_systemd,
		  struct error *error)
{
	struct answering answering = { .passdb = passdb };
	const struct service service = {
		.program = start->program,
		.line_max = ASKED_LINE_MAX,
		.too_long = "no - cannot <too%20long>",
		.answer = answer_request,
		.context = &answering,
	};
	int listener = start_listen(start, settings->user, error);
	bool done;

	if (listener < 0)
		return false;
	audit_child_init(&answering.audit, start->settings, settings->former_folder);
	done = server_run(&service, settings->user, listener, by_systemd, error);
	audit_child_done(&answering.audit);
	return done;
}

static bool run(const struct start *start, struct error *error)
{
	struct passdb_settings settings;
	struct passdb *passdb;
	bool by_systemd, done;

	if (!hide(error) || !start_has_socket(start, &by_systemd, error) || !passdb_settings_read(&settings, start->settings, error))
		return false;
	passdb = passdb_open(&settings, error);
	done = passdb && serve(start, &settings, passdb, by_systemd, error);
	passdb_close(passdb);
	passdb_settings_done(&settings);
	return done;
}

int main(int argc, char **argv)
{
	struct start start = { .program = "sekisho-passdb",
			       .about = "Changes passwords where they live, for sekisho",
			       .settings = SEKISHO_PASSDB_CONF_FILE };
	struct error error;
	int status;

	if (argc > 1 && strcmp(argv[1], "--audit") == 0)
		return audit_main(argc, argv);
	if (argc > 1 && strcmp(argv[1], "--contacts") == 0)
		return contacts_main(argc, argv);
	status = start_options(&start, argc, argv);

	if (status >= 0)
		return status;
	if (run(&start, &error))
		return 0;
	fprintf(stderr, "sekisho-passdb: %s\n", error.text);
	return 1;
}
