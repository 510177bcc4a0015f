/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Reading compressed dumps, strictly: by what minidump.h says and with the
 * host's zlib.
 */

#ifndef _UNPACK_H_
#define	_UNPACK_H_

#include "model.h"

/*
 * Make the plain dump of the "f->length" bytes at "gz", and note the sizes of
 * the members in "f".  Returns NULL, or what is wrong with it.
 */
const char *unpack(const unsigned char *gz, struct form *f,
	    struct image *plain, uint64_t *length);

/*
 * The compressor, as the dump code gets it: it fails at its beginning, or one
 * call in two, or always.
 */
enum zlib_fails {
	ZLIB_WORKS,
	ZLIB_INIT,
	ZLIB_HALF,
	ZLIB_ALWAYS
};
extern enum zlib_fails zlib_fails;
extern unsigned zlib_members;	/* that it has begun */

#endif /* !_UNPACK_H_ */
