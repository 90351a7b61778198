/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as what a browser sends: a form, a cookie, the languages it likes, who it says it is; and as a word of the panel. */
#include <assert.h>
#include <sodium.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/when.h"
#include "web/form.h"
#include "web/http_peer.h"
#include "web/language.h"
#include "web/panel.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct panel *panel_once(void)
{
	static const char key[] = "0123456789abcdef0123456789abcdef\n";
	static struct panel *panel;
	char path[] = "/tmp/fuzz-panel-XXXXXX";
	struct error error;
	int fd;

	if (panel)
		return panel;
	fd = mkstemp(path);
	if (sodium_init() < 0 || fd < 0 || write(fd, key, sizeof key - 1) < 0)
		abort();
	close(fd);
	panel = panel_new(&(struct config){ .panel_key_file = path }, 0, &error);
	unlink(path);
	return panel;
}

static void as_form(const uint8_t *data, size_t size)
{
	char *body = memory_copy((const char *)data, size);
	struct form form;

	if (form_read(body, size, &form)) {
		assert(form.count <= FORM_FIELDS_MAX);
		for (size_t i = 0; i < form.count; i++) {
			const struct form_field *field = &form.fields[i];

			assert(!memchr(field->name.p, '\0', field->name.n) && !memchr(field->value.p, '\0', field->value.n));
			assert(field->name.n + field->value.n <= size);
		}
		form_word(&form, "address");
	}
	free(body);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *exact = memory_copy((const char *)data, size), account[ACCOUNT_NAME_MAX];
	struct text text = { exact, size };
	struct ip proxy = { { [10] = 0xff, 0xff, 10, 0, 0, 1 } }, ip;
	struct config_addresses proxies = { &proxy, 1, 1 };

	as_form(data, size);
	assert(cookie_value(text, TEXT("__Host-sekisho")).n <= size);
	assert(language_accepted(text, LANGUAGE_JAPANESE) < LANGUAGES);
	http_peer(&proxies, NULL, true, text, &ip);
	assert(!panel_take(panel_once(), text, SECOND_US, account)); /* nobody signed it */
	free(exact);
	return 0;
}
