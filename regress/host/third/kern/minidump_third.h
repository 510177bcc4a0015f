/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: what of the format is the third machine's, which there is not.
 */

#ifndef _KERN_MINIDUMP_THIRD_H_
#define	_KERN_MINIDUMP_THIRD_H_

#define	MINIDUMP_THIRD_MAGIC	"minidump FreeBSD/third"

struct minidumphdr_third {
	struct minidumphdr hdr;
	uint32_t	levels;			/* of page tables */
	uint32_t	framebits;		/* of an entry */
	uint64_t	kernbase;
};

/* An entry is 8 bytes: the number of a frame in the low bits, and flags. */
#define	MINIDUMP_THIRD_V	0x8000000000000000ULL
#define	MINIDUMP_THIRD_SUPER	0x4000000000000000ULL
#define	MINIDUMP_THIRD_W	0x2000000000000000ULL
#define	MINIDUMP_THIRD_FRAMEBITS 40
#define	MINIDUMP_THIRD_FRAME	0x000000ffffffffffULL

#endif /* !_KERN_MINIDUMP_THIRD_H_ */
