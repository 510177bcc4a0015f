/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The format once more, as plainly as it can be said, for fuzz.c to compare
 * the product with: it shares no code and no header with that.  The files are
 * in memory, and have passed the product's checks where that is said.
 */

#ifndef _MODEL_H_
#define	_MODEL_H_

#include <stddef.h>
#include <stdint.h>

/* The byte at kernel virtual address va of an accepted dump; -1: none. */
int	model_byte(const uint8_t *dump, size_t size, uint64_t va);

/* An address of it that is worth to be looked up: the nth. */
uint64_t model_addr(const uint8_t *dump, size_t size, unsigned int n);

/* Whether byte ofs of a dump is one that was not read when it was saved. */
int	model_notread(const uint8_t *dump, size_t size, uint64_t ofs);

/*
 * Decompress up to what is wrong: returns how many bytes there are at "plain",
 * which has room for "max"; "*whole" is whether nothing is.
 */
size_t	model_gunzip(const uint8_t *file, size_t size, uint8_t *plain,
	    size_t max, int *whole);

/* How many bytes the members of a file can have, decompressed. */
size_t	model_gzmax(const uint8_t *file, size_t size);

/* Make the checksums of members, or of a disk's headers, right. */
void	model_sealgzip(uint8_t *file, size_t size);
void	model_sealdisk(uint8_t *disk, size_t size);

/*
 * A dump that may be saved from a disk, of which "at" is a block: by its first
 * header, or, with "force", by either.  "n" counts the ways in which it may be
 * one, from 0 on.  Returns 0 if there are no more ways, -1 if it is none in
 * this, and 1 if it is.
 */
struct model_dump {
	size_t		ofs;
	size_t		len;
	int		compression;
};
int	model_dump(const uint8_t *disk, size_t size, size_t at, unsigned int n,
	    int force, struct model_dump *dump);

/* Whether this, decompressed, is "len" bytes that are these. */
int	model_inflates(const uint8_t *file, size_t size, const uint8_t *plain,
	    size_t len);

/* packed.c: what is wrong with what the compressor makes of this, or NULL. */
const char *packed_wrong(const uint8_t *data, size_t size);

#endif /* !_MODEL_H_ */
