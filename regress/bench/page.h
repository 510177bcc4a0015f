/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The contents of the pages of measured dumps: the stand-in kernel fills its
 * memory with them, and mkcore its files.
 *
 * Compression is measured with these bytes, so they compress as the dumps of
 * idle 6.2 kernels do, page by page: a third of the pages is zero, most are
 * arrays of structures like vm_page's, which shrink to 600 bytes, and some are
 * like code, which shrinks to half.
 */

#ifndef _BENCH_PAGE_H_
#define	_BENCH_PAGE_H_

/* Mix the bits of a number. */
static inline uint64_t
bench_mix(uint64_t x)
{

	x *= 0x9e3779b97f4a7c15ULL;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ULL;
	return (x ^ (x >> 32));
}

/* Words of a structure, and how many in a row belong to one object. */
#define	BENCH_STRUCT	15
#define	BENCH_OBJECT	23

/* Word i, 0 <= i < 512, of page n. */
static inline uint64_t
bench_word(uint64_t n, unsigned int i)
{
	uint64_t at, object;

	if (n % 16 < 5)
		return (0);
	if (n % 16 == 15)
		return (bench_mix(n * 512 + i) & 0x0f0f0f0f0f0f0f0fULL);
	at = n * 512 + i;
	i = at % BENCH_STRUCT;
	at /= BENCH_STRUCT;
	object = bench_mix(at / BENCH_OBJECT);
	switch (i) {
	case 0:			/* the next one, and the pointer to this */
	case 1:
		return (0xffffff0001000000ULL +
		    (at + 1 - 2 * i) * BENCH_STRUCT * 8);
	case 4:			/* its object, and its index there ... */
		return (0xffffff0002000000ULL + (object & 0xffff) * 256);
	case 5:
		return (at % BENCH_OBJECT);
	case 6:			/* its address, and its number of mappings */
		return ((at + (object & 0xff)) << 12);
	case 9:
		return (bench_mix(at) % 8 == 0);
	case 11:
		return (0x0001000100000000ULL | (object & 3) << 8);
	case 13:
		return (0xff);
	}
	return (0);
}

#endif /* !_BENCH_PAGE_H_ */
