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

#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "json.h"
#include "map.h"
#include "svg.h"
#include "vmcore.h"

const struct map_level map_levels[NLEVELS] = {
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

enum level
map_cell(const struct grid *g, const struct grid_cell *cell)
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

uint64_t
map_rowsabove(const struct grid *g, u_int n)
{

	if (n == 0)
		return (g->row[0].index - g->start / grid_rowsize(g));
	return (g->row[n].index - g->row[n - 1].index - 1);
}

void
map_rowshare(const struct grid *g, const struct grid_row *row,
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

void
map_describe(const struct map *map, char *buf, size_t len)
{
	const struct kvm_dumpinfo *ki;
	char size[SIZE_TEXT];
	int n;

	ki = map->ki;
	n = snprintf(buf, len, "%s, %ju pages, %s", ki->ki_arch,
	    (uintmax_t)ki->ki_npages,
	    size_text(size, ki->ki_npages * PAGE_BYTES));
	if (ki->ki_nmissing > 0)
		snprintf(buf + n, len - n, "; %ju pages are missing",
		    (uintmax_t)ki->ki_nmissing);
}

void
map_describespace(const struct map *map, const struct space *space, char *buf,
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

	if (space == KERNEL(map) && map->ki->ki_kernlast == 0) {
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
	json_string(&js, "architecture", map->ki->ki_arch);
	json_number(&js, "pages", map->ki->ki_npages);
	json_number(&js, "missingpages", map->ki->ki_nmissing);
	for (i = 0; i < 2; i++) {
		if (&map->spaces[i] == KERNEL(map) && map->ki->ki_kernlast == 0)
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

/* "picture" is NULL for standard output. */
static int
map_dump(kvm_t *kd, const char *file, const char *picture, int json)
{
	struct map map;
	u_int columns, rows;
	int status;

	memset(&map, 0, sizeof(map));
	map.file = file;
	map.ki = kvm_dumpinfo(kd);
	if (map.ki->ki_npages > 0)
		map.physend = map.ki->ki_lastpage + PAGE_BYTES;
	PHYSICAL(&map)->name = "physical";
	PHYSICAL(&map)->title = "Physical memory";
	KERNEL(&map)->name = "kernel";
	KERNEL(&map)->title = "Kernel address space";
	columns = PICTURE_COLUMNS;
	rows = PICTURE_ROWS;
	if (picture == NULL && !json) {
		columns = map_textcolumns(&map);
		rows = TEXT_ROWS;
	}
	status = STATUS_FAILED;
	if (grid_init(&PHYSICAL(&map)->grid, 0, columns, rows) == 0 &&
	    grid_init(&KERNEL(&map)->grid, map.ki->ki_kernbase, columns,
	    rows) == 0) {
		status = walk_pages(kd, count_pages, &map) == 0 ? STATUS_OK :
		    STATUS_FAILED;
		if (json)
			json_map(&map);
		else if (picture == NULL)
			map_print(&map);
		else if (map_draw(&map, picture) == -1)
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
		{ "live",	no_argument,	NULL,	'l' },
		{ NULL,		0,		NULL,	0 }
	};
	const char *file, *kernel, *picture;
	kvm_t *kd;
	int ch, json, status;

	file = kernel = picture = NULL;
	json = 0;
	while ((ch = getopt_long(argc, argv, "k:o:", options, NULL)) != -1) {
		if (ch == 'j')
			json = 1;
		else if (ch == 'l')
			file = LIVE_FILE;
		else if (ch == 'k')
			kernel = optarg;
		else if (ch == 'o')
			picture = optarg;
		else
			return (unknown_option(argv));
	}
	if (file == NULL && optind < argc)
		file = argv[optind++];
	if (file == NULL || optind != argc || (json && picture != NULL) ||
	    (picture != NULL && !svg_name(picture)))
		return (STATUS_USAGE);
	kd = open_dump(kernel, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	status = map_dump(kd, file, picture, json);
	kvm_close(kd);
	return (status);
}
