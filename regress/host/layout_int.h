/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the files of layout.h share: memory (layout_memory.c), page tables
 * (layout_tables.c), and the rest of a kernel (layout.c).
 */

#ifndef _LAYOUT_INT_H_
#define	_LAYOUT_INT_H_

#include "layout.h"

/* There is no memory, and random numbers begin with this seed. */
void	start_over(uint64_t seed);

/* Make memory: ranges, and what is in their pages. */
void	make_memory(struct layout *l, const struct kind *kind);

/* Take a frame for one purpose only; below 4 GiB if i386 could not reach it. */
uint64_t take_frame(struct layout *l, int low);

/* Take a frame of data, which may have other users, too. */
uint64_t data_frame(const struct layout *l);

/* Make kernel address space, with something in up to kind->pieces pieces. */
void	make_pieces(struct layout *l, const struct kind *kind);

/* Map a page of memory at "va", if only its entry is missing: its pa, or 0. */
uint64_t map_va(const struct layout *l, uint64_t va);

#endif /* !_LAYOUT_INT_H_ */
