/* SPDX-License-Identifier: Apache-2.0 */
/* `sekisho-passdb --audit`: an audit as a process of its own, so that the helper goes on answering; with the lowest priority that there is
 * for processor and disk. Root starts it by hand, or the helper does (audit_child.h), which looks into its progress. */
#ifndef SEKISHO_PASSDB_AUDIT_MAIN_H
#define SEKISHO_PASSDB_AUDIT_MAIN_H

/* the exit status: 0 finished, or as far as time allowed; 1 broken; 2 wrong usage */
int audit_main(int argc, char **argv);
#endif
