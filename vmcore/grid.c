/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Counts pages in the cells of a grid, which adapts to its contents.
 */

#include <sys/types.h>

#include <stdlib.h>
#include <string.h>

#include "grid.h"
#include "vmcore.h"

int
grid_init(struct grid *g, uint64_t start, u_int columns, u_int maxrows)
{
	u_int i;

	g->start = start;
	g->cellsize = PAGE_BYTES;
	g->columns = columns;
	g->maxrows = maxrows;
	g->nrows = 0;
	/* There may be one row too many until the cells are enlarged. */
	g->row = calloc(maxrows + 1, sizeof(g->row[0]));
	g->cells = calloc((maxrows + 2) * columns, sizeof(g->cells[0]));
	if (g->row == NULL || g->cells == NULL) {
		xwarn("map");
		grid_free(g);
		return (-1);
	}
	for (i = 0; i <= maxrows; i++)
		g->row[i].cell = g->cells + i * columns;
	return (0);
}

void
grid_free(struct grid *g)
{

	free(g->row);
	free(g->cells);
	g->row = NULL;
	g->cells = NULL;
}

uint64_t
grid_rowsize(const struct grid *g)
{

	return (g->cellsize * g->columns);
}

uint64_t
grid_address(const struct grid *g, const struct grid_row *row)
{

	return (row->index * grid_rowsize(g));
}

static void
add_cell(struct grid_cell *to, const struct grid_cell *from)
{
	u_int i;

	for (i = 0; i < NSTATES; i++)
		to->pages[i] += from->pages[i];
}

/* Double the cells: two rows become one, or one becomes a half. */
static void
coarsen(struct grid *g)
{
	struct grid_cell *half;
	struct grid_row row;
	u_int i, j, n, start;

	half = g->cells + (g->maxrows + 1) * g->columns;
	n = 0;
	for (i = 0; i < g->nrows; i++) {
		row = g->row[i];
		memset(half, 0, g->columns * sizeof(*half));
		start = row.index % 2 != 0 ? g->columns / 2 : 0;
		for (j = 0; j < g->columns; j++)
			add_cell(&half[start + j / 2], &row.cell[j]);
		memset(row.cell, 0, g->columns * sizeof(*half));
		row.index /= 2;
		if (n == 0 || g->row[n - 1].index != row.index) {
			/* It does not matter which cells a row owns. */
			g->row[i] = g->row[n];
			g->row[n++] = row;
		}
		for (j = 0; j < g->columns; j++)
			add_cell(&g->row[n - 1].cell[j], &half[j]);
	}
	g->nrows = n;
	g->cellsize *= 2;
}

/* Find the row of this address, or add it. */
static struct grid_row *
find_row(struct grid *g, uint64_t addr)
{
	struct grid_row spare;
	uint64_t index;
	u_int n;

	for (;;) {
		index = addr / grid_rowsize(g);
		/* Most addresses come in ascending order. */
		for (n = g->nrows; n > 0 && g->row[n - 1].index > index; n--)
			continue;
		if (n > 0 && g->row[n - 1].index == index)
			return (&g->row[n - 1]);
		spare = g->row[g->nrows];
		spare.index = index;
		memmove(&g->row[n + 1], &g->row[n],
		    (g->nrows - n) * sizeof(g->row[0]));
		g->row[n] = spare;
		if (++g->nrows <= g->maxrows)
			return (&g->row[n]);
		/* Distant rows merge only after several rounds. */
		while (g->nrows > g->maxrows)
			coarsen(g);
	}
}

void
grid_add(struct grid *g, uint64_t addr, uint64_t len, enum page_state state)
{
	struct grid_row *row;
	uint64_t n;

	for (; len > 0; addr += n, len -= n) {
		row = find_row(g, addr);
		n = g->cellsize - addr % g->cellsize;
		if (n > len)
			n = len;
		row->cell[addr / g->cellsize % g->columns].pages[state] +=
		    n / PAGE_BYTES;
	}
}
