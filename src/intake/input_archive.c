/* SPDX-License-Identifier: Apache-2.0 */
/* Compressed files, and tar and zip files of logs (member after member), by libarchive in a thread of its own. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "base/temporary.h"
#include "intake/input_source.h"

enum { MEMBER_NAME_MAX = 1024 };

struct unpack {
	struct raw *raw;
	struct gunzip *gunzip; /* for gzip alone */
	struct archive *archive;
	struct error broken;   /* what the file's own reader said: libarchive was told that it ends there */
	bool is_broken, in_member, at_start; /* of a member */
	bool packed_is_fine;   /* a member that is compressed itself will be unpacked in its turn */
	char member[MEMBER_NAME_MAX]; /* its name in the archive, "" for what is compressed alone */
	time_t written;        /* when it was, 0 not known */
	uint64_t unpacked;     /* bytes of members that were unpacked into files */
	struct text left;      /* unpacked, not handed out yet */
	char last;             /* byte handed out */
	char bytes[SOURCE_BLOCK];
};

static const struct magic {
	size_t at;
	struct text bytes;
} magics[] = {
	{ 0, { "\x1f\x8b\x08", 3 } },         /* gzip */
	{ 0, { "\xfd" "7zXZ\0", 6 } },        /* xz */
	{ 0, { "\x28\xb5\x2f\xfd", 4 } },     /* zstd */
	{ 1, { "\x2a\x4d\x18", 3 } },         /* zstd, a frame to be skipped comes first */
	{ 0, { "BZh", 3 } },                  /* bzip2 */
	{ 0, { "\x04\x22\x4d\x18", 4 } },     /* lz4 */
	{ 0, { "\x02\x21\x4c\x18", 4 } },     /* lz4, old form */
	{ 0, { "LZIP", 4 } },                 /* lzip */
	{ 0, { "\x5d\0\0", 3 } },             /* lzma alone */
	{ 0, { "\x1f\x9d", 2 } },             /* compress, .Z */
	{ 0, { "PK\x03\x04", 4 } },           /* zip */
	{ 257, { "ustar", 5 } },              /* tar */
};

bool archive_claims(struct text head)
{
	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
		if (head.n >= magics[i].at && text_starts(text_after(head, magics[i].at), magics[i].bytes))
			return true;
	return false;
}

static la_ssize_t feed(struct archive *archive, void *context, const void **bytes)
{
	struct unpack *unpack = context;
	ssize_t got;

	if (unpack->gunzip)
		got = gunzip_read(unpack->gunzip, unpack->bytes, sizeof unpack->bytes, &unpack->broken);
	else
		got = raw_read(unpack->raw, unpack->bytes, sizeof unpack->bytes, &unpack->broken);
	*bytes = unpack->bytes;
	if (got >= 0)
		return got;
	unpack->is_broken = true;
	return 0;
}

/* says why; always -1 */
static int failed(struct unpack *unpack, struct error *error)
{
	const char *why = archive_error_string(unpack->archive);

	if (unpack->is_broken && error)
		*error = unpack->broken;
	else if (!unpack->is_broken)
		error_set(error, _("cannot unpack '%s': %s"), unpack->raw->name, why ? why : _("it is damaged"));
	return -1;
}

/* not archive_read_support_filter_all: some of its filters start programs, and one takes text for uuencode */
static bool unpack_begin(void *context, struct source *source, struct error *error)
{
	struct unpack *unpack = context;
	struct archive *a = unpack->archive;

	archive_read_support_filter_gzip(a);
	archive_read_support_filter_bzip2(a);
	archive_read_support_filter_compress(a);
	archive_read_support_filter_lzip(a);
	archive_read_support_filter_lzma(a);
	archive_read_support_filter_xz(a);
	archive_read_support_filter_zstd(a);
	archive_read_support_filter_lz4(a);
	archive_read_support_format_tar(a);
	archive_read_support_format_zip_streamable(a);
	archive_read_support_format_empty(a);
	archive_read_support_format_raw(a);
	return archive_read_open(a, unpack, NULL, feed, NULL) == ARCHIVE_OK || failed(unpack, error) > 0;
}

/* strangers chose it, and it is shown: controls, also those of two bytes in UTF-8, become '?' */
static void note_name(struct unpack *unpack, struct archive_entry *entry)
{
	const char *name = archive_entry_pathname(entry);

	if (!name) /* not to be said in this locale */
		name = archive_entry_pathname_utf8(entry);
	if (archive_format(unpack->archive) == ARCHIVE_FORMAT_RAW)
		name = "";
	text_copy(unpack->member, sizeof unpack->member, text_of(name ? name : "?"));
	for (unsigned char *c = (unsigned char *)unpack->member; *c; c++) {
		if (*c == 0xc2 && c[1] >= 0x80 && c[1] <= 0x9f)
			c[0] = c[1] = '?';
		else if (*c < 0x20 || *c == 0x7f)
			*c = '?';
	}
}

/* 1 a member that holds bytes, 0 no more of them, -1 */
static int next_member(struct unpack *unpack, struct error *error)
{
	struct archive_entry *entry;
	int status;

	do
		status = archive_read_next_header(unpack->archive, &entry);
	while (status == ARCHIVE_RETRY || (status >= ARCHIVE_WARN && status != ARCHIVE_EOF &&
					   archive_entry_filetype(entry) != AE_IFREG));
	if (status == ARCHIVE_EOF && !unpack->is_broken)
		return 0;
	unpack->in_member = unpack->at_start = status == ARCHIVE_OK || status == ARCHIVE_WARN;
	if (!unpack->in_member)
		return failed(unpack, error);
	note_name(unpack, entry);
	unpack->written = archive_entry_mtime_is_set(entry) ? archive_entry_mtime(entry) : 0;
	return 1;
}

static int next_bytes(struct unpack *unpack, struct error *error)
{
	const void *bytes;
	size_t n;
	la_int64_t offset;
	int status = archive_read_data_block(unpack->archive, &bytes, &n, &offset);

	if (status == ARCHIVE_EOF)
		unpack->in_member = false;
	else if (status == ARCHIVE_OK || status == ARCHIVE_WARN)
		unpack->left = (struct text){ bytes, n };
	else if (status != ARCHIVE_RETRY)
		return failed(unpack, error);
	if (unpack->at_start && unpack->left.n) {
		unpack->at_start = false;
		if (*unpack->member && !unpack->packed_is_fine && archive_claims(unpack->left)) {
			error_set(error, _("'%s' holds '%s', which is compressed itself: give the file by its name"),
				  unpack->raw->name, unpack->member);
			return -1;
		}
	}
	return 1;
}

static ssize_t unpack_fill(void *context, char *to, size_t room, struct error *error)
{
	struct unpack *unpack = context;
	size_t n;
	int more;

	while (unpack->left.n == 0) {
		if (unpack->in_member) {
			more = next_bytes(unpack, error);
		} else {
			more = next_member(unpack, error);
			if (more > 0 && unpack->last != '\n')
				unpack->left = TEXT("\n"); /* no line goes on in the next member */
		}
		if (more <= 0)
			return more;
	}
	n = unpack->left.n < room ? unpack->left.n : room;
	memcpy(to, unpack->left.p, n);
	unpack->last = to[n - 1];
	unpack->left = text_after(unpack->left, n);
	return (ssize_t)n;
}

static void unpack_end(void *context)
{
	struct unpack *unpack = context;

	archive_read_free(unpack->archive);
	gunzip_free(unpack->gunzip);
}

static void unpack_interrupt(void *context)
{
	raw_interrupt(((struct unpack *)context)->raw);
}

static const struct pump_work unpack_work = {
	.least = 1,
	.begin = unpack_begin,
	.fill = unpack_fill,
	.end = unpack_end,
	.interrupt = unpack_interrupt,
};

static struct unpack *unpack_new(struct raw *raw)
{
	struct unpack *unpack = memory_zero(1, sizeof *unpack);

	unpack->raw = raw;
	unpack->last = '\n';
	unpack->archive = archive_read_new();
	if (text_starts(raw->head, magics[0].bytes))
		unpack->gunzip = gunzip_new(raw);
	return unpack;
}

struct source *source_archive(struct raw *raw, struct error *error)
{
	struct unpack *unpack = unpack_new(raw);

	if (unpack->archive)
		return source_pump(&unpack_work, unpack, error);
	unpack_end(unpack);
	free(unpack);
	error_set(error, _("cannot unpack '%s': %s"), raw->name, strerror(ENOMEM));
	return NULL;
}

/* ---- members */

static bool write_all(int fd, struct text bytes)
{
	while (bytes.n) {
		ssize_t written = write(fd, bytes.p, bytes.n);

		if (written <= 0)
			return false;
		bytes = text_after(bytes, (size_t)written);
	}
	return true;
}

/* the whole member; -1 also where there is no more room. A damaged archive leaves what can be had of it. */
static int copy_member(struct unpack *unpack, struct input_member *member, struct error *error)
{
	while (unpack->in_member) {
		unpack->left = TEXT_NONE;
		if (next_bytes(unpack, error) < 0)
			return -1;
		member->bytes += unpack->left.n;
		unpack->unpacked += unpack->left.n;
		if (unpack->unpacked > INPUT_UNPACKED_MAX) {
			error_set(error, _("cannot unpack '%s': it holds more than %d GiB"), unpack->raw->name,
				  (int)(INPUT_UNPACKED_MAX >> 30));
			return -1;
		}
		if (!write_all(member->fd, unpack->left)) {
			error_set(error, _("cannot unpack '%s': %s"), unpack->raw->name, strerror(errno));
			return -1;
		}
	}
	return 1;
}

static int take_member(struct unpack *unpack, bool (*take)(void *context, const struct input_member *member),
		       void *context, struct error *error)
{
	struct input_member member = { .name = unpack->member, .fd = temporary_file() };
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, { .tv_sec = unpack->written } };
	int done;

	if (member.fd < 0) {
		error_set(error, _("cannot unpack '%s': %s"), unpack->raw->name, strerror(errno));
		return -1;
	}
	done = copy_member(unpack, &member, error);
	if (unpack->written) /* the year of its lines is told by its age */
		(void)futimens(member.fd, times);
	if (!member.bytes)
		close(member.fd);
	else if (!take(context, &member))
		return 0;
	return done;
}

static int take_members(struct unpack *unpack, bool (*take)(void *context, const struct input_member *member),
			void *context, struct error *error)
{
	int more = 1;
	bool any = false;

	unpack->packed_is_fine = true;
	if (!unpack->archive || !unpack_begin(unpack, NULL, error))
		return 0; /* whoever opens it will say why */
	while (more > 0 && (more = next_member(unpack, error)) > 0) {
		if (!*unpack->member)
			return 0;
		any = true;
		more = take_member(unpack, take, context, error);
	}
	return more < 0 && any ? -1 : any;
}

int input_members(const char *path, bool (*take)(void *context, const struct input_member *member), void *context,
		  struct error *error)
{
	struct raw raw = { .fd = -1, .wake = -1 };
	struct unpack *unpack = NULL;
	int taken = 0;

	if (raw_open(&raw, path, error) && archive_claims(raw.head)) {
		unpack = unpack_new(&raw);
		taken = take_members(unpack, take, context, error);
		unpack_end(unpack);
		free(unpack);
	}
	raw_close(&raw);
	return taken;
}
