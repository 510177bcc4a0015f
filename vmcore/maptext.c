/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore map: text, for a terminal or other standard output.
 */

#include <sys/types.h>
#include <sys/ioctl.h>

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "map.h"
#include "vmcore.h"

#define	TEXT_WIDTH	80
#define	TEXT_BESIDE	(2 + 2 + 9 + 1 + 5)	/* of the cells, but for
						   the address */
#define	MIN_COLUMNS	8
#define	MAX_COLUMNS	256

/* Return the length of the longest address in either space. */
static u_int
address_len(const struct map *map)
{
	uint64_t last;

	last = map->ki->ki_kernlast;
	if (last < map->physend)
		last = map->physend;
	return (snprintf(NULL, 0, "0x%jx", (uintmax_t)last));
}

/* The width is that of the terminal, or $COLUMNS. */
u_int
map_textcolumns(const struct map *map)
{
	struct winsize ws;
	const char *env;
	u_int addresslen, columns, width;

	addresslen = address_len(map);
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
		above = map_rowsabove(g, n);
		if (above > 0)
			printf("%*s  nothing in %s\n", addresslen, "",
			    size_text(size, above * grid_rowsize(g)));
		snprintf(address, sizeof(address), "0x%jx",
		    (uintmax_t)grid_address(g, row));
		printf("%*s |", addresslen, address);
		for (i = 0; i < g->columns; i++)
			putchar(map_levels[map_cell(g,
			    &row->cell[i])].character);
		map_rowshare(g, row, size, share);
		printf("| %9s %5s\n", size, share);
	}
}

void
map_print(const struct map *map)
{
	char buf[256], size[SIZE_TEXT];
	const struct space *space;
	u_int i;

	map_describe(map, buf, sizeof(buf));
	print_name(stdout, map->file);
	printf(": %s\n", buf);
	for (i = LEVEL_NONE + 1; i < NLEVELS; i++)
		printf("%s%c %s", i == LEVEL_NONE + 1 ? "" : "  ",
		    map_levels[i].character, map_levels[i].text);
	putchar('\n');
	for (i = 0; i < 2; i++) {
		space = &map->spaces[i];
		map_describespace(map, space, buf, sizeof(buf));
		printf("\n%s", space->title);
		if (space->grid.nrows > 0)
			printf(", a character is %s",
			    size_text(size, space->grid.cellsize));
		printf(":\n%s\n", buf);
		print_space(space, address_len(map));
	}
}
