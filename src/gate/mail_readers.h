/* SPDX-License-Identifier: Apache-2.0 */
/* Mails that are to be understood, each read by a program of its own, `sekisho inspect`, which is killed after
 * MAIL_READERS_PATIENCE_US: mails are hostile, and nothing that one does to its reader touches the gate. It is waited for on a thread of
 * libuv's pool, MAIL_READERS_AT_ONCE at a time; the others wait in line. Of what came back it tells the gate facts over the control socket
 * (--tell); of what somebody here sends it names the signs of phishing (--phishing) to whoever asked.
 *
 * Some wait for the outcome, and keep the mail meanwhile; of others a copy is kept here, MAIL_READERS_KEPT_MAX and
 * MAIL_READERS_KEPT_BYTES of them: more are not read, which the log says once a minute. Half of that room is for what came back alone. */
#ifndef SEKISHO_GATE_MAIL_READERS_H
#define SEKISHO_GATE_MAIL_READERS_H
#include <uv.h>

#include "base/error.h"
#include "base/text.h"
#include "base/when.h"

enum { MAIL_READERS_AT_ONCE = 2, MAIL_READERS_KEPT_MAX = 2000, MAIL_READERS_KEPT_BYTES = 64 << 20, MAIL_READERS_SAID_MAX = 256 };
#define MAIL_READERS_PATIENCE_US (30 * SECOND_US)

struct mail_readers;

/* `program` absolute; `config_file`: what it reads its settings from, NULL: the usual file. The texts outlive it. */
struct mail_readers *mail_readers_new(uv_loop_t *loop, const char *program, const char *config_file, struct error *error)
	__attribute__((warn_unused_result));
/* Whoever is at work is stopped, and nobody else begins; frees itself once the loop has run. NULL is fine. */
void mail_readers_close(struct mail_readers *readers);

/* `mail` is good until `done` is called; `taken` false: it could not be told now, and is to be tried again */
typedef void mail_read(void *context, bool taken);
struct mail_reading *mail_readers_read(struct mail_readers *readers, struct text mail, mail_read *done, void *context);
/* Nobody waits for it any more. True where it was still in line: it is forgotten, and `done` will not be called. */
bool mail_reading_forget(struct mail_reading *reading);
/* of a copy; nobody is told */
void mail_readers_copy(struct mail_readers *readers, struct text mail);
/* Of a copy of what somebody sends: `said` are the signs by which it is phishing, "link_text_mismatch, brand_name", or empty where it is none;
 * good for the call, which comes once, also when the readers are closed. False where there is no room: it will not come. */
typedef void mail_reported(void *context, struct text said);
bool mail_readers_report(struct mail_readers *readers, struct text mail, mail_reported *done, void *context) __attribute__((warn_unused_result));
#endif
