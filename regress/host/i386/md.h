/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * i386, with and without PAE, as the tests know it: stated a second time, apart
 * from the dump code.  See machine.h.
 */

#ifndef _MD_H_
#define	_MD_H_

#define	MACHINE		"i386"
#define	ARCHVERSION	2
#define	HDR_FIELDS	{ { 40, 4, KERNBASE }, { 44, 4, ESIZE == 8 } }

#define	KERNBASE	0xc0000000ULL
#ifdef PAE
#define	ESIZE		8
#define	MAXPIECES	512
#define	MEMBITS		34		/* memory is below 16 GiB */
#define	FRAMEBITS	52		/* entries may say more */
#define	FLAGS		0xfff0000000000e7eULL
/* Of the directory's four pages the last is the kernel's. */
#define	DIR_PAGE	3
#define	DIR_INDEX(level, n) (n)
#else
#define	ESIZE		4
#define	MAXPIECES	256
#define	MEMBITS		32
#define	FRAMEBITS	32
#define	FLAGS		0xe7e
#define	DIR_PAGE	0
#define	DIR_INDEX(level, n) (768 + (n))
#endif

#define	DIRS		1
#define	NPD		1
#define	ROOT_ENTRY(root) (((root) & ~PGMASK) + DIR_PAGE * PAGE + PG_V)
#define	ROOT(entry)	(entry)
#define	KEEPS_TABLES	0

#define	PG_V		((uint64_t)0x001)
#define	PG_PS		((uint64_t)0x080)
#define	ENTRY(pa)	(pa)
#define	FRAME(entry)	((entry) & FRAMEMASK)
#define	SMALL		0x063		/* valid, writable, A and M */

#endif /* !_MD_H_ */
