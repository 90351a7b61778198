/* SPDX-License-Identifier: Apache-2.0 */
/* gzip (RFC 1952), by zlib. libarchive reads it too, but throws away up to 64 KiB of good text in front of the
 * place where a file is cut off: all of a small log. This hands out every byte there is. */
#include <zlib.h>

#include "base/i18n.h"
#include "base/memory.h"
#include "intake/input_source.h"

enum { GUNZIP_READ = 64 * 1024, GZIP_WINDOW = 15 + 16 /* zlib's way to ask for gzip */ };

struct gunzip {
	struct raw *raw;
	z_stream z;
	bool between; /* members: files put behind one another are one */
	Bytef bytes[GUNZIP_READ];
};

struct gunzip *gunzip_new(struct raw *raw)
{
	struct gunzip *gunzip = memory_zero(1, sizeof *gunzip);

	gunzip->raw = raw;
	if (inflateInit2(&gunzip->z, GZIP_WINDOW) == Z_OK)
		return gunzip;
	free(gunzip);
	return NULL;
}

void gunzip_free(struct gunzip *gunzip)
{
	if (!gunzip)
		return;
	inflateEnd(&gunzip->z);
	free(gunzip);
}

/* 1 if there is something to inflate */
static int refill(struct gunzip *gunzip, struct error *error)
{
	ssize_t got;

	if (gunzip->z.avail_in)
		return 1;
	got = raw_read(gunzip->raw, (char *)gunzip->bytes, sizeof gunzip->bytes, error);
	if (got <= 0)
		return (int)got;
	gunzip->z.next_in = gunzip->bytes;
	gunzip->z.avail_in = (uInt)got;
	return 1;
}

/* zeros and rubbish behind the last member are no member, as for gzip(1) */
static bool next_member(struct gunzip *gunzip)
{
	gunzip->between = false;
	return gunzip->z.next_in[0] == 0x1f && inflateReset(&gunzip->z) == Z_OK;
}

ssize_t gunzip_read(struct gunzip *gunzip, char *to, size_t room, struct error *error)
{
	z_stream *z = &gunzip->z;
	int status;

	z->next_out = (Bytef *)to;
	z->avail_out = (uInt)room;
	while (z->avail_out == room) {
		int there = refill(gunzip, error);

		if (there < 0 || (there == 0 && gunzip->between))
			return there;
		if (there == 0) {
			error_set(error, _("'%s' is cut off: the end of the gzip data is missing"), gunzip->raw->name);
			return -1;
		}
		if (gunzip->between && !next_member(gunzip))
			return 0;
		status = inflate(z, Z_NO_FLUSH);
		gunzip->between = status == Z_STREAM_END;
		if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR && z->avail_out == room) {
			error_set(error, _("'%s' is damaged: %s"), gunzip->raw->name, z->msg ? z->msg : zError(status));
			return -1;
		}
	}
	return (ssize_t)(room - z->avail_out);
}
