/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pages of an address space counted in cells, for vmcore map.  Only rows with
 * something in them are kept.  When there are too many, the cells are doubled:
 * the memory used, and the size of a picture, do not depend on how large or how
 * far apart the counted ranges are.
 */

#ifndef _GRID_H_
#define	_GRID_H_

#include "pages.h"

struct grid_cell {
	uint64_t	pages[NSTATES];
};

struct grid_row {
	uint64_t	index;		/* times the row's size: its address */
	struct grid_cell *cell;		/* "columns" of them */
};

struct grid {
	uint64_t	start;		/* of the address space */
	uint64_t	cellsize;	/* bytes */
	u_int		columns;
	u_int		maxrows;
	u_int		nrows;
	struct grid_row	*row;		/* in ascending order of index */
	struct grid_cell *cells;	/* of all rows, and of one more */
};

/*
 * Make a grid of at most "maxrows" rows of "columns" cells, a power of 2.
 * Returns -1 after printing the reason.
 */
int	grid_init(struct grid *g, uint64_t start, u_int columns,
	    u_int maxrows);
void	grid_free(struct grid *g);

/* Count "len" bytes of pages of this state at "addr". */
void	grid_add(struct grid *g, uint64_t addr, uint64_t len,
	    enum page_state state);

/* Return the address at which a row begins, and its size in bytes. */
uint64_t grid_address(const struct grid *g, const struct grid_row *row);
uint64_t grid_rowsize(const struct grid *g);

#endif /* !_GRID_H_ */
