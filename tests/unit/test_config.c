/* SPDX-License-Identifier: Apache-2.0 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <cmocka.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/when.h"
#include "config/setting.h"
#include "config/wash.h"

#define MIB 1048576

static char folder[] = "/tmp/test-config-XXXXXX";
static char file[64];

static int make_folder(void **state)
{
	if (!mkdtemp(folder))
		return -1;
	snprintf(file, sizeof file, "%s/x.conf", folder);
	return 0;
}

static int drop_folder(void **state)
{
	unlink(file);
	return rmdir(folder);
}

static void write_file(struct text text)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	assert_int_equal(fwrite(text.p, 1, text.n, out), text.n);
	assert_int_equal(fclose(out), 0);
}

static bool read_text(const char *text, struct config *config, struct error *error)
{
	write_file(text_of(text));
	config_init(config);
	return config_read(config, file, error);
}

/* what config_show says of one setting, without the folder */
static char *shown(const struct config *config, const char *name)
{
	static char line[8192];
	char *all = NULL, *at, *end, key[64];
	size_t n;
	FILE *out = open_memstream(&all, &n);

	config_show(config, out);
	fclose(out);
	snprintf(key, sizeof key, "%s = ", name);
	at = strstr(all, key);
	assert_non_null(at);
	text_copy(line, sizeof line, text_between(at + strlen(key), strchr(at, '\n')));
	free(all);
	end = strstr(line, folder);
	if (end)
		memmove(end, end + strlen(folder) + 1, strlen(end + strlen(folder) + 1) + 1);
	return line;
}

static void defaults(void **state)
{
	struct config config;

	config_init(&config);
	assert_string_equal(config.default_domain, "");
	assert_string_equal(config.geo_database, "");
	assert_int_equal(config.webmail_hosts.count, 0);
	assert_true(config.spool_limit_bytes == 1024 * (int64_t)MIB);
	assert_true(config.suspect_bits == 14 && config.hold_bits == 11 && config.lock_bits == 22);
	assert_string_equal(shown(&config, "spool_limit"), "1G  # default");
	config_done(&config);
}

static void what_is_understood(void **state)
{
	static const struct {
		const char *name, *text, *setting, *wanted;
	} rows[] = {
		{ "nothing", "", "default_domain", "\"\"  # default" },
		{ "comments only", "#\n##\n# x\n#", "default_domain", "\"\"  # default" },
		{ "a plain word", "default_domain = example.org", "default_domain", "\"example.org\"  # x.conf:1" },
		{ "double quotes", "geo_database = \"a b\"\n", "geo_database", "\"a b\"  # x.conf:1" },
		{ "escapes", "default_domain = \"a\\\"b\\\\c\\${d}\"\n", "default_domain", "\"a\\\"b\\\\c\\${d}\"  # x.conf:1" },
		{ "single quotes", "geo_database = '${HOME} \"x\" # /* */'\n", "geo_database", "\"\\${HOME} \\\"x\\\" # /* */\"  # x.conf:1" },
		{ "lines keep their numbers", "# one\n\n# three\ndefault_domain = x # four\n# five\nhold_bits = 3\n", "hold_bits", "3  # x.conf:6" },
		{ "no blanks", "default_domain=x", "default_domain", "\"x\"  # x.conf:1" },
		{ "over two lines", "default_domain\n=\nx", "default_domain", "\"x\"  # x.conf:3" },
		{ "line ends of others", "default_domain = x\r\nhold_bits = 3\r\n", "hold_bits", "3  # x.conf:2" },
		{ "a byte order mark", "\xef\xbb\xbfhold_bits = 3", "hold_bits", "3  # x.conf:1" },
		{ "a path", "geo_database = /usr/share/x.mmdb", "geo_database", "\"/usr/share/x.mmdb\"  # x.conf:1" },
		{ "a text in Japanese", "default_domain = 例.jp", "default_domain", "\"例.jp\"  # x.conf:1" },
		{ "a list", "webmail_hosts = { 192.0.2.1, \"2001:db8::1\" }", "webmail_hosts", "{ 192.0.2.1, 2001:db8::1 }  # x.conf:1" },
		{ "a list over lines", "webmail_hosts = {\n\t192.0.2.1, # front\n\n\t192.0.2.2\n}\n", "webmail_hosts", "{ 192.0.2.1, 192.0.2.2 }  # x.conf:2" },
		{ "a list of one", "webmail_hosts = 192.0.2.1", "webmail_hosts", "{ 192.0.2.1 }  # x.conf:1" },
		{ "an empty list", "webmail_hosts = {}", "webmail_hosts", "{ }  # default" },
		{ "a size", "spool_limit = 1.5G", "spool_limit", "1536M  # x.conf:1" },
		{ "a fraction", "suspect_bits = 12.25", "suspect_bits", "12.25  # x.conf:1" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config config;
		struct error error = { "" };

		if (!read_text(rows[i].text, &config, &error))
			fail_msg("%s: %s", rows[i].name, error.text);
		if (strcmp(shown(&config, rows[i].setting), rows[i].wanted) != 0)
			fail_msg("%s: %s, wanted %s", rows[i].name, shown(&config, rows[i].setting), rows[i].wanted);
		config_done(&config);
	}
}

static void what_is_refused(void **state)
{
	static const struct {
		const char *name, *text, *wanted;
	} rows[] = {
		{ "a letter wrong", "\ndefault_domian = x", ":2: unknown setting 'default_domian', did you mean 'default_domain'?" },
		{ "a letter less", "hold_bit = 3", ":1: unknown setting 'hold_bit', did you mean 'hold_bits'?" },
		{ "held after it is locked", "lock_bits = 20\nhold_bits = 20.5", ":2: 'hold_bits' is 20.5, above 'lock_bits', which is 20" },
		{ "locked before it is suspected", "\nlock_bits = 12", ":2: 'suspect_bits' is 14, above 'lock_bits', which is 12" },
		{ "unlike any", "colour = red", ":1: unknown setting 'colour'" },
		{ "other files", "include \"/etc/passwd\"", ":1: unknown setting 'include'" },
		{ "other files, as a call", "include(\"/etc/passwd\")", ":1: '(' may only stand in quotes" },
		{ "the environment", "default_domain = ${HOME}", ":1: '$' may only stand in quotes" },
		{ "the environment, quoted", "default_domain = \"${HOME}\"", ":1: nothing is taken from the environment: write \\${ or use single quotes" },
		{ "no value", "# x\ndefault_domain =\n", "premature end of file" },
		{ "no name", "= x", ":1: unexpected token '='" },
		{ "no equal sign", "default_domain x", ":1: missing equal sign after option 'default_domain'" },
		{ "a list for a text", "default_domain = { x }", ":1: unexpected token '{'" },
		{ "a list left open", "webmail_hosts = { 192.0.2.1\n", "premature end of file" },
		{ "an open quote", "\n\ndefault_domain = \"x\nhold_bits = 3\"", ":3: a quote is not closed on its line" },
		{ "a strange escape", "default_domain = \"x\\n\"", ":1: a backslash may only stand before \", \\ or $ in double quotes" },
		{ "a backslash at the end", "default_domain = \"x\\", ":1: a backslash may only stand" },
		{ "set twice", "hold_bits = 3\n#\nhold_bits = 3", ":3: 'hold_bits' is set twice, first in line 1" },
		{ "a list set twice", "webmail_hosts = {192.0.2.1}\nwebmail_hosts = {192.0.2.1}", ":2: 'webmail_hosts' is set twice, first in line 1" },
		{ "an address for a domain", "default_domain = \"@example.org\"", ":1: 'default_domain' must be a domain such as example.org, not '@example.org'" },
		{ "two domains", "\ndefault_domain = \"a.example b.example\"", ":2: 'default_domain' must be a domain such as example.org, not 'a.example b.example'" },
		{ "a star", "default_domain = *", ":1: '*' may only stand in quotes" },
		{ "a plus", "webmail_hosts += {192.0.2.1}", ":1: '+' may only stand in quotes" },
		{ "comments of C", "hold_bits = 3 /* x */", ":1: '/*' may only stand in quotes; comments begin with '#'" },
		{ "comments of C++", "// x", ":1: '//' may only stand in quotes; comments begin with '#'" },
		{ "a control character", "default_domain = \"\x1b[31m\"", ":1: there is a control character in the line" },
		{ "no number", "hold_bits = many", ":1: 'hold_bits' must be a number, not 'many'" },
		{ "too little", "hold_bits = 0.5", ":1: 'hold_bits' must be from 1 to 100, not '0.5'" },
		{ "too much", "spool_limit = 2T", ":1: 'spool_limit' must be from 1M to 1T, not '2T'" },
		{ "no address", "webmail_hosts = {\n192.0.2.1,\nwebmail.example\n}", ":3: 'webmail_hosts' must be an address of IPv4 or IPv6, not 'webmail.example'" },
		{ "a name out of paths", "\"a|b\" = x", ":1: " },
		{ "no name at all", "\"\" = x", ":1: " },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct config config;
		struct error error = { "" };

		if (read_text(rows[i].text, &config, &error))
			fail_msg("%s: taken", rows[i].name);
		if (!strstr(error.text, rows[i].wanted) || !text_starts(text_of(error.text), text_of(file)))
			fail_msg("%s: '%s', wanted '%s'", rows[i].name, error.text, rows[i].wanted);
		/* untouched */
		assert_null(config.file);
		assert_true(config.hold_bits == 11 && config.webmail_hosts.count == 0);
		config_done(&config);
	}
}

union value {
	char *text;
	double number;
	uint64_t count;
	int64_t whole;
	struct config_addresses addresses;
	struct config_texts texts;
};

static void every_type(void **state)
{
	static const struct {
		enum setting_type type;
		const char *value, *written; /* NULL: refused */
	} rows[] = {
		{ SETTING_TEXT, "", "\"\"" },
		{ SETTING_TEXT, "a", "\"a\"" },
		{ SETTING_NUMBER, "0", "0" },
		{ SETTING_NUMBER, "000.500", "0.5" },
		{ SETTING_NUMBER, "2.000001", "2.000001" },
		{ SETTING_NUMBER, "1000", "1000" },
		{ SETTING_NUMBER, "1000.1", NULL },
		{ SETTING_NUMBER, "", NULL },
		{ SETTING_NUMBER, ".5", NULL },
		{ SETTING_NUMBER, "5.", NULL },
		{ SETTING_NUMBER, "1,5", NULL },
		{ SETTING_NUMBER, "1.5.5", NULL },
		{ SETTING_NUMBER, "-1", NULL },
		{ SETTING_NUMBER, "+1", NULL },
		{ SETTING_NUMBER, "1k", NULL },
		{ SETTING_NUMBER, "0x10", NULL },
		{ SETTING_NUMBER, "nan", NULL },
		{ SETTING_NUMBER, "inf", NULL },
		{ SETTING_NUMBER, "0.00000000000000000000001", NULL },
		{ SETTING_COUNT, "7", "7" },
		{ SETTING_COUNT, "7.0", "7" },
		{ SETTING_COUNT, "7.5", NULL },
		{ SETTING_COUNT, "99999999999999999999", NULL },
		{ SETTING_BYTES, "0", "0" },
		{ SETTING_BYTES, "1023", "1023" },
		{ SETTING_BYTES, "1024", "1k" },
		{ SETTING_BYTES, "64k", "64k" },
		{ SETTING_BYTES, "64K", "64k" },
		{ SETTING_BYTES, "1.5 M", "1536k" },
		{ SETTING_BYTES, "2048m", "2G" },
		{ SETTING_BYTES, "3T", "3T" },
		{ SETTING_BYTES, "1.3", NULL },
		{ SETTING_BYTES, "1x", NULL },
		{ SETTING_BYTES, "M", NULL },
		{ SETTING_BYTES, "1MM", NULL },
		{ SETTING_BYTES, "999999999T", NULL },
		{ SETTING_DURATION, "90s", "90s" },
		{ SETTING_DURATION, "120s", "2min" },
		{ SETTING_DURATION, "1.5h", "90min" },
		{ SETTING_DURATION, "48h", "2d" },
		{ SETTING_DURATION, "14 d", "2w" },
		{ SETTING_DURATION, "0s", "0s" },
		{ SETTING_DURATION, "90", NULL },
		{ SETTING_DURATION, "1m", NULL },
		{ SETTING_DURATION, "s", NULL },
		{ SETTING_ADDRESSES, "192.0.2.1", "{ 192.0.2.1 }" },
		{ SETTING_ADDRESSES, "2001:DB8::1", "{ 2001:db8::1 }" },
		{ SETTING_ADDRESSES, "192.0.2.256", NULL },
		{ SETTING_ADDRESSES, "192.0.2.0/24", NULL },
		{ SETTING_ADDRESSES, "", NULL },
		{ SETTING_TEXTS, "a \"b\"", "{ \"a \\\"b\\\"\" }" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		const double most = rows[i].type == SETTING_NUMBER ? 1000 : rows[i].type == SETTING_COUNT ? 1e15 : 1e14;
		const struct setting setting = { "thing", rows[i].type, 0, NULL, 0, most, "", "" };
		struct error error = { "" };
		union value value;
		char *written = NULL;
		size_t n;
		FILE *out;

		memset(&value, 0, sizeof value);
		if (setting_take(&setting, text_of(rows[i].value), &value, &error) != (rows[i].written != NULL))
			fail_msg("'%s' of type %d: %s", rows[i].value, rows[i].type, error.text);
		if (rows[i].written) {
			out = open_memstream(&written, &n);
			setting_write(&setting, &value, out);
			fclose(out);
			if (strcmp(written, rows[i].written) != 0)
				fail_msg("'%s': '%s', wanted '%s'", rows[i].value, written, rows[i].written);
			free(written);
		} else if (!strstr(error.text, "'thing'")) {
			fail_msg("'%s': %s", rows[i].value, error.text);
		}
		setting_clear(&setting, &value);
	}
}

static void units_of_the_fields(void **state)
{
	const struct setting time = { "t", SETTING_DURATION, 0, NULL, 0, 1e14, "", "" };
	struct error error;
	int64_t value = 0;

	assert_true(setting_take(&time, TEXT("1.5min"), &value, &error));
	assert_true(value == 90 * SECOND_US);
	assert_false(setting_take(&time, TEXT("x"), &value, &error));
	assert_true(value == 90 * SECOND_US);
}

/* a file of `head`, `count` times `each`, and `tail` */
static void write_many(const char *head, const char *each, size_t count, const char *tail)
{
	FILE *out = fopen(file, "w");

	assert_non_null(out);
	fputs(head, out);
	while (count--)
		fputs(each, out);
	fputs(tail, out);
	fclose(out);
}

static void nothing_grows_without_end(void **state)
{
	static const struct {
		const char *name, *head, *each;
		size_t count;
		const char *tail, *wanted; /* NULL: taken */
	} rows[] = {
		{ "lines", "", "\n", CONFIG_LINES_MAX - 1, "hold_bits = 3", NULL },
		{ "too many lines", "", "\n", CONFIG_LINES_MAX, "hold_bits = 3", "more than 100000 lines" },
		{ "bytes", "#", "x", CONFIG_FILE_MAX - 1, "", NULL },
		{ "too many bytes", "#", "x", CONFIG_FILE_MAX, "", "larger than 1048576 bytes" },
		{ "a text", "default_domain = ", "x", CONFIG_TEXT_MAX, "", NULL },
		{ "a text too long", "default_domain = ", "x", CONFIG_TEXT_MAX + 1, "", ":1: 'default_domain' is longer than 4096 bytes" },
		{ "a quoted text far too long", "default_domain = \"", "x", 1000000, "\"", ":1: a word is longer than 8192 bytes" },
		{ "a name far too long", "", "x", 1000000, "= 1", ":1: a word is longer than 8192 bytes" },
		{ "a list", "webmail_hosts = {", "192.0.2.1,", CONFIG_LIST_MAX - 1, "192.0.2.1}", NULL },
		{ "a list too long", "webmail_hosts = {", "192.0.2.1,", CONFIG_LIST_MAX, "192.0.2.1}", "more than 4096 values" },
		{ "braces", "", "{", 1000000, "", "unexpected token" },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		struct error error = { "" };
		struct config config;
		bool done;

		write_many(rows[i].head, rows[i].each, rows[i].count, rows[i].tail);
		config_init(&config);
		done = config_read(&config, file, &error);
		if (done != !rows[i].wanted || (rows[i].wanted && !strstr(error.text, rows[i].wanted)))
			fail_msg("%s: '%s'", rows[i].name, error.text);
		config_done(&config);
	}
}

static void a_missing_file(void **state)
{
	struct error error = { "" };
	struct config config;

	config_init(&config);
	assert_false(config_read(&config, "/nonexistent/x.conf", &error));
	assert_string_equal(error.text, "cannot read '/nonexistent/x.conf': No such file or directory");
	assert_false(config_read(&config, folder, &error));
	assert_non_null(strstr(error.text, "not a regular file"));
	assert_false(config_read(&config, "", &error));
	config_done(&config);
}

static void a_nul_byte(void **state)
{
	struct error error = { "" };
	struct config config;

	config_init(&config);
	write_file(TEXT("hold_bits = 3\0\nhold_bits = 4"));
	assert_false(config_read(&config, file, &error));
	assert_non_null(strstr(error.text, ":1: there is a control character"));
	config_done(&config);
}

static void reading_again_begins_afresh(void **state)
{
	struct error error = { "" };
	struct config config;

	assert_true(read_text("hold_bits = 3\nwebmail_hosts = 192.0.2.1\n", &config, &error));
	write_file(TEXT("lock_bits = 30"));
	assert_true(config_read(&config, file, &error));
	assert_true(config.hold_bits == 11 && config.lock_bits == 30 && config.webmail_hosts.count == 0);
	/* after a faulty one, the next is read as if nothing had been */
	write_file(TEXT("default_domain = x\nwebmail_hosts = { "));
	assert_false(config_read(&config, file, &error));
	assert_true(config.lock_bits == 30);
	write_file(TEXT("default_domain = y"));
	assert_true(config_read(&config, file, &error));
	assert_string_equal(config.default_domain, "y");
	config_done(&config);
}

/* the sample is understood when every # before a setting is taken away, and says what holds anyway */
static void the_sample_is_the_default(void **state)
{
	struct config config, usual;
	char *sample = NULL, *now = NULL, *then = NULL;
	struct error error = { "" };
	size_t n;
	FILE *out = open_memstream(&sample, &n);

	config_write_sample(out);
	fclose(out);
	for (size_t i = 0; i < settings_count; i++) {
		char line[128], *at;

		snprintf(line, sizeof line, "\n#%s = ", settings[i].name);
		at = strstr(sample, line);
		assert_non_null(at);
		at[1] = ' ';
	}
	if (!read_text(sample, &config, &error))
		fail_msg("%s", error.text);
	config_init(&usual);
	memset(config.lines, 0, sizeof config.lines);
	out = open_memstream(&now, &n);
	config_show(&config, out);
	fclose(out);
	out = open_memstream(&then, &n);
	config_show(&usual, out);
	fclose(out);
	assert_string_equal(now, then);
	free(sample);
	free(now);
	free(then);
	config_done(&config);
	config_done(&usual);
}

static void the_manual_names_every_setting(void **state)
{
	char *manual = NULL, line[128];
	size_t n;
	FILE *out = open_memstream(&manual, &n);

	config_write_manual(out);
	fclose(out);
	for (size_t i = 0; i < settings_count; i++) {
		snprintf(line, sizeof line, ".It Ic %s\n", settings[i].name);
		assert_non_null(strstr(manual, line));
	}
	assert_non_null(strstr(manual, "from 1M to 1T. Default: 1G\n"));
	free(manual);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(defaults),
		cmocka_unit_test(what_is_understood),
		cmocka_unit_test(what_is_refused),
		cmocka_unit_test(every_type),
		cmocka_unit_test(units_of_the_fields),
		cmocka_unit_test(nothing_grows_without_end),
		cmocka_unit_test(a_missing_file),
		cmocka_unit_test(a_nul_byte),
		cmocka_unit_test(reading_again_begins_afresh),
		cmocka_unit_test(the_sample_is_the_default),
		cmocka_unit_test(the_manual_names_every_setting),
	};

	return cmocka_run_group_tests(tests, make_folder, drop_folder);
}
