/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The compressor and the checksum of compressed minidumps (kern_dumpdeflate.c,
 * kern_dumpcrc.c), which have the theory.  For kern_dumpgz.c, and for what
 * compresses minidumps on other hosts: nothing here needs a kernel.
 */

#ifndef _KERN_MINIDUMP_DEFLATE_H_
#define	_KERN_MINIDUMP_DEFLATE_H_

/* The most bytes that are compressed at once, and what they can become. */
#define	MINIDUMP_DEFLATE_MOST	61440
#define	MINIDUMP_DEFLATE_MAX(n)	((n) + 5)

/* The room that minidump_deflate() wants for that. */
#define	MINIDUMP_DEFLATE_ROOM(n) ((n) + 1024)

#define	MINIDUMP_DEFLATE_NCODES	8	/* prefix codes; a multiple of 4 */
#define	MINIDUMP_DEFLATE_TOKENS	1024	/* of which a chunk is made */
#define	MINIDUMP_DEFLATE_HASHBITS 12

struct minidump_symbol {
	uint16_t	code;		/* first bit lowest */
	uint8_t		len;		/* bits */
	uint8_t		extra;		/* bits behind it */
};

struct minidump_prefixcode {
	struct minidump_symbol letter[512]; /* literals, end, lengths */
	struct minidump_symbol dist[32];
	uint16_t	mask[32];	/* of a distance's extra bits */
};

/* Bits by each code, 16 bits of these for a code. */
struct minidump_price {
	uint64_t	four[MINIDUMP_DEFLATE_NCODES / 4];
};

/* The compressor's memory: 46 KB. */
struct minidump_deflate {
	/* First, as an address in it is then the quickest to find. */
	uint16_t	hash[1 << MINIDUMP_DEFLATE_HASHBITS][2];
	const u_char	*start;		/* what is compressed */
	const u_char	*next;
	const u_char	*end;
	u_char		*out;
	u_char		*outend;	/* nothing is written from here on */
	u_char		*stored;	/* lengths of the open stored block */
	u_long		bits;		/* not written yet: so many, */
	u_int		nbits;		/* fewer than half a word's */
	u_int		block;		/* which kind is open */
	u_int		dist;		/* of the match before */
	u_int		ntokens;
	u_char		distsym[512];
	struct minidump_price price[512];
	struct minidump_price distprice[32];
	struct minidump_prefixcode code[MINIDUMP_DEFLATE_NCODES];
	struct minidump_symbol symbols[286]; /* while a code is made */
	uint16_t	token[MINIDUMP_DEFLATE_TOKENS + 2]; /* one more, END */
};

/* Before the first; then it can be used any number of times. */
void	minidump_deflate_init(struct minidump_deflate *z);

/*
 * Deflate "len" bytes, at most MINIDUMP_DEFLATE_MOST, to "to", where there is
 * MINIDUMP_DEFLATE_ROOM(len).  Returns how many bytes are there, at most
 * MINIDUMP_DEFLATE_MAX(len).
 */
size_t	minidump_deflate(struct minidump_deflate *z, const u_char *from,
	    size_t len, u_char *to);

/* For the last bytes of a checksum. */
struct minidump_crc {
	uint32_t	byte[256];
};

void	minidump_crc32_init(struct minidump_crc *table);

/*
 * The crc32 of "len" bytes, as gzip has it.  They are overwritten.
 */
uint32_t minidump_crc32(const struct minidump_crc *table, u_char *buf,
	    size_t len);

#endif /* !_KERN_MINIDUMP_DEFLATE_H_ */
