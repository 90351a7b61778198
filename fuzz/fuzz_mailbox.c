/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a file of mails: each mail is shorter than the file, together they are no longer than it, and reading ends. */
#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

#include "intake/mailbox.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct mailbox *mailbox;
	int fd = memfd_create("mails", MFD_CLOEXEC);
	uint64_t mails = 0, bytes = 0, number;
	struct error error;
	struct text mail;
	char path[64];
	int got;

	if (!mailbox)
		mailbox = mailbox_new();
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	if (mailbox_open(mailbox, path, false, &error)) {
		while ((got = mailbox_next(mailbox, &mail, &number, &error)) > 0) {
			assert(number == 0 || number == mails + 1);
			assert(mail.n <= MAILBOX_MAIL_MAX + (64 << 10));
			mails++;
			bytes += mail.n;
		}
		assert(mailbox_next(mailbox, &mail, &number, &error) == 0);
		assert(got < 0 || mails);
		assert(bytes <= size || size < 8 || data[0] == 0x1f || data[0] == 'B' || data[0] == 0xfd || data[0] == 0x28); /* packed */
	}
	close(fd);
	return 0;
}
