/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel dump header: the kernel writes it on the dump device before and
 * after a dump, savecore(8) reads it.  This is for hosts without FreeBSD's
 * <sys/kerneldump.h>: fields are arrays of bytes, so that there is no padding,
 * and numbers are big-endian.
 */

#ifndef _KERNELDUMP_H_
#define	_KERNELDUMP_H_

#include <stdint.h>
#include <stdio.h>

#define	KDH_MAGIC	"FreeBSD Kernel Dump"
#define	KDH_CLEARED	"Cleared Kernel Dump"	/* once it is saved */
#define	KDH_VERSION	1

struct kerneldumphdr {
	char		magic[20];
	char		architecture[12];
	uint8_t		version[4];
	uint8_t		archversion[4];
	uint8_t		dumplength[8];		/* bytes, without the headers */
	uint8_t		dumptime[8];
	uint8_t		blocksize[4];
	char		hostname[64];
	char		versionstring[192];
	char		panicstring[192];
	uint8_t		parity[4];		/* xor of all words is 0 */
};

/* Bytes of the header on the medium, as many as in the structure. */
#define	KDH_SIZE	512

/* The xor of all words of a header. */
uint32_t kdh_parity(const struct kerneldumphdr *kdh);

/* Make a cleared header what it was before; return whether it was cleared. */
int	kdh_restore(struct kerneldumphdr *kdh);

/*
 * Check a header by itself.  Returns NULL, or the name of the field that cannot
 * be right, and its value in "value".
 */
const char *kdh_check(const struct kerneldumphdr *kdh, char *value,
	    size_t size);

/* The name of the first field that differs; NULL if there is none. */
const char *kdh_differ(const struct kerneldumphdr *a,
	    const struct kerneldumphdr *b);

/*
 * Print a header in the form of savecore(8)'s info files; "status" is what has
 * become of the dump.
 */
void	kdh_print(FILE *fp, const struct kerneldumphdr *kdh,
	    const char *device, const char *status);

#endif /* !_KERNELDUMP_H_ */
