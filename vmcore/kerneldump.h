/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The kernel dump header, which the kernel writes on the dump device before and
 * after a dump, and savecore(8) reads.  This is for hosts without FreeBSD's
 * <sys/kerneldump.h>, and for versions 1 (6.x) to 4 (12.0).  Numbers are
 * big-endian.
 */

#ifndef _KERNELDUMP_H_
#define	_KERNELDUMP_H_

#include <sys/types.h>

#include <stdint.h>
#include <stdio.h>

#define	KDH_MAGIC	"FreeBSD Kernel Dump"
#define	KDH_CLEARED	"Cleared Kernel Dump"	/* once it is saved */
#define	KDH_TEXT	"FreeBSD Text Dump"	/* ddb's text, in tar files */
#define	KDH_MAGICSIZE	20
#define	KDH_VERSION	4			/* the last that is known */

/*
 * Bytes of the header.  On the medium it takes a block, which may be larger;
 * the rest is zero.
 */
#define	KDH_SIZE	512

enum kdh_kind { KDH_NONE, KDH_DUMP, KDH_TEXTDUMP };
enum kdh_compression { KDH_PLAIN, KDH_GZIP, KDH_ZSTD };

struct kdh {
	uint8_t		raw[KDH_SIZE];	/* with its original magic */
	enum kdh_kind	kind;
	int		cleared;
	uint32_t	version;
	uint64_t	dumplength;	/* bytes, without the headers */
	uint64_t	dumpextent;	/* bytes reserved for them */
	uint32_t	dumpkeysize;	/* of a key after the first header */
	uint32_t	blocksize;
	u_int		compression;
};

/* Decode a header.  Returns 0 if it has no known magic. */
int	kdh_decode(struct kdh *kdh, const void *raw);

/* Format the bytes where the magic should be, in printable form. */
void	kdh_magic(const void *raw, char *value, size_t size);

/* Check that the xor of all words of the header is 0. */
int	kdh_parity(const struct kdh *kdh);

/* Return the value of its parity field. */
uint32_t kdh_parityfield(const struct kdh *kdh);

/* Return the name of the first field that differs; NULL if there is none. */
const char *kdh_differ(const struct kdh *a, const struct kdh *b);

/* Return whether it is of this architecture. */
int	kdh_isarch(const struct kdh *kdh, const char *arch);

/* Print when the dump was made and what the panic was, in a line. */
void	kdh_printline(FILE *fp, const struct kdh *kdh);

/*
 * Print a header in the form of savecore(8)'s info files; "status" is the
 * status of the dump.
 */
void	kdh_print(FILE *fp, const struct kdh *kdh, const char *device,
	    const char *status);

#endif /* !_KERNELDUMP_H_ */
