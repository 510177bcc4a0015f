/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The third machine, as the tests know it: stated a second time, apart from
 * minidump_machdep.c.  See machine.h.
 */

#ifndef _MD_H_
#define	_MD_H_

#define	MACHINE		"third"
#define	ARCHVERSION	7
#define	HDR_FIELDS	{ { 40, 4, 5 }, { 44, 4, 40 }, { 48, 8, KERNBASE } }

#define	KERNBASE	0xffffffffc0000000ULL
#define	MAXPIECES	512
#define	MEMBITS		34		/* memory is below 16 GiB */
#define	FRAMEBITS	52		/* entries may say more */

#define	DIRS		4
#define	NPD		1
#define	DIR_INDEX(level, n) ((level) < DIRS - 1 ? 511 : (n))
#define	ROOT_ENTRY(root) (ENTRY(root) | PG_V)
#define	ROOT(entry)	FRAME(entry)
#define	KEEPS_TABLES	0

/* From bit 0 on the number of the frame; flags above it. */
#define	ESIZE		8
#define	PG_V		0x8000000000000000ULL
#define	PG_PS		0x4000000000000000ULL
#define	ENTRY(pa)	((pa) >> 12 & 0xffffffffffULL)
#define	FRAME(entry)	(((entry) & 0xffffffffffULL) << 12)
#define	FLAGS		0x3fffff0000000000ULL
#define	SMALL		0xa000000000000000ULL	/* valid, writable */

#endif /* !_MD_H_ */
