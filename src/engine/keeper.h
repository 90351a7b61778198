/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what the engine and the guard know over a restart: a picture of everything (`memory.N`), and a journal of the events
 * since (`journal.N`), which are judged again at the next start. After kill -9 what is lost is what was heard since the last
 * keeper_flush; after a power cut, also what the kernel had not written yet. Locks and held mail do not depend on it (store/desk.h).
 *
 * A picture is made by a forked child that writes it, syncs it and gives it its name, while the parent goes on; events
 * from then on go into the next journal. The old pair is deleted when the new one is whole. A picture that is cut off or
 * damaged (a checksum by block) is never used: the one before is, if it is there, else it begins with nothing and says so.
 *
 * Sections carry their name, the version, and the size of their records (base/image.h): a picture of an older version is
 * read, with what it did not have left empty; one of a newer version is refused with a sentence.
 *
 * One process has the folder at a time; who comes while another has it waits for up to KEEPER_WAIT_US, for somebody may be acting in
 * the daemon's stead (gate/deputy.h). The keeper owns neither accounts nor engine nor guard; all outlive it. */
#ifndef SEKISHO_ENGINE_KEEPER_H
#define SEKISHO_ENGINE_KEEPER_H
#include "base/error.h"
#include "engine/guard.h"

struct keeper;

enum { KEEPER_MARK_MAX = 400, KEEPER_MARKS = 32, KEEPER_JOURNAL_BYTES = 64 * 1024 * 1024 };
#define KEEPER_PICTURE_US (10 * MINUTE_US)
#define KEEPER_WAIT_US (15 * SECOND_US)

/* The folder alone, which has to be there, for who acts in the daemon's stead: a descriptor, to be closed when it is done. -1 with
 * the reason in *error; *busy: another process has it. */
int keeper_take_folder(const char *folder, bool *busy, struct error *error) __attribute__((warn_unused_result));

/* Fills accounts, engine and guard, which are new and empty, from the folder, which is made where it is not there. *first:
 * nothing was there that could be used. Fails where another process has the folder, or a newer version wrote it. */
struct keeper *keeper_open(const char *folder, struct accounts *accounts, struct engine *engine, struct guard *guard,
			   bool *first, struct error *error) __attribute__((warn_unused_result));
/* makes a last picture, waits for it */
void keeper_close(struct keeper *keeper);
/* what of the folder could not be used when it was opened: a sentence; NULL: all could */
const char *keeper_lost(const struct keeper *keeper);

/* before guard_event is told of it, ticks too; `id` as there. Copied into a buffer. */
void keeper_event(struct keeper *keeper, const struct event *event, struct text id);
/* before guard_lift */
void keeper_lift(struct keeper *keeper, uint32_t account);
/* a short text that belongs to everything told so far: where a log was left. Of a name the last counts. Of more than
 * KEEPER_MARKS names one that was marked long ago is forgotten; what is longer than KEEPER_MARK_MAX is not taken. */
void keeper_mark(struct keeper *keeper, struct text name, struct text value);
/* what was marked last, also before the restart; empty for none. Good until the next mark. */
struct text keeper_marked(const struct keeper *keeper, struct text name);
/* hands the buffer to the kernel; once a second. A disk that is full is tried again; what does not fit into
 * the buffer meanwhile is left out, and a picture made as soon as there is room. */
bool keeper_flush(struct keeper *keeper, struct error *error) __attribute__((warn_unused_result));
/* is a picture due? After KEEPER_PICTURE_US, or KEEPER_JOURNAL_BYTES of journal; one that failed is tried again after a minute. */
bool keeper_is_due(const struct keeper *keeper, int64_t now_us);
bool keeper_begin_picture(struct keeper *keeper, int64_t now_us, struct error *error) __attribute__((warn_unused_result));
/* to be called when a child ended, or each second: true when a picture is being made still. false, with a sentence in *error,
 * once for each picture that could not be made. */
bool keeper_picture_runs(struct keeper *keeper, struct error *error);
#endif
