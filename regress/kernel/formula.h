/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the stand-in kernel and the program that checks its dumps must agree
 * on: what is in a page of known contents, and how the other pages are summed.
 */

#ifndef _FORMULA_H_
#define	_FORMULA_H_

/* The 8 bytes at physical address "pa", a multiple of 8, of a filled page. */
static inline uint64_t
formula(uint64_t pa)
{
	uint64_t x;

	x = pa * 0x9e3779b97f4a7c15ULL + 0x2545f4914f6cdd1dULL;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ULL;
	return (x ^ (x >> 32));
}

/* The sum of a page of 512 such words. */
static inline uint64_t
page_sum(const uint64_t *word)
{
	uint64_t sum;
	int i;

	sum = 0xcbf29ce484222325ULL;
	for (i = 0; i < 512; i++)
		sum = (sum ^ word[i]) * 0x100000001b3ULL;
	return (sum ^ (sum >> 32));
}

#endif /* !_FORMULA_H_ */
