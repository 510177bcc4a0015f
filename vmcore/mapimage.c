/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore map: as a picture.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "map.h"
#include "svg.h"
#include "vmcore.h"

/* Lengths in a picture; see svg.h. */
#define	CELL_WIDTH	10
#define	CELL_HEIGHT	12
#define	CELLS_LEFT	160
#define	CELLS_WIDTH	(PICTURE_COLUMNS * CELL_WIDTH)
#define	WIDTH		(CELLS_LEFT + CELLS_WIDTH + 140)
#define	MARGIN		20
#define	HEAD_HEIGHT	96
#define	TITLE_HEIGHT	30
#define	GAP_HEIGHT	18
#define	SPACE		24
#define	LEGEND_STEP	98
#define	BLACK		0x000000
#define	GREY		0x606060

static int
space_height(const struct grid *g)
{
	int height;
	u_int n;

	height = TITLE_HEIGHT + g->nrows * CELL_HEIGHT + SPACE;
	for (n = 0; n < g->nrows; n++)
		height += map_rowsabove(g, n) > 0 ? GAP_HEIGHT : 0;
	return (height);
}

static void
draw_row(struct svg *svg, const struct grid *g,
    const struct grid_row *row, int y)
{
	char address[ADDRESS_LEN], share[SIZE_TEXT], size[SIZE_TEXT];
	u_int i, start;
	enum level level;

	snprintf(address, sizeof(address), "0x%jx",
	    (uintmax_t)grid_address(g, row));
	svg_text(svg, CELLS_LEFT - 8, y + CELL_HEIGHT - 3, 10, ALIGN_RIGHT,
	    GREY, address);
	for (i = 0; i < g->columns; i = start) {
		level = map_cell(g, &row->cell[i]);
		for (start = i + 1; start < g->columns &&
		    map_cell(g, &row->cell[start]) == level; start++)
			continue;
		svg_box(svg, CELLS_LEFT + i * CELL_WIDTH, y,
		    (start - i) * CELL_WIDTH, CELL_HEIGHT - 1,
		    map_levels[level].colour);
	}
	map_rowshare(g, row, size, share);
	svg_text(svg, CELLS_LEFT + CELLS_WIDTH + 70, y + CELL_HEIGHT - 3,
	    10, ALIGN_RIGHT, GREY, size);
	svg_text(svg, CELLS_LEFT + CELLS_WIDTH + 120, y + CELL_HEIGHT - 3,
	    10, ALIGN_RIGHT, GREY, share);
}

static void
draw_space(struct svg *svg, const struct map *map,
    const struct space *space, int y)
{
	char buf[256], size[SIZE_TEXT], text[320];
	const struct grid *g;
	uint64_t above;
	u_int n;

	g = &space->grid;
	map_describespace(map, space, buf, sizeof(buf));
	snprintf(text, sizeof(text), "%s: %s", space->title, buf);
	svg_text(svg, MARGIN, y + 16, 13, ALIGN_LEFT, BLACK, text);
	if (g->nrows > 0) {
		snprintf(text, sizeof(text), "a cell is %s",
		    size_text(size, g->cellsize));
		svg_text(svg, CELLS_LEFT + CELLS_WIDTH + 120, y + 16, 11,
		    ALIGN_RIGHT, GREY, text);
	}
	y += TITLE_HEIGHT;
	for (n = 0; n < g->nrows; n++) {
		above = map_rowsabove(g, n);
		if (above > 0) {
			snprintf(text, sizeof(text), "nothing in %s",
			    size_text(size, above * grid_rowsize(g)));
			svg_text(svg, CELLS_LEFT + CELLS_WIDTH / 2,
			    y + GAP_HEIGHT - 5, 10, ALIGN_CENTER, GREY, text);
			y += GAP_HEIGHT;
		}
		draw_row(svg, g, &g->row[n], y);
		y += CELL_HEIGHT;
	}
}

int
map_draw(const struct map *map, const char *file)
{
	struct svg svg;
	const char *name;
	char buf[256];
	int i, x, y;

	y = HEAD_HEIGHT + space_height(&PHYSICAL(map)->grid) +
	    space_height(&KERNEL(map)->grid);
	if (svg_begin(&svg, file, WIDTH, y) == -1)
		return (-1);
	name = strrchr(map->file, '/');
	ascii_name(buf, sizeof(buf), name != NULL ? name + 1 : map->file);
	svg_text(&svg, MARGIN, 32, 18, ALIGN_LEFT, BLACK, buf);
	map_describe(map, buf, sizeof(buf));
	svg_text(&svg, MARGIN, 54, 12, ALIGN_LEFT, GREY, buf);
	for (i = 0; i < NLEVELS; i++) {
		x = MARGIN + i * LEGEND_STEP;
		svg_box(&svg, x, 68, CELL_WIDTH, CELL_HEIGHT,
		    map_levels[i].colour);
		svg_text(&svg, x + CELL_WIDTH + 6, 78, 11, ALIGN_LEFT,
		    GREY, map_levels[i].caption);
	}
	y = HEAD_HEIGHT;
	for (i = 0; i < 2; i++) {
		draw_space(&svg, map, &map->spaces[i], y);
		y += space_height(&map->spaces[i].grid);
	}
	return (svg_end(&svg));
}
