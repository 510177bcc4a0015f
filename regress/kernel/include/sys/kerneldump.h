/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: the 512 bytes before and after a dump.  All
 * integers are big-endian.
 */

#ifndef _SYS_KERNELDUMP_H_
#define	_SYS_KERNELDUMP_H_

#include <sys/types.h>
#include <machine/endian.h>

#define	htod32(x)	__bswap32(x)
#define	htod64(x)	__bswap64(x)

#define	KERNELDUMPMAGIC			"FreeBSD Kernel Dump"
#define	KERNELDUMPVERSION		1
#define	KERNELDUMP_AMD64_VERSION	2
#define	KERNELDUMP_I386_VERSION		2

struct kerneldumpheader {
	char		magic[20];		/* offset 0 */
	char		architecture[12];	/* 20 */
	uint32_t	version;		/* 32 */
	uint32_t	architectureversion;	/* 36 */
	uint64_t	dumplength;		/* 40: without the headers */
	uint64_t	dumptime;		/* 48: since 1970 */
	uint32_t	blocksize;		/* 56 */
	char		hostname[64];		/* 60 */
	char		versionstring[192];	/* 124 */
	char		panicstring[192];	/* 316 */
	uint32_t	parity;			/* 508: xor of all is 0 */
};

static __inline uint32_t
kerneldump_parity(struct kerneldumpheader *kdh)
{
	uint32_t *p, *end, x;

	end = (uint32_t *)(kdh + 1);
	for (x = 0, p = (uint32_t *)kdh; p < end; p++)
		x ^= *p;
	return (x);
}

#endif /* !_SYS_KERNELDUMP_H_ */
