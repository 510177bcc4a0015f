/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures for vmcore map: boxes and text in an SVG file.
 *
 * Lengths are in pixels from the top left corner, before scaling.  Colours are
 * 0xrrggbb.
 */

#ifndef _SVG_H_
#define	_SVG_H_

#include <stdint.h>
#include <stdio.h>

enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct svg {
	const char	*file;
	FILE		*fp;
};

/* Check the suffix of a file name.  Returns 0 after printing an error. */
int	svg_name(const char *file);

/*
 * Begin and end a picture, which is white and replaces an existing file.  Both
 * return 0, or -1 after printing the reason; then there is no file.
 */
int	svg_begin(struct svg *svg, const char *file, int width, int height);
int	svg_end(struct svg *svg);

void	svg_box(struct svg *svg, int x, int y, int width, int height,
	    uint32_t colour);

/* Draw a line of printable ASCII with baseline y, aligned at x. */
void	svg_text(struct svg *svg, int x, int y, int size, enum align align,
	    uint32_t colour, const char *text);

#endif /* !_SVG_H_ */
