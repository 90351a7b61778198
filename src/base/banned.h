/* SPDX-License-Identifier: Apache-2.0 */
/* Included into every file by the build: what it names does not compile.
 * Unbounded copies, hidden state, shells. See HACKING.md for what to use instead. */
#ifndef SEKISHO_BASE_BANNED_H
#define SEKISHO_BASE_BANNED_H
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#ifdef BANNED_AFTER_MYSQL
#include <mysql.h> /* whose macros name what is banned; only passdb/mysql.c is built so */
#endif

#pragma GCC poison strcpy strcat strncpy sprintf vsprintf strtok atoi atol atof gets localtime gmtime ctime asctime \
	system popen
#endif
