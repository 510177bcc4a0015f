/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What bytes are, by how they begin: a dump, a compressed one, or something
 * that is none.
 */

#ifndef _FORM_H_
#define	_FORM_H_

#include "medium.h"

enum form { FORM_OTHER, FORM_MINIDUMP, FORM_ELF, FORM_GZIP, FORM_ZSTD };

struct contents {
	enum form	form;		/* of the bytes as they are */
	enum form	plain;		/* decompressed; FORM_OTHER: no dump */
	int		members;	/* compressed as 6.x's kernel does it */
	const char	*name;		/* of what is no dump, or NULL */
	int		scattered;	/* its blocks are in any order */
	int		error;		/* errno of reading it, or 0, */
	uint64_t	errofs;		/* and where */
};

/* What the "len" bytes from ofs on are. */
void	form_find(const struct medium *m, uint64_t ofs, uint64_t len,
	    struct contents *c);

#endif /* !_FORM_H_ */
