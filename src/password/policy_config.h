/* SPDX-License-Identifier: Apache-2.0 */
/* The policy that settings ask for: a ready profile, with what password_least, password_most, password_classes, password_symbols and
 * password_bits say otherwise, the names of whoever runs this, and the filter of passwords that became known. Owns what the policy borrows,
 * except what stands in the config, which has to live as long. */
#ifndef SEKISHO_PASSWORD_POLICY_CONFIG_H
#define SEKISHO_PASSWORD_POLICY_CONFIG_H
#include <sys/stat.h>

#include "config/config.h"
#include "password/policy.h"

struct policy_config {
	struct password_policy policy;
	struct breached *breached;
	const char **names;
	struct stat seen; /* the file of the filter as it was when it was opened, or could not be; all zero: there was none */
};

/* `profile` NULL: the one of the settings; another one stands as it was built, with their names and filter. A fault names its setting. Whoever
 * asks has called sodium_init. */
bool policy_config_init(struct policy_config *of, const struct config *config, const char *profile, struct error *error)
	__attribute__((warn_unused_result));
/* The same for what has to come up: where the filter cannot be opened, *away says why (else it is empty), and policy.breached_away is set. */
bool policy_config_init_anyway(struct policy_config *of, const struct config *config, const char *profile, struct error *away, struct error *error)
	__attribute__((warn_unused_result));

/* Reads all of the filter, and compares its checksum: a bit that fell over far behind its head is found so. True where there is none. */
bool policy_config_verify(const struct policy_config *of, const struct config *config, struct error *error) __attribute__((warn_unused_result));

enum policy_look { POLICY_LIST_SAME, POLICY_LIST_NEWER, POLICY_LIST_FAULTY };
/* Does another file of the filter stand there by now, or one at last? Then it is asked from now on; where it is faulty *error says why, once,
 * and what there was before goes on. One stat(2) where nothing is new. Nobody judges by the policy meanwhile. */
enum policy_look policy_config_look(struct policy_config *of, const struct config *config, struct error *error);
/* password_names, and the names and domains by which people know us anyway: ends with NULL; the list is the caller's to free */
const char **policy_config_names(const struct config *config) __attribute__((malloc, returns_nonnull, warn_unused_result));
/* also where init failed */
void policy_config_done(struct policy_config *of);
#endif
