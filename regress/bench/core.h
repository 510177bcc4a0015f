/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The synthetic dumps for measuring the reader: mkcore makes them, and reader
 * knows their contents.  They are amd64 dumps of a machine with CORE_SPREAD
 * times as much memory as is dumped.  One run of frames in each CORE_SPREAD is
 * dumped, all over memory, and each page is found through the direct map.  The
 * number of pages is a multiple of the run's.
 */

#ifndef _BENCH_CORE_H_
#define	_BENCH_CORE_H_

#include <stdint.h>

#include <sys/minidump.h>

#include <kern/minidump_amd64.h>

#include "page.h"

#define	PGSIZE		MINIDUMP_PAGE_SIZE
#define	PGWORDS		(PGSIZE / sizeof(uint64_t))
#define	CORE_SPREAD	32
#define	CORE_KERNBASE	0xffffffff80000000ULL
#define	CORE_DMAPBASE	0xffffff0000000000ULL
#define	CORE_DMAPEND	0xffffff8000000000ULL
#define	CORE_MSGBUFSIZE	PGSIZE
#define	CORE_PTESIZE	PGSIZE

/*
 * Pages of the file from the end of the page tables on have bench_word(n %
 * this), where n is their number in the file: that many members of a compressed
 * dump are made once and reused.
 */
#define	CORE_PIECES	64
#define	CORE_PIECEPAGES	(MINIDUMP_GZ_PLAIN / PGSIZE)
#define	CORE_CYCLE	(CORE_PIECES * CORE_PIECEPAGES)

/* The frame of dumped page i: "run" of them are side by side. */
static inline uint64_t
core_frame(uint64_t i, uint64_t run)
{

	return ((i / run * CORE_SPREAD + bench_mix(i / run) % CORE_SPREAD) *
	    run + i % run);
}

/* Bytes of the bitmap. */
static inline uint64_t
core_bitmapsize(uint64_t npages)
{

	return ((npages * CORE_SPREAD / 8 + 7) & ~(uint64_t)7);
}

/* The first dumped page in the file. */
static inline uint64_t
core_first(uint64_t npages)
{

	return ((PGSIZE + CORE_MSGBUFSIZE + CORE_PTESIZE +
	    core_bitmapsize(npages) + PGSIZE - 1) / PGSIZE);
}

#endif /* !_BENCH_CORE_H_ */
