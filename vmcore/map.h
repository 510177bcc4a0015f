/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The map of a dump, for the files that show it: on a terminal, as a picture
 * or, in map.c, as JSON.
 */

#ifndef _MAP_H_
#define	_MAP_H_

#include <kvm.h>

#include "grid.h"

/* How a cell is shown; LEVEL_n is for a share of at most n per cent. */
enum level {
	LEVEL_NONE, LEVEL_2, LEVEL_10, LEVEL_50, LEVEL_MORE, LEVEL_ALL,
	LEVEL_MISSING, LEVEL_LEFT, LEVEL_DEVICE,
	NLEVELS
};

struct map_level {
	char		character;
	uint32_t	colour;
	const char	*text;		/* on a terminal */
	const char	*caption;	/* in a picture */
};
extern const struct map_level map_levels[NLEVELS];

#define	ADDRESS_LEN	19		/* "0x", 16 digits and a NUL */

#define	PICTURE_COLUMNS	64
#define	PICTURE_ROWS	32
#define	TEXT_ROWS	16

/* One of the two address spaces. */
struct space {
	const char	*name;		/* in JSON */
	const char	*title;
	struct grid	grid;
	uint64_t	sum[NSTATES];	/* bytes */
};

struct map {
	const char	*file;
	const struct kvm_dumpinfo *ki;
	uint64_t	physend;	/* end of the last page dumped */
	struct space	spaces[2];
};
#define	PHYSICAL(map)	(&(map)->spaces[0])
#define	KERNEL(map)	(&(map)->spaces[1])

/*
 * Missing pages are shown wherever there are any; otherwise, the state of most
 * of the pages whose state is known.
 */
enum level map_cell(const struct grid *g, const struct grid_cell *cell);

/* Return the number of empty rows above this one. */
uint64_t map_rowsabove(const struct grid *g, u_int n);

/* Return how much of a row is in the dump, as text: bytes, and per cent. */
void	map_rowshare(const struct grid *g, const struct grid_row *row,
	    char size[SIZE_TEXT], char share[SIZE_TEXT]);

/*
 * Describe the dump in a line; describe what it has of a space, and what it
 * lacks.
 */
void	map_describe(const struct map *map, char *buf, size_t len);
void	map_describespace(const struct map *map, const struct space *space,
	    char *buf, size_t len);

/* On a terminal: the number of cells in a line, and the whole map. */
u_int	map_textcolumns(const struct map *map);
void	map_print(const struct map *map);

/* As a picture.  Returns 0, or -1 after printing the reason. */
int	map_draw(const struct map *map, const char *file);

#endif /* !_MAP_H_ */
