/* SPDX-License-Identifier: Apache-2.0 */
/* Who knows of accounts at risk: one row in risk_sources.c, one file each. All of them are asked by `account audit`, one after the other. */
#ifndef SEKISHO_CLI_RISK_SOURCES_H
#define SEKISHO_CLI_RISK_SOURCES_H
#include "config/config.h"
#include "report/risks.h"

/* every account that is known of is in `accounts`, in normal form, sorted */
struct risk_asked {
	const struct config *config;
	const char *domain, *account; /* NULL: all */
	const char *const *accounts;
	size_t count;
};

struct risk_source {
	const char *name;
	/* adds what it knows of `accounts`. The exit status (cli/cli.h): what is wrong was said on standard error; the others are asked all
	 * the same. */
	int (*gather)(const struct risk_asked *asked, struct risks *risks);
};

extern const struct risk_source *const risk_sources[];
extern const size_t risk_source_count;
#endif
