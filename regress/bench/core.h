/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The made-up dumps that the reader is measured with: mkcore makes them,
 * reader knows what is in them.  They are amd64 dumps of a machine that has
 * CORE_SPREAD times as much memory as is dumped.  Frames are dumped all over
 * memory, one in each CORE_SPREAD, and each page is found by the direct map.
 */

#ifndef _BENCH_CORE_H_
#define	_BENCH_CORE_H_

#include <stdint.h>

#include <sys/minidump.h>

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
 * Pages of the file from the page tables' end on hold bench_word(n % this), n
 * being their number in the file: as many pieces of a compressed dump are made
 * once and used again.
 */
#define	CORE_PIECES	64
#define	CORE_PIECEPAGES	(MINIDUMP_GZ_PLAIN / PGSIZE)
#define	CORE_CYCLE	(CORE_PIECES * CORE_PIECEPAGES)

/* The frame that dumped page i is. */
static inline uint64_t
core_frame(uint64_t i)
{

	return (i * CORE_SPREAD + bench_mix(i) % CORE_SPREAD);
}

/* Bytes of the bitmap. */
static inline uint64_t
core_bitmapsize(uint64_t npages)
{

	return ((npages * CORE_SPREAD / 8 + 7) & ~(uint64_t)7);
}

/* The first page of the file that is a dumped one. */
static inline uint64_t
core_first(uint64_t npages)
{

	return ((PGSIZE + CORE_MSGBUFSIZE + CORE_PTESIZE +
	    core_bitmapsize(npages) + PGSIZE - 1) / PGSIZE);
}

#endif /* !_BENCH_CORE_H_ */
