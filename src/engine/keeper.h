/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps what the engine and the guard know over a restart: a picture of everything (`memory.N`), and a journal of the events
 * since (`journal.N`), which are judged again at the next start. After kill -9 what is lost is what was heard since the last
 * keeper_flush; after a power cut, also what the kernel had not written yet. Locks and held mail do not depend on it (store/desk.h).
 *
 * A picture is made by a forked child that writes it, syncs it and gives it its name, while the parent goes on; events
 * from then on go into the next journal. The old pair is deleted when the new one is whole. A picture that is cut off or
 * damaged (a checksum by section) is never used: the one before is, if it is there, else it begins with nothing and says so.
 *
 * Sections carry their name, the version, and the size of their records: a picture of an older version is read, with what
 * it did not have left empty; one of a newer version is refused with a sentence. */
#ifndef SEKISHO_ENGINE_KEEPER_H
#define SEKISHO_ENGINE_KEEPER_H
#include "base/error.h"
#include "engine/guard.h"

struct keeper;

enum { KEEPER_MARK_MAX = 400, KEEPER_MARKS = 32 };

/* Fills accounts, engine and guard, which are new and empty, from the folder. *first: nothing was there. */
struct keeper *keeper_open(const char *folder, struct accounts *accounts, struct engine *engine, struct guard *guard,
			   bool *first, struct error *error) __attribute__((warn_unused_result));
/* makes a last picture, waits for it */
void keeper_close(struct keeper *keeper);

/* before guard_event is told of it; `id` as there. Copied into a buffer. */
void keeper_event(struct keeper *keeper, const struct event *event, struct text id);
/* a short text that belongs to everything told so far: where a log was left. Of a name the last counts. */
void keeper_mark(struct keeper *keeper, struct text name, struct text value);
/* what was marked last, also before the restart; empty for none */
struct text keeper_marked(const struct keeper *keeper, struct text name);
/* hands the buffer to the kernel; once a second. A disk that is full is tried again; what does not fit into
 * the buffer meanwhile is left out, and a picture made as soon as there is room. */
bool keeper_flush(struct keeper *keeper, struct error *error) __attribute__((warn_unused_result));
/* is a picture due? After ten minutes, or 64 MiB of journal. */
bool keeper_is_due(const struct keeper *keeper, int64_t now_us);
bool keeper_begin_picture(struct keeper *keeper, int64_t now_us, struct error *error) __attribute__((warn_unused_result));
/* to be called when a child ended, or each second: true when a picture is being made still */
bool keeper_picture_runs(struct keeper *keeper, struct error *error);
#endif
