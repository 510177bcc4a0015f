/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: what of the format is i386's, with and without PAE.  The kernel's
 * machine part writes by this file, and libkvm reads by it on any host; so
 * there are no kernel types in it, and it is with other headers that are not
 * installed, in sys/kern.  <sys/minidump.h> comes before it.
 */

#ifndef _KERN_MINIDUMP_I386_H_
#define	_KERN_MINIDUMP_I386_H_

#define	MINIDUMP_I386_MAGIC	"minidump FreeBSD/i386"

struct minidumphdr_i386 {
	struct minidumphdr hdr;
	uint32_t	kernbase;
	uint32_t	paemode;		/* 1: 8-byte entries */
};

/*
 * A page table entry is 8 bytes with PAE, else 4: then it simply ends at bit
 * 31.  The entries that stand for the small pages of a superpage are valid,
 * writable, accessed and modified.
 */
#define	MINIDUMP_I386_V		0x001
#define	MINIDUMP_I386_RW	0x002
#define	MINIDUMP_I386_NX	0x8000000000000000ULL
#define	MINIDUMP_I386_FRAME	0x000ffffffffff000ULL
#define	MINIDUMP_I386_SMALL	0x063

#endif /* !_KERN_MINIDUMP_I386_H_ */
