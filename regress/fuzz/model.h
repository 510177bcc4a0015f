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

/* Where the vmcore of a disk is; 0 if there is none. */
size_t	model_vmcore(const uint8_t *disk, size_t size, const uint8_t **vmcore);

#endif /* !_MODEL_H_ */
