/* SPDX-License-Identifier: Apache-2.0 */
/* sekisho password breached: builds the file of passwords that are known to have leaked, and shows what one is. */
#include "cli/breached.h"

#include <getopt.h>
#include <jansson.h>
#include <sodium.h>

#include "base/i18n.h"
#include "cli/cli.h"
#include "cli/output.h"
#include "password/breached.h"
#include "report/value.h"

struct wish {
	const char *output;
	struct breached_list list;
	enum output_form form;
};

static int usage(FILE *to, int status)
{
	fprintf(to, "%s\n",
		_("usage: sekisho password breached build [options] -o FILE LIST...\n"
		  "       sekisho password breached show [-f text|json] FILE\n"
		  "Makes one file of lists of passwords that are known to have leaked, for the setting password_breached.\n"
		  "A list has lines of SHA-1 as haveibeenpwned.com gives them, HASH:COUNT, also as files of ranges; it may be\n"
		  "compressed, a folder, or - for the standard input.\n\n"
		  "  -o, --output FILE       the file to write; an older one is replaced once the new one is whole\n"
		  "      --plain             the lists hold passwords themselves, one a line\n"
		  "      --at-least N        only what was seen so often (1)\n"
		  "  -f, --format text|json  how to say what the file is (text)\n"
		  "  -h, --help"));
	return status;
}

static bool take_least(struct wish *wish, const char *text)
{
	if (text_number(text_of(text), UINT64_MAX, &wish->list.at_least) && wish->list.at_least)
		return true;
	cli_complain(_("--at-least: '%s' is no number from 1 on"), text);
	return false;
}

/* CLI_DONE to go on, or the status to end with, and *ended */
static int take_options(struct wish *wish, int argc, char **argv, bool *ended)
{
	static const struct option options[] = {
		{ "output", required_argument, NULL, 'o' }, { "plain", no_argument, NULL, 'p' },  { "at-least", required_argument, NULL, 'n' },
		{ "format", required_argument, NULL, 'f' }, { "help", no_argument, NULL, 'h' },   { NULL, 0, NULL, 0 },
	};
	bool taken = true;
	int option;

	*ended = true;
	while (taken && (option = getopt_long(argc, argv, "o:f:h", options, NULL)) != -1) {
		switch (option) {
		case 'o': wish->output = optarg; break;
		case 'p': wish->list.plain = true; break;
		case 'n': taken = take_least(wish, optarg); break;
		case 'f': taken = output_parse_form(optarg, false, &wish->form); break;
		case 'h': return usage(stdout, CLI_DONE);
		default: return usage(stderr, CLI_USAGE);
		}
	}
	*ended = !taken;
	return taken ? CLI_DONE : CLI_USAGE;
}

/* ---- what a file is */

static double bits_each(const struct breached_about *about)
{
	return about->count ? 8.0 * (double)about->bytes / (double)about->count : 0;
}

static void tell(const char *path, const struct breached_about *about)
{
	printf(_("%s: %llu passwords in %llu bytes, %.2f bits each; one in 256 others is taken for one of them\n"), path,
	       (unsigned long long)about->count, (unsigned long long)about->bytes, bits_each(about));
	if (about->at_least > 1)
		printf(_("only what was seen %llu times or more\n"), (unsigned long long)about->at_least);
}

static bool tell_json(const char *path, const struct breached_about *about, const struct breached_reading *reading, struct error *error)
{
	json_t *root = json_pack("{s:s, s:o, s:o, s:o, s:o, s:f, s:f}", "schema", "sekisho.breached/1", "file", value_text(path), "passwords",
				 value_count(about->count), "bytes", value_count(about->bytes), "at_least", value_count(about->at_least),
				 "bits_each", bits_each(about), "false_positives", 1.0 / 256);

	if (reading) {
		json_object_set_new(root, "files", value_count(reading->files));
		json_object_set_new(root, "lines", value_count(reading->lines));
		json_object_set_new(root, "left_out", value_count(reading->left_out));
		json_object_set_new(root, "bad_lines", value_count(reading->bad_lines));
	}
	return value_write(root, stdout, error);
}

/* as it lies there, also right after it was built */
static int show(const char *path, enum output_form form, const struct breached_reading *reading)
{
	struct error error;
	struct breached *breached = breached_open(path, &error);
	struct breached_about about;
	bool sound = breached && breached_verify(breached, &error);

	if (sound) {
		breached_about(breached, &about);
		if (form == OUTPUT_JSON)
			sound = tell_json(path, &about, reading, &error);
		else
			tell(path, &about);
	}
	breached_close(breached);
	if (!sound)
		cli_complain("%s", error.text);
	return sound ? CLI_DONE : CLI_UNREADABLE;
}

/* ---- build */

/* 0 where it cannot be known */
static uint64_t bytes_of(char *const *lists, int count)
{
	uint64_t bytes = 0;
	struct stat status;

	for (int i = 0; i < count; i++) {
		if (stat(lists[i], &status) != 0 || !S_ISREG(status.st_mode))
			return 0;
		bytes += (uint64_t)status.st_size;
	}
	return bytes;
}

static bool write_file(struct breached_reading *reading, const struct wish *wish)
{
	struct error error;

	if (!breached_build_added(reading->build)) {
		cli_complain(_("there is no password in these lists; nothing was written"));
		reading->status = cli_worse(reading->status, CLI_UNREADABLE);
		return false;
	}
	if (breached_build_write(reading->build, wish->output, wish->list.at_least, &error))
		return true;
	cli_complain("%s", error.text);
	reading->status = CLI_PARTLY;
	return false;
}

static int build(const struct wish *wish, char *const *lists, int count)
{
	struct breached_reading reading = { .list = wish->list, .build = breached_build_new() };
	bool go_on = true;

	reading.has_output = stat(wish->output, &reading.output) == 0;
	progress_begin(&reading.progress, bytes_of(lists, count));
	for (int i = 0; i < count && go_on; i++)
		go_on = breached_read(&reading, lists[i]);
	progress_end(&reading.progress);
	breached_read_end(&reading);
	if (go_on && write_file(&reading, wish))
		reading.status = cli_worse(reading.status, show(wish->output, wish->form, &reading));
	breached_build_free(reading.build);
	return reading.status;
}

int cli_breached(int argc, char **argv)
{
	struct wish wish = { .list.at_least = 1 };
	const char *verb;
	bool ended;
	int status = take_options(&wish, argc, argv, &ended), rest = argc - optind;

	if (ended)
		return status;
	verb = rest > 0 ? argv[optind] : "";
	if (sodium_init() < 0) {
		cli_complain(_("libsodium cannot be used"));
		return CLI_AWAY;
	}
	if (strcmp(verb, "show") == 0 && rest == 2 && !wish.output && !wish.list.plain && wish.list.at_least == 1)
		return show(argv[optind + 1], wish.form, NULL);
	if (strcmp(verb, "build") != 0 || rest < 2 || !wish.output)
		return usage(stderr, CLI_USAGE);
	if (wish.list.plain && wish.list.at_least > 1) {
		cli_complain(_("--at-least: lists of plain words do not say how often they were seen"));
		return CLI_USAGE;
	}
	return build(&wish, argv + optind + 1, rest - 1);
}
