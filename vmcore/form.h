/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Classifies bytes by how they begin: a dump, a compressed dump, or something
 * else.
 */

#ifndef _FORM_H_
#define	_FORM_H_

#include "medium.h"

enum form { FORM_OTHER, FORM_MINIDUMP, FORM_ELF, FORM_GZIP, FORM_ZSTD };

struct contents {
	enum form	form;		/* of the bytes as they are */
	enum form	plain;		/* decompressed; FORM_OTHER: no dump */
	int		members;	/* compressed as by 6.x's kernel */
	const char	*name;		/* if it is not a dump, or NULL */
	int		scattered;	/* its blocks are in any order */
	int		error;		/* errno of reading it, or 0, */
	uint64_t	errofs;		/* and where */
};

/* Classify the "len" bytes from ofs on. */
void	form_find(const struct medium *m, uint64_t ofs, uint64_t len,
	    struct contents *c);

#endif /* !_FORM_H_ */
