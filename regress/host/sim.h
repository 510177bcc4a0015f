/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine: sparse physical memory, the dump device and the
 * console.  It knows nothing of dumps; actions that are forbidden on any
 * machine are recorded in sim_error.
 */

#ifndef _SIM_H_
#define	_SIM_H_

#include <stddef.h>
#include <stdint.h>

#include "kern.h"
#include "machine.h"

#define	DEV_BLOCK	512
#define	NITEMS(a)	(sizeof(a) / sizeof((a)[0]))

/* The first forbidden action; empty if there was none. */
extern char sim_error[256];
void	sim_fail(const char *fmt, ...)
	    __attribute__((format(printf, 1, 2)));

/*
 * Memory.  A frame has a physical address and a number; numbers count the
 * frames of all ranges in ascending order.  Ranges are added in that order.
 */
#define	MAXFRAMES	4096

void	mem_reset(void);
void	mem_add(uint64_t start, uint64_t end);
int	mem_count(void);
int	mem_frame(uint64_t pa);			/* -1: there is no memory */
uint64_t mem_pa(int frame);
uint64_t mem_edge(uint64_t pa);	/* the page before or after its range */

/*
 * A range without numbers, for a machine with more memory than is possible
 * here: all of its frames are the same one.
 */
void	mem_huge(uint64_t start, uint64_t end);

/* Read memory, at most to the end of a page. */
void	mem_read(uint64_t pa, void *buf, size_t len);
void	mem_write(uint64_t pa, const void *buf, size_t len);

/*
 * Page table entries are stored scrambled, so that a table makes no sense
 * unless it is read with pte_load().
 */
uint64_t mem_entry(uint64_t table, unsigned i);
void	mem_set_entry(uint64_t table, unsigned i, uint64_t entry);

/* What the kernel maps permanently at boot: two bitmaps, and the arena. */
struct boot {
	uint64_t	start;		/* physical */
	uint64_t	end;
	unsigned char	*mem;
	size_t		bitmap;		/* bytes of each */
};
extern struct boot boot;

/* Return whether the page at "pa" is part of this bitmap, */
int	mem_live_bitmap(uint64_t pa);
int	mem_frozen_bitmap(uint64_t pa);

/* or of the compressor's memory. */
int	mem_arena(uint64_t pa);

/*
 * Changes that other CPUs make to memory during a dump, in words of ESIZE
 * bytes.  With CHANGE_READ, each word changes when pte_load() has read it for
 * the first time.  With CHANGE_RUN, changes happen at random calls of the
 * dumper, or, after the first call, when a frame is mapped.  CHANGE_ANY does
 * not wait for the first call, and includes polls of the console.
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

/* Called before one pte_load() in many; does not call itself. */
extern void (*mem_hook)(void);

/* Frames mapped and entries read by the dump code, since sim_dump(). */
extern uint64_t mem_maps, mem_loads;

/*
 * The device, from mediaoffset for mediasize bytes, of which the last "len"
 * bytes are kept.  "mem" is what a reader gets; "medium" is what survives a
 * power failure: writes reach it with a flush.
 */
struct device {
	long long	mediaoffset;
	long long	mediasize;
	unsigned	blocksize;	/* writes are cut to whole blocks */
	size_t		len;
	unsigned char	*mem;
	unsigned char	*medium;
	size_t		pending;	/* they are equal up to here */

	/* What it will do; calls and polls are counted from 1. */
	unsigned	fail_call;	/* 0: none */
	int		fail_errno;
	int		fail_late;	/* the data is written anyway */
	int		fail_on;	/* all later calls fail, too */
	int		sink;		/* other data may be written, too */
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

/*
 * Return memory of at least "len" bytes, to be reused; its contents are lost.
 */
void	*sim_grow(void *mem, size_t *size, size_t len);

/* All that was printed. */
#define	CONSOLE_SIZE	16384
extern char console[CONSOLE_SIZE];

/* Dump, as the kernel does. */
void	sim_dump(void);

/* Random numbers; the same for the same seed. */
void	rnd_seed(uint64_t seed);
uint64_t rnd(void);
uint64_t rnd_below(uint64_t n);		/* 0 if n is 0 */
int	chance(unsigned percent);
void	rnd_fill(void *buf, size_t len);	/* whole uint64_t */

#endif /* !_SIM_H_ */
