/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * amd64, as the tests know it: stated a second time, apart from the dump code.
 * See machine.h.
 */

#ifndef _MD_H_
#define	_MD_H_

#define	MACHINE		"amd64"
#define	ARCHVERSION	2
#define	HDR_FIELDS	{ { 40, 8, KERNBASE },				\
			  { 48, 8, 0xffffff0000000000ULL },		\
			  { 56, 8, 0xffffff8000000000ULL } }

#define	KERNBASE	0xffffffff80000000ULL
#define	MAXPIECES	1024
#define	MEMBITS		34		/* memory is below 16 GiB */
#define	FRAMEBITS	52		/* entries may say more */

#define	DIRS		3
#define	NPD		2
#define	DIR_INDEX(level, n)						\
	((level) == 0 ? 511 : (level) == 1 ? 510 + (n) / NENTRY : (n) % NENTRY)
#define	ROOT_ENTRY(root) ((root) | PG_V)
#define	ROOT(entry)	(entry)
#define	KEEPS_TABLES	1

#define	ESIZE		8
#define	PG_V		((uint64_t)0x001)
#define	PG_PS		((uint64_t)0x080)
#define	ENTRY(pa)	(pa)
#define	FRAME(entry)	((entry) & FRAMEMASK)
#define	FLAGS		0xfff0000000000e7eULL
#define	SMALL		0x063		/* valid, writable, A and M */

#endif /* !_MD_H_ */
