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
 * The compressor's memory, as the dump code gets it: whole, or somebody else
 * writes there while the compressor works, in one piece of two or in all.
 */
enum broken {
	WHOLE,
	BROKEN_HALF,
	BROKEN_ALWAYS
};
extern enum broken broken;
extern unsigned members_made;

#endif /* !_UNPACK_H_ */
