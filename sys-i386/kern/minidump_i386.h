/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The machine-dependent part of the minidump format: i386, with PAE and
 * without.
 *
 * The kernel's machine part writes this format and libkvm reads it on any host,
 * so there are no kernel types here.  The file goes to sys/kern, whose headers
 * are not installed.  Include <sys/minidump.h> first.
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
 * A page table entry has 8 bytes with PAE, and otherwise 4: then it ends at bit
 * 31.  Those of a table that replaces a superpage are valid, writable, accessed
 * and modified.
 */
#define	MINIDUMP_I386_V		0x001
#define	MINIDUMP_I386_RW	0x002
#define	MINIDUMP_I386_NX	0x8000000000000000ULL
#define	MINIDUMP_I386_FRAME	0x000ffffffffff000ULL
#define	MINIDUMP_I386_SMALL	0x063

#endif /* !_KERN_MINIDUMP_I386_H_ */
