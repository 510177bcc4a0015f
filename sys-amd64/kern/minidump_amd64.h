/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The machine-dependent part of the minidump format: amd64.
 *
 * The kernel's machine part writes this format and libkvm reads it on any host,
 * so there are no kernel types here.  The file goes to sys/kern, whose headers
 * are not installed.  Include <sys/minidump.h> first.
 */

#ifndef _KERN_MINIDUMP_AMD64_H_
#define	_KERN_MINIDUMP_AMD64_H_

#define	MINIDUMP_AMD64_MAGIC	"minidump FreeBSD/amd64"

struct minidumphdr_amd64 {
	struct minidumphdr hdr;
	uint64_t	kernbase;
	uint64_t	dmapbase;		/* direct map: start */
	uint64_t	dmapend;		/* end, exclusive */
};

/*
 * A page table entry has 8 bytes.  Those of a table that replaces a superpage
 * are valid, writable, accessed and modified.
 */
#define	MINIDUMP_AMD64_V	0x001
#define	MINIDUMP_AMD64_RW	0x002
#define	MINIDUMP_AMD64_NX	0x8000000000000000ULL
#define	MINIDUMP_AMD64_FRAME	0x000ffffffffff000ULL
#define	MINIDUMP_AMD64_SMALL	0x063

#endif /* !_KERN_MINIDUMP_AMD64_H_ */
