/* SPDX-License-Identifier: Apache-2.0 */
/* A program that notes how it was started, in a folder of its own; for the tests of children. Included by one test program each. */
#ifndef SEKISHO_TESTS_STARTED_SCRIPT_H
#define SEKISHO_TESTS_STARTED_SCRIPT_H
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <uv.h>

static char folder[64], script[128], list[128];

/* `cases`: what the shell does with each way of being started, after it was noted in $list */
static int write_script(const char *cases)
{
	FILE *to;

	snprintf(folder, sizeof folder, "/tmp/sekisho-started-XXXXXX");
	if (!mkdtemp(folder))
		return -1;
	snprintf(script, sizeof script, "%s/sekisho", folder);
	snprintf(list, sizeof list, "%s/list", folder);
	to = fopen(script, "w");
	if (!to)
		return -1;
	fprintf(to, "#!/bin/sh\nlist=%s\necho \"$@\" >>$list\n%s\n", list, cases);
	return fclose(to) == 0 ? chmod(script, 0700) : -1;
}

static int drop_script(void **state)
{
	unlink(list);
	unlink(script);
	return rmdir(folder);
}

/* what was started so far, a line each */
static const char *started(void)
{
	static char text[1000];
	FILE *from = fopen(list, "r");
	size_t n = from ? fread(text, 1, sizeof text - 1, from) : 0;

	text[n] = '\0';
	if (from)
		fclose(from);
	return text;
}

static void wait_until(uv_loop_t *loop, const char *wanted)
{
	for (int i = 0; i < 1000 && strcmp(started(), wanted) != 0; i++) {
		uv_run(loop, UV_RUN_NOWAIT);
		usleep(5000);
	}
	assert_string_equal(started(), wanted);
}
#endif
