/* SPDX-License-Identifier: Apache-2.0 */
/* The stages between a file and whole lines; only the input_*.c and journal_*.c files know them.
 *
 *   raw (a descriptor) -> plain | archive in a pump | ... -> [journal text to lines] -> input (cuts lines)
 *
 * A stage keeps one or two blocks of memory and adds bytes *behind* what its user has not used up yet: that
 * rest, mostly half a line, is moved to the room in front of the block, and the new bytes are never copied.
 * The sources own their blocks; the raw file is the input's and outlives them. */
#ifndef SEKISHO_INTAKE_INPUT_SOURCE_H
#define SEKISHO_INTAKE_INPUT_SOURCE_H
#include <stdatomic.h>
#include <sys/types.h>

#include "intake/input.h"

enum {
	SOURCE_BLOCK = 256 * 1024,     /* bytes added at most at a time */
	SOURCE_REST_MAX = 1024 * 1024, /* bytes that a user may leave */
	SOURCE_SNIFF = 512,            /* bytes that tell one kind of file from another */
};

struct block {
	char *memory, *data; /* SOURCE_REST_MAX bytes of room before data, SOURCE_BLOCK behind */
};
void block_init(struct block *block);
void block_done(struct block *block);
/* lays the rest in front of the data */
void block_keep(struct block *block, struct text *rest);

struct source {
	/* 1: bytes were added behind *rest, which may have moved; 0: the end; -1: cannot go on. *rest stays
	 * good in every case, until the next call. Asking again after the end or an error is fine. */
	int (*more)(struct source *source, struct text *rest, struct error *error);
	void (*free)(struct source *source);
	_Atomic uint64_t bad_entries;
};

struct stream {
	struct source *source;
	struct text rest;
};
static inline int stream_more(struct stream *stream, struct error *error)
{
	return stream->source->more(stream->source, &stream->rest, error);
}
static inline void stream_done(struct stream *stream)
{
	if (stream->source)
		stream->source->free(stream->source);
	*stream = (struct stream){ 0 };
}

/* ---- the file itself */
struct raw {
	char *name;        /* for messages */
	int fd, wake;      /* wake becomes readable when a waiting read shall be given up; -1 without */
	bool regular;
	atomic_bool stop;
	uint64_t size;
	_Atomic uint64_t position;
	struct text head;  /* first bytes, for telling what it is */
	size_t head_given; /* of these, what raw_read has given; all of them where they can be read again */
	char head_bytes[SOURCE_SNIFF];
};
bool raw_open(struct raw *raw, const char *path, struct error *error);
void raw_close(struct raw *raw);
/* 0 at the end, -1 on an error */
ssize_t raw_read(struct raw *raw, char *to, size_t room, struct error *error);
/* from another thread: lets a waiting raw_read, and all that follow, fail */
void raw_interrupt(struct raw *raw);

/* ---- gzip, with every byte that a damaged file still yields */
struct gunzip;
struct gunzip *gunzip_new(struct raw *raw);
void gunzip_free(struct gunzip *gunzip);
ssize_t gunzip_read(struct gunzip *gunzip, char *to, size_t room, struct error *error);

/* ---- a thread that works ahead by two blocks. begin, fill and end run in it: fill writes 1 to `room` bytes, or
 * says 0 at the end, -1 on an error; it is called while there is room for `least`. end closes what begin opened,
 * also where begin failed or never ran. The context is given to the pump, which frees it with free(). */
struct pump_work {
	size_t least;
	bool (*begin)(void *context, struct source *source, struct error *error); /* source: to count bad entries */
	ssize_t (*fill)(void *context, char *to, size_t room, struct error *error);
	void (*end)(void *context);
	void (*interrupt)(void *context); /* from the other thread; NULL where fill never waits */
};
/* NULL if begin failed */
struct source *source_pump(const struct pump_work *work, void *context, struct error *error);

/* ---- the sources */
struct source *source_plain(struct raw *raw);
struct source *source_archive(struct raw *raw, struct error *error);
bool archive_claims(struct text head);
/* `path` is copied; NULL: the local journal */
struct source *source_journal(const char *path, int64_t since_us, struct error *error);
bool journal_file_claims(struct text head);
/* these two are told by their first line, and take over the stream they read from */
bool journal_json_claims(struct text line);
bool journal_export_claims(struct text line);
struct source *source_journal_json(struct stream below);
struct source *source_journal_export(struct stream below);
#endif
