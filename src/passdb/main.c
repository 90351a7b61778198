/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho-passdb(8): what may be done to passwords, by root. */
#include <errno.h>
#include <sys/prctl.h>
#include <sys/resource.h>

#include "configuration.h"
#include "helper/server.h"
#include "helper/start.h"
#include "passdb/answer.h"
#include "passdb/request.h"

/* no core, and no debugger */
static bool hide(struct error *error)
{
	static const struct rlimit none = { 0, 0 };

	if (prctl(PR_SET_DUMPABLE, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0)
		return true;
	return error_set(error, "cannot do without core dumps: %s", strerror(errno));
}

static bool serve(const struct start *start, const struct passdb_settings *settings, struct passdb *passdb, bool by_systemd,
		  struct error *error)
{
	const struct service service = {
		.program = start->program,
		.line_max = ASKED_LINE_MAX,
		.too_long = "no - cannot <too%20long>",
		.answer = answer_request,
		.context = passdb,
	};
	int listener = start_listen(start, settings->user, error);

	return listener >= 0 && server_run(&service, settings->user, listener, by_systemd, error);
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
	int status = start_options(&start, argc, argv);

	if (status >= 0)
		return status;
	if (run(&start, &error))
		return 0;
	fprintf(stderr, "sekisho-passdb: %s\n", error.text);
	return 1;
}
