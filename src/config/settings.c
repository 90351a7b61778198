/* SPDX-License-Identifier: Apache-2.0 */
#include "base/i18n.h"
#include "config/setting.h"

#define KIB 1024.0
#define FIELD(name) offsetof(struct config, name)

/* name, type, field, unit, least, most, default, sentence */
const struct setting settings[] = {
	{ "default_domain", SETTING_TEXT, FIELD(default_domain), NULL, 0, 0, "",
	  N_("The domain of logins that are written without one: with example.org, alice is alice@example.org.") },
	{ "webmail_hosts", SETTING_ADDRESSES, FIELD(webmail_hosts), NULL, 0, 0, "",
	  N_("Addresses of webmail and other front ends that log in on behalf of their users. Such an address says nothing about where somebody is.") },
	{ "geo_database", SETTING_TEXT, FIELD(geo_database), NULL, 0, 0, "",
	  N_("The file that knows countries and networks of addresses, in the format of MaxMind (mmdb) or of libloc. Empty: the one of libloc, where it is installed.") },
	{ "spool_limit", SETTING_BYTES, FIELD(spool_limit_bytes), NULL, KIB *KIB, KIB *KIB *KIB *KIB, "1G",
	  N_("The most disk space that scan takes to look back at what an account did before it was suspected.") },
	{ "suspect_bits", SETTING_NUMBER, FIELD(suspect_bits), N_("bits"), 1, 100, "14",
	  N_("So much evidence against an account and it is reported as suspected. Ten bits are odds of a thousand to one.") },
	{ "hold_bits", SETTING_NUMBER, FIELD(hold_bits), N_("bits"), 1, 100, "11",
	  N_("So much evidence and a message is held back until more is known.") },
	{ "lock_bits", SETTING_NUMBER, FIELD(lock_bits), N_("bits"), 1, 100, "22",
	  N_("So much evidence and an account is taken as hijacked, and locked.") },
	{ "locks_an_hour", SETTING_NUMBER, FIELD(locks_an_hour), N_("accounts"), 0, 1e6, "60",
	  N_("At most so many accounts are locked within an hour. Beyond, mail is only held, and a person has to decide.") },
	{ "locks_an_hour_of_domain", SETTING_NUMBER, FIELD(locks_an_hour_of_domain), N_("accounts"), 0, 1e6, "30",
	  N_("The same for the accounts of one domain.") },
	{ "weights", SETTING_TEXTS, FIELD(weights), NULL, 0, 0, "",
	  N_("Factors from 0 to 4 on what single signals add, such as \"rate=0.8\"; a signal that is not named counts as it was built. sekisho replay --calibrate suggests them from your own logs.") },
};

const size_t settings_count = sizeof settings / sizeof *settings;

_Static_assert(sizeof settings / sizeof *settings <= CONFIG_SETTINGS_MAX, "struct config has a line for each setting");

void config_init(struct config *config)
{
	struct error fault;

	*config = (struct config){ 0 };
	for (size_t i = 0; i < settings_count; i++) {
		const struct setting *setting = &settings[i];

		if (setting_is_list(setting))
			continue;
		if (!setting_take(setting, text_of(setting->usual), setting_field(setting, config), &fault))
			abort(); /* a default outside its own limits: a fault in the table */
	}
}

void config_done(struct config *config)
{
	for (size_t i = 0; i < settings_count; i++)
		setting_clear(&settings[i], setting_field(&settings[i], config));
	free(config->file);
	*config = (struct config){ 0 };
}
