/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures for vmcore map: boxes and text in an SVG file, which may have any
 * size on paper or screen.
 *
 * Lengths are in units of about a pixel, from the top left corner.  Colours
 * are 0xrrggbb.
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

/* Whether a file may have this name; if not, that is printed. */
int	svg_name(const char *file);

/*
 * Begin a white picture, which replaces the file if it exists, and end it.
 * Both return 0, or -1 after printing why; there is no file then.
 */
int	svg_begin(struct svg *svg, const char *file, int width, int height);
int	svg_end(struct svg *svg);

void	svg_box(struct svg *svg, int x, int y, int width, int height,
	    uint32_t colour);

/*
 * A line of printable ASCII that stands on y and is left or right of x, or
 * about it.
 */
void	svg_text(struct svg *svg, int x, int y, int size, enum align align,
	    uint32_t colour, const char *text);

#endif /* !_SVG_H_ */
