/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A random layout: the contents of the simulated machine's memory, described as
 * they were made, without using the directories.
 */

#ifndef _LAYOUT_H_
#define	_LAYOUT_H_

#include "sim.h"

/* The kernel's message buffer: a pointer, then six 32-bit words. */
#define	MSGBUF_SIZE	(sizeof(void *) + 24)
#define	MSGBUF_MAGIC	0x063062
#define	MSGBUF_MAX	(16 * 1024 * 1024)

#define	HUGE		((uint64_t)5 << 30)	/* bytes */

/* Properties of a kind of layouts; percentages unless noted. */
struct kind {
	const char	*name;
	unsigned	count;		/* layouts a run */
	unsigned	ranges;		/* of memory: at most */
	unsigned	pieces;		/* that something is in: at most */
	unsigned	high;		/* memory up to MEMBITS */
	unsigned	last;		/* the last but one page there is */
	unsigned	super;		/* a range with a superpage */
	unsigned	alias;		/* a table that another piece uses */
	unsigned	damage;
	unsigned	bad_msgbuf;
	unsigned	bad_end;	/* kernel_vm_end overwritten */
	unsigned	scribble;	/* bitmaps overwritten */
	unsigned	noise;		/* pages that cannot be compressed */
	unsigned	big;		/* but one: pages more, all dumped */
	int		huge;		/* HUGE more, without frame numbers */
};

enum piece_is {
	PIECE_NONE,
	PIECE_LOST,		/* a directory on the way is not memory */
	PIECE_TABLE,		/* "pa" is not memory if damaged */
	PIECE_SUPER
};

struct piece {
	enum piece_is	is;
	uint64_t	pa;
	int		own;		/* a table that no other piece has */
};

struct layout {
	uint64_t	seed;
	struct kern_vars vars;
	unsigned	npieces;	/* up to kernel_vm_end */
	struct piece	piece[MAXPIECES];
	uint64_t	dir[DIRS + NPD - 1];	/* directories on the way */
	unsigned	ndirs;
	uint64_t	pd[NPD];	/* those with the entries of pieces */
	int		reached;	/* can these be reached? */
	uint64_t	bitmaps;	/* where they and the arena begin, */
	uint64_t	bitmaps_end;	/* and end */
	unsigned char	used[MAXFRAMES];	/* not for random data */
	unsigned char	added[MAXFRAMES];	/* by dump_add_page() */

	/* Changes by other CPUs during the dump, and the pieces after them. */
	struct change	change[MAXCHANGES];
	unsigned	nchanges;
	struct piece	after[MAXPIECES];
	int		lose_root;
};

/* Make the layout of this kind and seed, up to a running kernel. */
void	layout_make(struct layout *l, const struct kind *kind, uint64_t seed);

/* Call dump_add_page() and dump_drop_page() at random. */
void	layout_touch(struct layout *l, unsigned calls);

/*
 * Choose changes, and make "after".  With "contents", pages of data change as
 * well as entries.
 */
void	layout_changes(struct layout *l, int contents);

/* Physical address of the directory entry of piece n. */
uint64_t layout_pde(const struct layout *l, unsigned n);

/* Return the address of a page that is not memory, or that is. */
uint64_t random_hole(void);
uint64_t random_memory(void);

#endif /* !_LAYOUT_H_ */
