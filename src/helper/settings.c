/* SPDX-License-Identifier: Apache-2.0 */
#include "helper/settings.h"

/* at work */
struct reading {
	struct settings *settings;
	bool has_user;
};

static bool take_path(char to[SETTINGS_PATH_MAX], struct text value, struct error *error)
{
	if (!rootfile_is_path(value, error))
		return false;
	text_copy(to, SETTINGS_PATH_MAX, value);
	return true;
}

static bool take_postfix(struct settings *settings, struct text value, struct error *error)
{
	if (settings->postfix_count == SETTINGS_POSTFIXES_MAX)
		return error_set(error, "more than %d settings 'postfix'", SETTINGS_POSTFIXES_MAX);
	return take_path(settings->postfix[settings->postfix_count], value, error) && ++settings->postfix_count;
}

static bool take(void *context, struct text name, struct text value, struct error *error)
{
	struct reading *reading = context;
	struct settings *settings = reading->settings;

	if (text_is(name, TEXT("postsuper")))
		return take_path(settings->postsuper, value, error);
	if (text_is(name, TEXT("postqueue")))
		return take_path(settings->postqueue, value, error);
	if (text_is(name, TEXT("postconf")))
		return take_path(settings->postconf, value, error);
	if (text_is(name, TEXT("postfix")))
		return take_postfix(settings, value, error);
	if (text_is(name, TEXT("user")))
		return reading->has_user = rootfile_user(value, &settings->user, error);
	return error_set(error, "no setting is named '%.*s'", TEXT_ARG(name));
}

bool settings_read(struct settings *settings, const char *path, struct error *error)
{
	struct reading reading = { .settings = settings };

	*settings = (struct settings){
		.postsuper = "/usr/sbin/postsuper", .postqueue = "/usr/sbin/postqueue", .postconf = "/usr/sbin/postconf"
	};
	if (!rootfile_read(path, ROOTFILE_PUBLIC, take, &reading, error))
		return false;
	if (!settings->postfix_count && !take_postfix(settings, TEXT("/etc/postfix"), error))
		return false;
	if (!reading.has_user && !rootfile_user(TEXT("sekisho"), &settings->user, error))
		return false;
	return rootfile_check_program(settings->postsuper, error) && rootfile_check_program(settings->postqueue, error) &&
	       rootfile_check_program(settings->postconf, error);
}
