/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Shared by the stand-in kernel and the program that checks its dumps: the
 * known contents of pages, and how other pages are summed.
 */

#ifndef _FORMULA_H_
#define	_FORMULA_H_

/*
 * The 8 bytes at physical address "pa", a multiple of 8, of a filled page,
 * which cannot be compressed.
 */
static inline uint64_t
formula(uint64_t pa)
{
	uint64_t x;

	x = pa * 0x9e3779b97f4a7c15ULL + 0x2545f4914f6cdd1dULL;
	x ^= x >> 29;
	x *= 0xbf58476d1ce4e5b9ULL;
	return (x ^ (x >> 32));
}

/*
 * The same for a page of text, which can be compressed: lines of 64 bytes that
 * begin with the numbers of the page and of the line.
 */
static inline uint64_t
formula_text(uint64_t pa)
{
	static const char line[] = "........ ......| "
	    "a fool and his memory are soon dumped to disk\n\n";
	uint64_t n, word;
	int c, i, at;

	at = pa % 64;
	n = at == 0 ? pa >> 12 : pa >> 6 & 63;
	word = 0;
	for (i = 7; i >= 0; i--) {
		c = line[at + i];
		if (c == '.') {
			c = "0123456789abcdef"[n & 15];
			n >>= 4;
		}
		word = word << 8 | (uint8_t)c;
	}
	return (word);
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
