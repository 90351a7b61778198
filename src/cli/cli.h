/* SPDX-License-Identifier: Apache-2.0 */
/* The commands: one file each. Each gets its own name as argv[0] and answers with an exit status of contracts.md. */
#ifndef SEKISHO_CLI_CLI_H
#define SEKISHO_CLI_CLI_H
#include <stdbool.h>

#include "config/config.h"
#include "evidence/weights.h"
#include "verdict/verdict.h"

enum cli_status {
	CLI_DONE = 0,
	CLI_NO = 1,          /* the answer is no */
	CLI_USAGE = 2,
	CLI_UNREADABLE = 3,  /* some input could not be read; the rest was worked on */
	CLI_AWAY = 4,        /* the daemon or the store */
	CLI_PARTLY = 5,
};

struct command {
	const char *name;
	const char *summary; /* one line, translatable */
	int (*run)(int argc, char **argv);
};

int cli_scan(int argc, char **argv);
int cli_judge(int argc, char **argv);
int cli_replay(int argc, char **argv);
int cli_inspect(int argc, char **argv);
int cli_serve(int argc, char **argv);
int cli_incident(int argc, char **argv);
int cli_account(int argc, char **argv);
int cli_reset(int argc, char **argv); /* account reset */
int cli_audit(int argc, char **argv); /* account audit */
int cli_stale(int argc, char **argv); /* account stale */
int cli_mode(int argc, char **argv);
int cli_whose(int argc, char **argv);
int cli_flood(int argc, char **argv);
int cli_notice(int argc, char **argv);
int cli_contact(int argc, char **argv);
int cli_password(int argc, char **argv);
int cli_breached(int argc, char **argv); /* password breached */
int cli_bulletin(int argc, char **argv);
int cli_web(int argc, char **argv);
int cli_password_serve(int argc, char **argv);
int cli_config(int argc, char **argv);

/* ---- settings (cli/settings.c) */
/* config_read, and the weights that it names; says on standard error what is wrong */
bool cli_read_config(struct config *config, const char *file, struct evidence_weights *weights)
	__attribute__((warn_unused_result));
/* Are the groups that it names known here? Asked where somebody looks at the settings; the daemon comes up without them. */
bool cli_check_groups(const struct config *config) __attribute__((warn_unused_result));
/* the limits that settings give to the engine */
struct verdict_limits cli_limits(const struct config *config);

/* --year: says what is none */
bool cli_parse_year(const char *text, int *year);
/* where several statuses hold, the one that counts: 2, 4, 5, 3, 1 in this order */
int cli_worse(int a, int b);
/* from now on, whatever the locale says: "ja", "en" */
void cli_speak_in(const char *language);
/* "sekisho: …" on standard error */
void cli_complain(const char *format, ...) __attribute__((format(printf, 1, 2)));
#endif
