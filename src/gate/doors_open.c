/* SPDX-License-Identifier: Apache-2.0 */
#include "gate/doors_open.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "config/secret_lines.h"
#include "containment/away.h"
#include "containment/deny.h"
#include "containment/survey.h"

#define POSTMAP "/usr/sbin/postmap"

enum { KEY_MAX = 512 };

static bool open_dovecot(struct doors *doors, const struct config *config, struct error *error)
{
	struct dovecot_options options = { .doveadm_url = config->doveadm_url, .auth_socket = config->dovecot_auth_socket };
	char key[KEY_MAX] = "";

	if (*config->doveadm_url && !secret_key_read(config, "doveadm_key_file", config->doveadm_key_file, key, sizeof key, error))
		return false;
	options.doveadm_key = key;
	doors->dovecot = dovecot_new(doors->loop, &options);
	explicit_bzero(key, sizeof key);
	doors->doveadm = *config->doveadm_url != '\0';
	doors->trial = *config->dovecot_auth_socket != '\0';
	return true;
}

static void open_lists(struct doors *doors, const struct config *config, const struct doors_told *told)
{
	char folder[PATH_MAX];

	snprintf(folder, sizeof folder, "%s/away", config->state_folder);
	doors->away = away_new(doors->loop,
			       &(struct away_options){ folder, POSTMAP, config->default_domain, told->away, told->context });
	if (*config->deny_file)
		doors->denied = deny_new(doors->loop, &(struct deny_options){ config->deny_file, config->default_domain,
									      told->denied, told->context });
}

bool doors_open(struct doors *doors, uv_loop_t *loop, const struct config *config, const struct accounts *accounts,
		const struct doors_told *told, struct error *error)
{
	doors->loop = loop;
	doors->accounts = accounts;
	doors->default_domain = config->default_domain;
	doors->queue = queue_new(loop, config->queue_socket);
	doors->survey = survey_new(doors->queue, accounts);
	open_lists(doors, config, told);
	if (*config->passdb_socket)
		doors->keys = keys_new(loop, doors->keys_socket = config->passdb_socket);
	return open_dovecot(doors, config, error);
}

struct folders *doors_open_folders(const struct config *config, const char *user, struct error *error)
{
	struct folders *folders = NULL;
	char key[KEY_MAX] = "";

	if (!*config->doveadm_url || secret_key_read(config, "doveadm_key_file", config->doveadm_key_file, key, sizeof key, error))
		folders = folders_new(config->doveadm_url, key, user, error);
	explicit_bzero(key, sizeof key);
	return folders;
}

static void ended(void *context, enum dovecot_result result, uint32_t count, const char *says) {}

void doors_end_old(struct doors *doors, struct text name)
{
	if (!doors->doveadm)
		return;
	dovecot_ask(doors->dovecot, DOVECOT_FLUSH, name, ended, NULL);
	dovecot_ask(doors->dovecot, DOVECOT_KICK, name, ended, NULL);
}

void doors_close(struct doors *doors)
{
	dovecot_close(doors->dovecot);
	keys_close(doors->keys);
	roster_close(doors->denied);
	roster_close(doors->away);
	queue_close(doors->queue);
	doors_drop_calls(doors);
	survey_free(doors->survey);
	*doors = (struct doors){ 0 };
}
