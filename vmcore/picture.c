/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures: the file, and which kind it is.
 */

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "picture.h"
#include "vmcore.h"

static const struct picture_ops *const kinds[] = {
	&png_picture,
	&svg_picture,
};

static const struct picture_ops *
find_kind(const char *file)
{
	size_t len, n;
	u_int i;

	len = strlen(file);
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		n = strlen(kinds[i]->suffix);
		if (len > n && strcasecmp(file + len - n,
		    kinds[i]->suffix) == 0)
			return (kinds[i]);
	}
	return (NULL);
}

int
picture_name(const char *file)
{

	if (find_kind(file) != NULL)
		return (1);
	xwarnx("%s: a picture's name ends with %s or %s", file,
	    svg_picture.suffix, png_picture.suffix);
	return (0);
}

int
picture_begin(struct picture *pic, const char *file, int width, int height)
{

	memset(pic, 0, sizeof(*pic));
	pic->ops = find_kind(file);
	pic->file = file;
	pic->width = width;
	pic->height = height;
	pic->fp = fopen(file, "wb");
	if (pic->fp == NULL) {
		xwarn("%s", file);
		return (-1);
	}
	if ((*pic->ops->begin)(pic) == 0)
		return (0);
	xwarn("%s", file);
	fclose(pic->fp);
	unlink(file);
	return (-1);
}

int
picture_end(struct picture *pic)
{
	int error;

	error = (*pic->ops->end)(pic);
	if (fflush(pic->fp) == EOF || ferror(pic->fp))
		error = -1;
	if (fclose(pic->fp) == EOF)
		error = -1;
	if (error == 0)
		return (0);
	xwarn("%s", pic->file);
	unlink(pic->file);
	return (-1);
}

void
picture_box(struct picture *pic, int x, int y, int width, int height,
    uint32_t colour)
{

	(*pic->ops->box)(pic, x, y, width, height, colour);
}

void
picture_text(struct picture *pic, int x, int y, int size, enum align align,
    uint32_t colour, const char *text)
{

	(*pic->ops->text)(pic, x, y, size, align, colour, text);
}
