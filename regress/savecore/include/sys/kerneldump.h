/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header; and what this host's C library lacks.
 */

#ifndef _SYS_KERNELDUMP_H_
#define	_SYS_KERNELDUMP_H_

#include <endian.h>
#include <stddef.h>
#include <stdint.h>

#define	htod32(x)	htobe32(x)
#define	htod64(x)	htobe64(x)

#define	KERNELDUMPMAGIC			"FreeBSD Kernel Dump"
#define	KERNELDUMPVERSION		1
#define	KERNELDUMP_AMD64_VERSION	2
#define	KERNELDUMP_I386_VERSION		2

struct kerneldumpheader {
	char		magic[20], architecture[12];
	uint32_t	version, architectureversion;
	uint64_t	dumplength, dumptime;
	uint32_t	blocksize;
	char		hostname[64], versionstring[192], panicstring[192];
	uint32_t	parity;
};

uint32_t kerneldump_parity(struct kerneldumpheader *kdh);
size_t	strlcpy(char *to, const char *from, size_t size);

#endif /* !_SYS_KERNELDUMP_H_ */
