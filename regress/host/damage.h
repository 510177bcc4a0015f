/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Page tables that a crash has overwritten, and what is true of a dump no
 * matter what was overwritten.
 */

#ifndef _DAMAGE_H_
#define	_DAMAGE_H_

#include "model.h"

/*
 * Overwrite "n" entries of directories and tables, or the pointer to the
 * directories; some are hit twice.  Then set the pieces to what the directories
 * lead to.  damage_undo() restores everything but the pieces.
 */
#define	MAXDAMAGES	16
void	damage_some(struct layout *l, unsigned n);
void	damage_undo(struct layout *l);

/* Find the pieces and directories that the present tables lead to. */
void	damage_walk(struct layout *l);

/* Return whether directories or tables are where the dump code writes. */
int	damage_moves(const struct layout *l);

/*
 * Return whether this word, of ESIZE bytes, was damaged; "pa" is 0 for the
 * pointer to the directories.
 */
int	damage_hit(uint64_t pa);

/*
 * Check a plain dump of a layout, given as it was before any damage.  The dump
 * is well formed, has no page that is not memory or is the compressor's, has
 * every page that was added or that an untouched entry maps through untouched
 * tables, and every untouched word of these.  "touched" is called for words.
 * Returns NULL or what is wrong.
 */
const char *damage_check(const struct layout *before, int (*touched)
	    (uint64_t pa), const unsigned char *dump, uint64_t length);

#endif /* !_DAMAGE_H_ */
