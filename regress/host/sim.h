/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine: sparse physical memory, the dump device and the
 * console.  It knows nothing of dumps; what the dump code may never do to a
 * machine it notes in sim_error.
 */

#ifndef _SIM_H_
#define	_SIM_H_

#include <stddef.h>
#include <stdint.h>

#include "kern.h"

#define	PAGE		4096
#define	PGMASK		((uint64_t)PAGE - 1)
#define	DEV_BLOCK	512

/* Bytes of a page table entry, and how many there are in a table. */
#if defined(__i386__) && !defined(PAE)
#define	ESIZE		4
#else
#define	ESIZE		8
#endif
#define	NENTRY		(PAGE / ESIZE)

/* The first thing that should not have happened; empty if nothing did. */
extern char sim_error[256];
void	sim_fail(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/*
 * Memory.  A frame has a physical address and a number; the numbers count the
 * frames of all ranges in rising order.  Ranges are added in that order.
 */
#define	MAXFRAMES	4096

void	mem_reset(void);
void	mem_add(uint64_t start, uint64_t end);
int	mem_count(void);
int	mem_frame(uint64_t pa);			/* -1: there is no memory */
uint64_t mem_pa(int frame);
uint64_t mem_edge(uint64_t pa);	/* the page before or after its range */

/*
 * A range without numbers, for a machine with more memory than there can be:
 * all of its frames are one.
 */
void	mem_huge(uint64_t start, uint64_t end);

/* What is in memory, up to the end of a page. */
void	mem_read(uint64_t pa, void *buf, size_t len);
void	mem_write(uint64_t pa, const void *buf, size_t len);

/*
 * Page table entries lie scrambled in memory, so that a table that is read in
 * any other way than by pte_load() makes no sense.
 */
uint64_t mem_entry(uint64_t table, unsigned i);
void	mem_set_entry(uint64_t table, unsigned i, uint64_t entry);

/* What the kernel mapped for good at boot: two bitmaps, and the arena. */
struct boot {
	uint64_t	start;		/* physical */
	uint64_t	end;
	unsigned char	*mem;
	size_t		bitmap;		/* bytes of each */
};
extern struct boot boot;

/* Is the page at "pa" of a bitmap, and of which? */
int	mem_live_bitmap(uint64_t pa);
int	mem_frozen_bitmap(uint64_t pa);

/* Or of the memory that the compressor works in? */
int	mem_arena(uint64_t pa);

/*
 * What other CPUs do to memory during a dump: words of ESIZE bytes change.
 * With CHANGE_READ each changes when pte_load() has read it for the first
 * time; with CHANGE_RUN, chance decides at which call of the dumper, or, after
 * the first of them, when a frame is mapped.  CHANGE_ANY does not wait for the
 * first, and takes polls of the console as well.
 */
struct change {
	uint64_t	pa;
	uint64_t	old;		/* as it is in memory */
	uint64_t	new;
	unsigned char	*word;		/* the machine's own */
	int		done;
};
enum change_when {
	CHANGE_READ,
	CHANGE_RUN,
	CHANGE_ANY
};
#define	MAXCHANGES	512

void	mem_changes(struct change *c, unsigned n, enum change_when when);
void	mem_no_changes(void);
void	mem_apply(struct change *c, unsigned n, int new);

/* Called before a pte_load(), one in many; does not call itself. */
extern void (*mem_hook)(void);

/* Frames mapped and entries read by the dump code, since sim_dump(). */
extern uint64_t mem_maps, mem_loads;

/*
 * The device, from mediaoffset for mediasize bytes; of it the last "len" bytes
 * are kept.  "mem" is what a reader gets; "medium" what is certain to be there
 * should the power fail: writes reach it with a flush.
 */
struct device {
	long long	mediaoffset;
	long long	mediasize;
	unsigned	blocksize;	/* a write is cut to whole ones */
	size_t		len;
	unsigned char	*mem;
	unsigned char	*medium;
	size_t		pending;	/* they are equal up to here */

	/* What it shall do; calls and polls are counted from 1. */
	unsigned	fail_call;	/* 0: none */
	int		fail_errno;
	int		fail_late;	/* the data gets there all the same */
	int		fail_on;	/* all later calls fail, too */
	int		sink;		/* what is not kept may be written */
	unsigned	key_poll;	/* 0: none */
	int		key;
	void		(*hook)(void);	/* after each call */
	void		(*any_hook)(void);	/* and at polls and mappings */

	/* What was done to it. */
	unsigned	calls;
	unsigned	writes;
	unsigned	flushes;
	unsigned	polls;
	long long	last;		/* offset of the last write */
};
extern struct device dev;

void	dev_init(long long mediaoffset, long long mediasize, size_t len);
void	dev_rearm(void);		/* forget all but the contents */

/* Memory of at least "len" bytes, to be used again; its contents are lost. */
void	*sim_grow(void *mem, size_t *size, size_t len);

/* All that was printed. */
#define	CONSOLE_SIZE	16384
extern char console[CONSOLE_SIZE];

/* Dump, as the kernel does. */
void	sim_dump(void);

/* Random numbers: the same for the same seed. */
void	rnd_seed(uint64_t seed);
uint64_t rnd(void);
uint64_t rnd_below(uint64_t n);		/* 0 if n is 0 */
int	chance(unsigned percent);
void	rnd_fill(void *buf, size_t len);	/* whole uint64_t */

#endif /* !_SIM_H_ */
