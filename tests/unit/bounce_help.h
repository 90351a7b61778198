/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the tests of bounces: the mails of fuzz/corpus/bounce, and what was found in one on a line. */
#ifndef SEKISHO_TESTS_BOUNCE_HELP_H
#define SEKISHO_TESTS_BOUNCE_HELP_H
#include "mail/bounce.h"

enum { BOUNCE_HELP_BYTES_MAX = 1 << 20 };

/* good until the next one; the test fails where there is none */
struct text bounce_mail(const char *name);
/* "taro@example.com<all@example.jp +, jiro@example.com": + where it was reached, ~ where it waits */
void bounce_recipients(const struct bounce *bounce, char *to, size_t size);
#endif
