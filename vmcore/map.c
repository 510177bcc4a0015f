/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore map: physical memory and kernel address space, and how much of each
 * part is in the dump, on a terminal, as a picture or as JSON.
 */

#include <sys/types.h>
#include <sys/ioctl.h>

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "grid.h"
#include "json.h"
#include "picture.h"
#include "vmcore.h"
#include "kvm_minidump.h"

/* How a cell is shown: by the largest share of it that this is for. */
enum level {
	LEVEL_NONE, LEVEL_2, LEVEL_10, LEVEL_50, LEVEL_MORE, LEVEL_ALL,
	LEVEL_MISSING, LEVEL_LEFT, LEVEL_DEVICE,
	NLEVELS
};

static const struct {
	char		character;
	uint32_t	colour;
	const char	*text;		/* on a terminal */
	const char	*caption;	/* in a picture */
} levels[NLEVELS] = {
	{ ' ',	0xf0f0f0,	NULL,		"nothing" },
	{ '.',	0xc6dbef,	"up to 2 %",	"up to 2 %" },
	{ ':',	0x9ecae1,	"10 %",		"up to 10 %" },
	{ '+',	0x6baed6,	"50 %",		"up to 50 %" },
	{ '*',	0x2f7fbc,	"more",		"more" },
	{ '#',	0x08306b,	"all",		"all" },
	{ 'x',	0xd7301f,	"missing",	"missing" },
	{ 'o',	0xf2a341,	"left out",	"left out" },
	{ 'd',	0x9a9a9a,	"device",	"device" },
};

#define	TEXT_ROWS	16
#define	TEXT_WIDTH	80
#define	TEXT_BESIDE	(2 + 2 + 9 + 1 + 5)	/* of the cells, but for
						   the address */
#define	MIN_COLUMNS	8
#define	MAX_COLUMNS	256
#define	ADDRESS_LEN	19		/* "0x", 16 digits and a NUL */

#define	PICTURE_COLUMNS	64
#define	PICTURE_ROWS	32

/* Lengths in a picture; see picture.h. */
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

/* One of the two address spaces. */
struct space {
	const char	*name;		/* in JSON */
	const char	*title;
	struct grid	grid;
	uint64_t	sum[NSTATES];	/* bytes */
};

struct map {
	const char	*file;
	const struct minidump *md;
	uint64_t	physend;	/* end of the last page dumped */
	struct space	spaces[2];
};
#define	PHYSICAL(map)	(&(map)->spaces[0])
#define	KERNEL(map)	(&(map)->spaces[1])

static void
count(struct space *space, uint64_t addr, uint64_t len,
    enum page_state state)
{

	grid_add(&space->grid, addr, len, state);
	space->sum[state] += len;
}

static void
count_pages(const struct pages *pages, void *arg)
{
	struct map *map;
	uint64_t len;

	map = arg;
	if (!pages->mapped) {
		count(PHYSICAL(map), pages->pa, pages->len, pages->state);
		return;
	}
	count(KERNEL(map), pages->va, pages->len, pages->state);
	if (pages->pa >= map->physend || pages->physical ||
	    (pages->state != PAGE_LEFT && pages->state != PAGE_DEVICE))
		return;
	len = map->physend - pages->pa;
	count(PHYSICAL(map), pages->pa, pages->len < len ? pages->len : len,
	    pages->state);
}

/*
 * What is missing is shown wherever there is any of it; of the rest, what most
 * of the pages that are known to be something are.
 */
static enum level
cell_level(const struct grid *g, const struct grid_cell *cell)
{
	uint64_t all, n;

	n = cell->pages[PAGE_DUMPED];
	all = g->cellsize / PAGE_BYTES;
	if (cell->pages[PAGE_MISSING] > 0)
		return (LEVEL_MISSING);
	if (cell->pages[PAGE_LEFT] > n)
		return (LEVEL_LEFT);
	if (n == 0)
		return (cell->pages[PAGE_DEVICE] > 0 ? LEVEL_DEVICE :
		    LEVEL_NONE);
	if (n >= all)
		return (LEVEL_ALL);
	if (n > all / 2)
		return (LEVEL_MORE);
	if (n > all / 10)
		return (LEVEL_50);
	return (n > all / 50 ? LEVEL_10 : LEVEL_2);
}

/* How many rows with nothing in them are above this one. */
static uint64_t
rows_above(const struct grid *g, u_int n)
{

	if (n == 0)
		return (g->row[0].index - g->start / grid_rowsize(g));
	return (g->row[n].index - g->row[n - 1].index - 1);
}

/* How much of a row is in the dump: bytes, as text, and per cent. */
static void
row_share(const struct grid *g, const struct grid_row *row,
    char size[SIZE_TEXT], char share[SIZE_TEXT])
{
	uint64_t all, n;
	u_int i;

	n = 0;
	for (i = 0; i < g->columns; i++)
		n += row->cell[i].pages[PAGE_DUMPED];
	all = grid_rowsize(g) / PAGE_BYTES;
	size_text(size, n * PAGE_BYTES);
	if (n > 0 && n * 100 < all)
		snprintf(share, SIZE_TEXT, "<1 %%");
	else
		snprintf(share, SIZE_TEXT, "%u %%", (u_int)(n * 100 / all));
}

/* What the dump is, in a line. */
static void
describe_dump(const struct map *map, char *buf, size_t len)
{
	const struct minidump *md;
	char size[SIZE_TEXT];
	int n;

	md = map->md;
	n = snprintf(buf, len, "%s, %ju pages, %s", md->ops->arch,
	    (uintmax_t)md->npages, size_text(size, md->npages * PAGE_BYTES));
	if (md->nmissing > 0)
		snprintf(buf + n, len - n, "; %ju pages are missing",
		    (uintmax_t)md->nmissing);
}

/* What there is of a space in the dump, and what there is not. */
static void
describe_space(const struct map *map, const struct space *space, char *buf,
    size_t len)
{
	static const struct {
		enum page_state	state;
		const char	*text;
	} others[] = {
		{ PAGE_MISSING,	"missing" },
		{ PAGE_LEFT,	"left out" },
		{ PAGE_DEVICE,	"of devices" },
	};
	char size[SIZE_TEXT], size2[SIZE_TEXT];
	u_int i;
	int n;

	if (space == KERNEL(map) && map->md->kernlast == 0) {
		snprintf(buf, len, "not known without the kernel (-k)");
		return;
	}
	size_text(size, space->sum[PAGE_DUMPED]);
	if (space == PHYSICAL(map))
		n = snprintf(buf, len, "%s of %s in the dump", size,
		    size_text(size2, map->physend));
	else
		n = snprintf(buf, len, "%s mapped and in the dump", size);
	for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		if (space->sum[others[i].state] > 0)
			n += snprintf(buf + n, len - n, ", %s %s",
			    size_text(size, space->sum[others[i].state]),
			    others[i].text);
}

/* How many cells fit into a line: of the terminal, or of $COLUMNS. */
static u_int
text_columns(u_int addresslen)
{
	struct winsize ws;
	const char *env;
	u_int columns, width;

	width = TEXT_WIDTH;
	env = getenv("COLUMNS");
	if (env != NULL && *env != '\0')
		width = strtoul(env, NULL, 10);
	else if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &ws) == 0 && ws.ws_col > 0)
		width = ws.ws_col;
	columns = MIN_COLUMNS;
	while (columns < MAX_COLUMNS &&
	    addresslen + TEXT_BESIDE + columns * 2 <= width)
		columns *= 2;
	return (columns);
}

static void
print_space(const struct space *space, int addresslen)
{
	char address[ADDRESS_LEN], share[SIZE_TEXT], size[SIZE_TEXT];
	const struct grid_row *row;
	const struct grid *g;
	uint64_t above;
	u_int i, n;

	g = &space->grid;
	for (n = 0; n < g->nrows; n++) {
		row = &g->row[n];
		above = rows_above(g, n);
		if (above > 0)
			printf("%*s  nothing in %s\n", addresslen, "",
			    size_text(size, above * grid_rowsize(g)));
		snprintf(address, sizeof(address), "0x%jx",
		    (uintmax_t)grid_address(g, row));
		printf("%*s |", addresslen, address);
		for (i = 0; i < g->columns; i++)
			putchar(levels[cell_level(g,
			    &row->cell[i])].character);
		row_share(g, row, size, share);
		printf("| %9s %5s\n", size, share);
	}
}

/* The longest address that either space has. */
static u_int
address_len(const struct map *map)
{
	uint64_t last;

	last = map->md->kernlast;
	if (last < map->physend)
		last = map->physend;
	return (snprintf(NULL, 0, "0x%jx", (uintmax_t)last));
}

static void
print_map(const struct map *map)
{
	char buf[256], size[SIZE_TEXT];
	const struct space *space;
	u_int i;

	describe_dump(map, buf, sizeof(buf));
	print_name(stdout, map->file);
	printf(": %s\n", buf);
	for (i = LEVEL_NONE + 1; i < NLEVELS; i++)
		printf("%s%c %s", i == LEVEL_NONE + 1 ? "" : "  ",
		    levels[i].character, levels[i].text);
	putchar('\n');
	for (i = 0; i < 2; i++) {
		space = &map->spaces[i];
		describe_space(map, space, buf, sizeof(buf));
		printf("\n%s", space->title);
		if (space->grid.nrows > 0)
			printf(", a character is %s",
			    size_text(size, space->grid.cellsize));
		printf(":\n%s\n", buf);
		print_space(space, address_len(map));
	}
}

static void
json_cell(struct json *js, const struct grid_cell *cell, uint64_t addr)
{
	static const char *const names[NSTATES] = {
		"dumped", "missing", "leftout", "device"
	};
	uint64_t sum;
	u_int i;

	for (i = sum = 0; i < NSTATES; i++)
		sum += cell->pages[i];
	if (sum == 0)
		return;
	json_begin(js, NULL, '{');
	json_address(js, "start", addr);
	for (i = 0; i < NSTATES; i++)
		json_number(js, names[i], cell->pages[i]);
	json_end(js, '}');
}

/* Cells with nothing in them are left out. */
static void
json_map(const struct map *map)
{
	const struct grid *g;
	struct json js;
	u_int i, j, n;

	memset(&js, 0, sizeof(js));
	json_begin(&js, NULL, '{');
	json_string(&js, "file", map->file);
	json_string(&js, "architecture", map->md->ops->arch);
	json_number(&js, "pages", map->md->npages);
	json_number(&js, "missingpages", map->md->nmissing);
	for (i = 0; i < 2; i++) {
		if (&map->spaces[i] == KERNEL(map) && map->md->kernlast == 0)
			break;
		g = &map->spaces[i].grid;
		json_begin(&js, map->spaces[i].name, '{');
		json_number(&js, "cellsize", g->cellsize);
		json_begin(&js, "cells", '[');
		for (n = 0; n < g->nrows; n++)
			for (j = 0; j < g->columns; j++)
				json_cell(&js, &g->row[n].cell[j],
				    grid_address(g, &g->row[n]) +
				    j * g->cellsize);
		json_end(&js, ']');
		json_end(&js, '}');
	}
	json_end(&js, '}');
}

static int
space_height(const struct grid *g)
{
	int height;
	u_int n;

	height = TITLE_HEIGHT + g->nrows * CELL_HEIGHT + SPACE;
	for (n = 0; n < g->nrows; n++)
		height += rows_above(g, n) > 0 ? GAP_HEIGHT : 0;
	return (height);
}

static void
draw_row(struct picture *pic, const struct grid *g,
    const struct grid_row *row, int y)
{
	char address[ADDRESS_LEN], share[SIZE_TEXT], size[SIZE_TEXT];
	u_int i, start;
	enum level level;

	snprintf(address, sizeof(address), "0x%jx",
	    (uintmax_t)grid_address(g, row));
	picture_text(pic, CELLS_LEFT - 8, y + CELL_HEIGHT - 3, 10, ALIGN_RIGHT,
	    GREY, address);
	for (i = 0; i < g->columns; i = start) {
		level = cell_level(g, &row->cell[i]);
		for (start = i + 1; start < g->columns &&
		    cell_level(g, &row->cell[start]) == level; start++)
			continue;
		picture_box(pic, CELLS_LEFT + i * CELL_WIDTH, y,
		    (start - i) * CELL_WIDTH, CELL_HEIGHT - 1,
		    levels[level].colour);
	}
	row_share(g, row, size, share);
	picture_text(pic, CELLS_LEFT + CELLS_WIDTH + 70, y + CELL_HEIGHT - 3,
	    10, ALIGN_RIGHT, GREY, size);
	picture_text(pic, CELLS_LEFT + CELLS_WIDTH + 120, y + CELL_HEIGHT - 3,
	    10, ALIGN_RIGHT, GREY, share);
}

static void
draw_space(struct picture *pic, const struct map *map,
    const struct space *space, int y)
{
	char buf[256], size[SIZE_TEXT], text[320];
	const struct grid *g;
	uint64_t above;
	u_int n;

	g = &space->grid;
	describe_space(map, space, buf, sizeof(buf));
	snprintf(text, sizeof(text), "%s: %s", space->title, buf);
	picture_text(pic, MARGIN, y + 16, 13, ALIGN_LEFT, BLACK, text);
	if (g->nrows > 0) {
		snprintf(text, sizeof(text), "a cell is %s",
		    size_text(size, g->cellsize));
		picture_text(pic, CELLS_LEFT + CELLS_WIDTH + 120, y + 16, 11,
		    ALIGN_RIGHT, GREY, text);
	}
	y += TITLE_HEIGHT;
	for (n = 0; n < g->nrows; n++) {
		above = rows_above(g, n);
		if (above > 0) {
			snprintf(text, sizeof(text), "nothing in %s",
			    size_text(size, above * grid_rowsize(g)));
			picture_text(pic, CELLS_LEFT + CELLS_WIDTH / 2,
			    y + GAP_HEIGHT - 5, 10, ALIGN_CENTER, GREY, text);
			y += GAP_HEIGHT;
		}
		draw_row(pic, g, &g->row[n], y);
		y += CELL_HEIGHT;
	}
}

static int
draw_map(const struct map *map, const char *file)
{
	struct picture pic;
	const char *name;
	char buf[256];
	int i, x, y;

	y = HEAD_HEIGHT + space_height(&PHYSICAL(map)->grid) +
	    space_height(&KERNEL(map)->grid);
	if (picture_begin(&pic, file, WIDTH, y) == -1)
		return (-1);
	name = strrchr(map->file, '/');
	ascii_name(buf, sizeof(buf), name != NULL ? name + 1 : map->file);
	picture_text(&pic, MARGIN, 32, 18, ALIGN_LEFT, BLACK, buf);
	describe_dump(map, buf, sizeof(buf));
	picture_text(&pic, MARGIN, 54, 12, ALIGN_LEFT, GREY, buf);
	for (i = 0; i < NLEVELS; i++) {
		x = MARGIN + i * LEGEND_STEP;
		picture_box(&pic, x, 68, CELL_WIDTH, CELL_HEIGHT,
		    levels[i].colour);
		picture_text(&pic, x + CELL_WIDTH + 6, 78, 11, ALIGN_LEFT,
		    GREY, levels[i].caption);
	}
	y = HEAD_HEIGHT;
	for (i = 0; i < 2; i++) {
		draw_space(&pic, map, &map->spaces[i], y);
		y += space_height(&map->spaces[i].grid);
	}
	return (picture_end(&pic));
}

/* "picture" is NULL for standard output. */
static int
map_dump(kvm_t *kd, const char *file, const char *picture, int json)
{
	struct map map;
	u_int columns, rows;
	int status;

	memset(&map, 0, sizeof(map));
	map.file = file;
	map.md = _kvm_minidump(kd);
	if (map.md->npages > 0)
		map.physend = map.md->lastpage + PAGE_BYTES;
	PHYSICAL(&map)->name = "physical";
	PHYSICAL(&map)->title = "Physical memory";
	KERNEL(&map)->name = "kernel";
	KERNEL(&map)->title = "Kernel address space";
	columns = PICTURE_COLUMNS;
	rows = PICTURE_ROWS;
	if (picture == NULL && !json) {
		columns = text_columns(address_len(&map));
		rows = TEXT_ROWS;
	}
	status = STATUS_FAILED;
	if (grid_init(&PHYSICAL(&map)->grid, 0, columns, rows) == 0 &&
	    grid_init(&KERNEL(&map)->grid, map.md->kernbase, columns,
	    rows) == 0) {
		status = walk_pages(kd, count_pages, &map) == 0 ? STATUS_OK :
		    STATUS_FAILED;
		if (json)
			json_map(&map);
		else if (picture == NULL)
			print_map(&map);
		else if (draw_map(&map, picture) == -1)
			status = STATUS_FAILED;
	}
	grid_free(&PHYSICAL(&map)->grid);
	grid_free(&KERNEL(&map)->grid);
	return (status);
}

int
cmd_map(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json",	no_argument,	NULL,	'j' },
		{ NULL,		0,		NULL,	0 }
	};
	const char *kernel, *picture;
	kvm_t *kd;
	int ch, json, status;

	kernel = picture = NULL;
	json = 0;
	while ((ch = getopt_long(argc, argv, "k:o:", options, NULL)) != -1) {
		if (ch == 'j')
			json = 1;
		else if (ch == 'k')
			kernel = optarg;
		else if (ch == 'o')
			picture = optarg;
		else
			return (STATUS_USAGE);
	}
	if (argc - optind != 1 || (json && picture != NULL) ||
	    (picture != NULL && !picture_name(picture)))
		return (STATUS_USAGE);
	kd = open_dump(kernel, argv[optind]);
	if (kd == NULL)
		return (STATUS_FAILED);
	status = map_dump(kd, argv[optind], picture, json);
	kvm_close(kd);
	return (status);
}
