/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/memory.h"
#include "store/blocks.h"

#define KIND "sekishoT"

enum { MANY = 3 * BLOCKS_BYTES / 12 }; /* numbers of twelve bytes, so that they lie across blocks */

static struct blocks_out *out;
static struct blocks_in *in;
static int fd;

static int begin(void **state)
{
	out = memory_zero(1, sizeof *out);
	in = memory_zero(1, sizeof *in);
	fd = memfd_create("blocks", MFD_CLOEXEC);
	return fd < 0;
}

static int end(void **state)
{
	close(fd);
	free(out);
	free(in);
	return 0;
}

static void write_numbers(unsigned count)
{
	assert_true(blocks_begin(out, fd, KIND));
	for (unsigned i = 0; i < count; i++) {
		unsigned number[3] = { i, ~i, i * 7 };

		assert_true(blocks_put(out, number, sizeof number));
	}
	assert_true(blocks_flush(out, true));
}

static void what_was_put_is_got(void **state)
{
	unsigned number[3];

	write_numbers(MANY);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	assert_true(blocks_are_whole(in));
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	for (unsigned i = 0; i < MANY; i++) {
		assert_true(blocks_get(in, number, sizeof number));
		assert_true(number[0] == i && number[1] == ~i && number[2] == i * 7);
	}
	assert_false(blocks_get(in, number, 1));
}

static void nothing_can_be_put(void **state)
{
	write_numbers(0);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	assert_true(blocks_are_whole(in));
}

/* wherever it ends, it is known to */
static void every_cut_is_seen(void **state)
{
	off_t size;

	write_numbers(20);
	size = lseek(fd, 0, SEEK_END);
	for (off_t cut = size - 1; cut >= 0; cut--) {
		assert_int_equal(ftruncate(fd, cut), 0);
		if (blocks_open(in, fd, KIND) == BLOCKS_WHOLE)
			assert_false(blocks_are_whole(in));
	}
}

/* whichever bit is another, what was there is not got, and no byte beyond it is touched */
static void every_change_is_seen(void **state)
{
	off_t size;

	write_numbers(20);
	size = lseek(fd, 0, SEEK_END);
	for (off_t at = 0; at < size; at++) {
		unsigned char byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		for (unsigned bit = 0; bit < 8; bit++) {
			unsigned char other = (unsigned char)(byte ^ 1u << bit);

			assert_int_equal(pwrite(fd, &other, 1, at), 1);
			if (blocks_open(in, fd, KIND) == BLOCKS_WHOLE && at != 8) /* an older version would be read */
				assert_false(blocks_are_whole(in));
		}
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	assert_true(blocks_open(in, fd, KIND) == BLOCKS_WHOLE && blocks_are_whole(in));
}

static void kinds_and_versions_are_told_apart(void **state)
{
	uint32_t version = 2, order = 0x04030201;

	write_numbers(3);
	assert_int_equal(blocks_open(in, fd, "sekishoX"), BLOCKS_DAMAGED);
	assert_int_equal(pwrite(fd, &version, 4, 8), 4);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_OTHER_VERSION);
	version = 1;
	assert_int_equal(pwrite(fd, &version, 4, 8), 4);
	assert_int_equal(pwrite(fd, &order, 4, 12), 4);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_OTHER_VERSION);
	assert_int_equal(ftruncate(fd, 0), 0);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_DAMAGED);
}

/* blocks of another file, or of another place, are none */
static void blocks_cannot_change_places(void **state)
{
	char first[64], second[64];
	size_t n = sizeof(struct block_head) + 8;

	assert_true(blocks_begin(out, fd, KIND));
	for (unsigned i = 0; i < 2; i++) {
		memset(blocks_room(out, 8), 'a', 8);
		assert_true(blocks_flush(out, i));
	}
	assert_int_equal(pread(fd, first, n, 16), n);
	assert_int_equal(pread(fd, second, n, 16 + (off_t)n), n);
	assert_int_equal(pwrite(fd, second, n, 16) + pwrite(fd, first, n, 16 + (off_t)n), 2 * n);
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	assert_false(blocks_next(in));
}

static void rooms_lie_in_one_block_each(void **state)
{
	size_t sizes[] = { 1, 7, 8, 1000, BLOCKS_BYTES - 1100, 200, BLOCKS_BYTES, 3 }, count = 0;

	assert_true(blocks_begin(out, fd, KIND));
	for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
		char *room = blocks_room(out, sizes[i]);

		assert_non_null(room);
		assert_int_equal((uintptr_t)room % 8, 0);
		memset(room, 'a' + (int)i, sizes[i]);
	}
	assert_null(blocks_room(out, BLOCKS_BYTES + 1));
	assert_true(blocks_flush(out, false));
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	while (blocks_next(in))
		count++;
	assert_int_equal(count, 4);
	assert_false(in->last);
}

/* a block that cannot be written stays, and is written when it can be */
static void block_that_is_stuck_waits(void **state)
{
	int closed = -1;
	size_t used;

	assert_true(blocks_begin(out, fd, KIND));
	memset(blocks_room(out, BLOCKS_BYTES - 64), 'a', BLOCKS_BYTES - 64);
	out->fd = closed;
	used = out->used;
	assert_null(blocks_room(out, 128));
	assert_true(out->stuck && out->used == used);
	assert_null(blocks_room(out, 128));
	assert_non_null(blocks_room(out, 8));
	assert_false(blocks_flush(out, false));
	assert_int_equal(errno, EBADF);
	out->fd = fd;
	assert_null(blocks_room(out, 128)); /* only a flush tries again */
	assert_true(blocks_flush(out, true));
	assert_non_null(blocks_room(out, 128));
	assert_int_equal(blocks_open(in, fd, KIND), BLOCKS_WHOLE);
	assert_true(blocks_are_whole(in));
	assert_int_equal(in->filled, BLOCKS_BYTES - 64 + 8);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_put_is_got),
		TEST(nothing_can_be_put),
		TEST(every_cut_is_seen),
		TEST(every_change_is_seen),
		TEST(kinds_and_versions_are_told_apart),
		TEST(blocks_cannot_change_places),
		TEST(rooms_lie_in_one_block_each),
		TEST(block_that_is_stuck_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
