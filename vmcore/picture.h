/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures for vmcore map: boxes and text, in an SVG or a PNG file.
 *
 * Lengths are in units of about a pixel on paper or screen, from the top left
 * corner.  Colours are 0xrrggbb.  Text is printable ASCII.
 */

#ifndef _PICTURE_H_
#define	_PICTURE_H_

#include <sys/types.h>

#include <stdint.h>
#include <stdio.h>

enum align { ALIGN_LEFT, ALIGN_CENTER, ALIGN_RIGHT };

struct picture;

/* A kind of file: what picture.c calls. */
struct picture_ops {
	const char	*suffix;	/* of its name */
	int		(*begin)(struct picture *pic);
	void		(*box)(struct picture *pic, int x, int y, int width,
			    int height, uint32_t colour);
	void		(*text)(struct picture *pic, int x, int y, int size,
			    enum align align, uint32_t colour,
			    const char *text);
	int		(*end)(struct picture *pic);
};

struct picture {
	const struct picture_ops *ops;
	const char	*file;
	FILE		*fp;
	int		width;
	int		height;
	u_char		*pixels;	/* png.c's */
};

extern const struct picture_ops png_picture, svg_picture;

/*
 * Whether the name of a file tells what kind of picture it is to be; if not,
 * that is printed.
 */
int	picture_name(const char *file);

/*
 * Begin a white picture, which replaces the file if it exists.  Functions that
 * return an int return 0, or -1 after printing why; there is no file then.
 */
int	picture_begin(struct picture *pic, const char *file, int width,
	    int height);
int	picture_end(struct picture *pic);

void	picture_box(struct picture *pic, int x, int y, int width, int height,
	    uint32_t colour);

/* A line of text that stands on y and is left or right of x, or about it. */
void	picture_text(struct picture *pic, int x, int y, int size,
	    enum align align, uint32_t colour, const char *text);

#endif /* !_PICTURE_H_ */
