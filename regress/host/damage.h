/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Page tables that a crash has overwritten, and what holds of a dump whatever
 * was overwritten.
 */

#ifndef _DAMAGE_H_
#define	_DAMAGE_H_

#include "model.h"

/*
 * Overwrite "n" entries of directories and tables, or what tells where the
 * directories are; some are hit twice.  Then the pieces are what the
 * directories lead to.  damage_undo() makes all as it was, but for the pieces.
 */
#define	MAXDAMAGES	16
void	damage_some(struct layout *l, unsigned n);
void	damage_undo(struct layout *l);

/* The pieces and directories that the tables as they are lead to. */
void	damage_walk(struct layout *l);

/* Do the directories or tables lie where the dump code writes? */
int	damage_moves(const struct layout *l);

/* Was this word, of ESIZE bytes, damaged?  It is 0 for the way to them. */
int	damage_hit(uint64_t pa);

/*
 * Check a plain dump of a layout, as it was before anything happened to it:
 * well formed, no page that is no memory or the compressor's, every page that
 * is added or that an untouched entry maps, by a way that is untouched, and
 * every untouched word of them.  "touched" is asked of words.  Returns NULL or
 * what is wrong.
 */
const char *damage_check(const struct layout *before, int (*touched)
	    (uint64_t pa), const unsigned char *dump, uint64_t length);

#endif /* !_DAMAGE_H_ */
