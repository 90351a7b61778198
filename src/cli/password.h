/* SPDX-License-Identifier: Apache-2.0 */
/* The commands behind `sekisho password`; argv[0] is the verb. */
#ifndef SEKISHO_CLI_PASSWORD_H
#define SEKISHO_CLI_PASSWORD_H

int cli_password_check(int argc, char **argv);
#endif
