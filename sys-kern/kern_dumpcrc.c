/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The crc32 of the members of a compressed minidump, almost without tables,
 * which would have to be large to be fast.  kern_dumpgz.c calls this; it
 * compiles anywhere, calls nothing, and its memory is the caller's: the bytes,
 * which are overwritten, and a table of 1 KB for the last of them.
 *
 * The bytes are a polynomial over GF(2), the first bit that of the highest
 * power, and the checksum is what is left of it modulo P, which has degree 32.
 * So any multiple of P can be added (that is xor) to it, and one with few terms
 * is cheap to add.  One is
 *
 *	x^19200 + x^9920 + x^7488 + x^5696 + 1
 *
 * whose exponents are multiples of 64.  Added to the bytes so that its first
 * term meets the first word (of 8 bytes, or of 4) it clears that word, and the
 * four others put a copy of it 9280, 11712, 13504 and 19200 bits further on:
 * whole words, so that nothing is shifted, and it is the same whatever the
 * order of bytes in a word and of bits in a byte is.  So word after word moves
 * to the end of the bytes, for four additions each, until there are fewer than
 * 19200 bits, and these alone take the usual way.  regress/deflate holds that
 * to zlib's crc32().
 */

#ifdef _KERNEL
#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>

#include <machine/endian.h>
#else
#include <sys/types.h>

#include <stdint.h>
#endif

#include <kern/minidump_deflate.h>

/* How many bytes further on: the multiple's terms but the first. */
#define	TERM1		1160
#define	TERM2		1464
#define	TERM3		1688
#define	TERM4		2400

#define	WORD		sizeof(u_long)

static __inline u_long
load_word(const u_char *p)
{
	u_long w;

	__builtin_memcpy(&w, p, WORD);
	return (w);
}

static __inline void
add_word(u_char *p, u_long w)
{

	w ^= load_word(p);
	__builtin_memcpy(p, &w, WORD);
}

static __inline void
move_word(u_char *p)
{
	u_long w;

	w = load_word(p);
	add_word(p + TERM1, w);
	add_word(p + TERM2, w);
	add_word(p + TERM3, w);
	add_word(p + TERM4, w);
}

static __inline uint32_t
next_byte(const struct minidump_crc *table, uint32_t crc)
{

	return (crc >> 8 ^ table->byte[crc & 0xff]);
}

void
minidump_crc32_init(struct minidump_crc *table)
{
	uint32_t crc;
	u_int bit, i;

	for (i = 0; i < 256; i++) {
		crc = i;
		for (bit = 0; bit < 8; bit++)
			crc = crc >> 1 ^ (-(crc & 1) & 0xedb88320);
		table->byte[i] = crc;
	}
}

uint32_t
minidump_crc32(const struct minidump_crc *table, u_char *buf, size_t len)
{
	u_char *end, *p;
	uint32_t crc;
#if BYTE_ORDER == LITTLE_ENDIAN
	uint32_t four;
#endif
	u_int i;

	p = buf;
	end = buf + len;
	crc = 0xffffffff;
	if (len >= TERM4 + 4 * WORD) {
		/* Where it begins, it is as if these were added. */
		for (i = 0; i < 4; i++)
			p[i] ^= 0xff;
		crc = 0;
		for (; p <= end - TERM4 - 4 * WORD; p += 4 * WORD) {
			move_word(p);
			move_word(p + WORD);
			move_word(p + 2 * WORD);
			move_word(p + 3 * WORD);
		}
	}
#if BYTE_ORDER == LITTLE_ENDIAN
	for (; end - p >= 4; p += 4) {
		__builtin_memcpy(&four, p, sizeof(four));
		crc = next_byte(table, crc ^ four);
		crc = next_byte(table, crc);
		crc = next_byte(table, crc);
		crc = next_byte(table, crc);
	}
#endif
	for (; p < end; p++)
		crc = next_byte(table, crc ^ *p);
	return (~crc);
}
