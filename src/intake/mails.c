/* SPDX-License-Identifier: Apache-2.0 */
#include "intake/mails.h"

#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/mailbox.h"

struct mails {
	struct mailbox *mailbox;
	bool (*take)(void *context, const struct mail *mail);
	void *context;
	bool measuring;
	uint64_t bytes;
};

struct mails *mails_new(bool (*take)(void *context, const struct mail *mail), void *context)
{
	struct mails *mails = memory_zero(1, sizeof *mails);

	*mails = (struct mails){ .mailbox = mailbox_new(), .take = take, .context = context };
	return mails;
}

void mails_free(struct mails *mails)
{
	if (!mails)
		return;
	mailbox_free(mails->mailbox);
	free(mails);
}

static bool cannot_read(struct mails *mails, const char *path, const char *why)
{
	struct mail mail = { .file = path, .bytes = TEXT_NONE, .fault = why };

	return mails->measuring || mails->take(mails->context, &mail);
}

/* ---- files */

static bool measure_file(struct mails *mails, const char *path)
{
	struct stat st;

	if (stat(path, &st) == 0 && S_ISREG(st.st_mode))
		mails->bytes += (uint64_t)st.st_size;
	return true;
}

static bool read_file(struct mails *mails, const char *path, bool single)
{
	struct mail mail = { .file = path, .bytes = TEXT_NONE };
	struct error error;
	int got;

	if (mails->measuring)
		return measure_file(mails, path);
	if (!mailbox_open(mails->mailbox, path, single, &error))
		return cannot_read(mails, path, error.text);
	while ((got = mailbox_next(mails->mailbox, &mail.bytes, &mail.number, &error)) > 0)
		if (!mails->take(mails->context, &mail))
			return false;
	return got == 0 || cannot_read(mails, path, error.text);
}

/* ---- folders */

enum kind { KIND_OTHER, KIND_FILE, KIND_FOLDER };

static enum kind kind_of(const char *path, bool follow)
{
	struct stat st;

	if ((follow ? stat(path, &st) : lstat(path, &st)) != 0)
		return KIND_OTHER;
	return S_ISDIR(st.st_mode) ? KIND_FOLDER : S_ISREG(st.st_mode) ? KIND_FILE : KIND_OTHER;
}

static bool below(const char *folder, const char *name, char path[PATH_MAX])
{
	size_t n = strlen(folder);

	return snprintf(path, PATH_MAX, n && folder[n - 1] == '/' ? "%s%s" : "%s/%s", folder, name) < PATH_MAX;
}

static bool has_folder(const char *folder, const char *name)
{
	char path[PATH_MAX];

	return below(folder, name, path) && kind_of(path, false) == KIND_FOLDER;
}

static bool is_maildir(const char *folder) { return has_folder(folder, "cur") && has_folder(folder, "new"); }

static bool is_wanted(const char *path, const char *name, enum kind kind, bool maildir)
{
	if (kind == KIND_FOLDER)
		return maildir ? strcmp(name, "tmp") != 0 : *name != '.' || is_maildir(path);
	return kind == KIND_FILE && !maildir && *name != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }
static int is_entry(const struct dirent *entry) { return strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0; }

static bool read_folder(struct mails *mails, const char *folder, bool in_maildir, int depth);

static bool read_entry(struct mails *mails, const char *folder, const char *name, bool maildir, bool in_maildir, int depth)
{
	char path[PATH_MAX];
	enum kind kind;

	if (!below(folder, name, path))
		return cannot_read(mails, folder, strerror(ENAMETOOLONG));
	kind = kind_of(path, false);
	if (!is_wanted(path, name, kind, maildir))
		return true;
	if (kind == KIND_FILE)
		return read_file(mails, path, in_maildir);
	return read_folder(mails, path, maildir && (strcmp(name, "cur") == 0 || strcmp(name, "new") == 0), depth + 1);
}

/* `in_maildir`: its files are one mail each */
static bool read_folder(struct mails *mails, const char *folder, bool in_maildir, int depth)
{
	struct dirent **entries;
	bool maildir = is_maildir(folder), on = true;
	int count;

	if (depth > MAILS_DEPTH_MAX)
		return cannot_read(mails, folder, _("too many folders within folders"));
	count = scandir(folder, &entries, is_entry, by_name);
	if (count < 0)
		return cannot_read(mails, folder, strerror(errno));
	for (int i = 0; i < count; i++) {
		on = on && read_entry(mails, folder, entries[i]->d_name, maildir, in_maildir, depth);
		free(entries[i]);
	}
	free(entries);
	return on;
}

bool mails_read(struct mails *mails, const char *argument)
{
	char path[PATH_MAX];

	if (kind_of(argument, true) != KIND_FOLDER)
		return read_file(mails, argument, false);
	if (snprintf(path, sizeof path, "%s", argument) >= (int)sizeof path)
		return cannot_read(mails, argument, strerror(ENAMETOOLONG));
	return read_folder(mails, path, false, 0);
}

uint64_t mails_bytes(struct mails *mails, const char *argument)
{
	bool all;

	mails->measuring = true;
	mails->bytes = 0;
	all = mails_read(mails, argument);
	mails->measuring = false;
	return all ? mails->bytes : 0;
}
