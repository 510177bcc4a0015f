/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: what of the format is amd64's.  The kernel's machine part writes
 * by this file, and libkvm reads by it on any host; so there are no kernel
 * types in it, and it is with other headers that are not installed, in
 * sys/kern.  <sys/minidump.h> comes before it.
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
 * A page table entry is 8 bytes.  The entries that stand for the small pages of
 * a superpage are valid, writable, accessed and modified.
 */
#define	MINIDUMP_AMD64_V	0x001
#define	MINIDUMP_AMD64_RW	0x002
#define	MINIDUMP_AMD64_NX	0x8000000000000000ULL
#define	MINIDUMP_AMD64_FRAME	0x000ffffffffff000ULL
#define	MINIDUMP_AMD64_SMALL	0x063

#endif /* !_KERN_MINIDUMP_AMD64_H_ */
