/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Copying a dump from a medium to a file, and converting it on the way, for
 * vmcore save.
 */

#ifndef _COPY_H_
#define	_COPY_H_

#include <stdint.h>
#include <sys/minidump.h>

#include "form.h"

enum conversion {
	COPY,
	COPY_COMPRESS,			/* to members, as 6.x's kernel does */
	COPY_DECOMPRESS,		/* from any gzip file */
	COPY_STREAM			/* decompress one gzip or zstd stream */
};

struct copy {
	const struct medium *m;
	uint64_t	ofs;		/* of the dump, on the medium */
	uint64_t	len;
	enum form	form;		/* of the dump */
	int		isfile;		/* it was saved before */
	enum conversion	conversion;
	uint64_t	plain;		/* expected decompressed size; 0: any */
	int		atleast;	/* it may be larger */
	int		force;		/* any size is accepted */
	u_int		nlost;		/* ranges that could not be read, */
	struct {			/* in bytes of the dump */
		uint64_t	start;
		uint64_t	end;
	} lost[MINIDUMP_NOTREAD_MAX];
};

/* A writer_t for write_file(), with a struct copy. */
int	copy_dump(void *arg, int fd, const char *file);

#endif /* !_COPY_H_ */
