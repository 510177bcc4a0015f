/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures as SVG 1.1, which needs no other file.
 */

#include "picture.h"

static int
svg_begin(struct picture *pic)
{

	fprintf(pic->fp, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "font-family=\"Verdana, DejaVu Sans, Helvetica, Arial, "
	    "sans-serif\" shape-rendering=\"crispEdges\">\n"
	    "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
	    pic->width, pic->height, pic->width, pic->height, pic->width,
	    pic->height);
	return (0);
}

static void
svg_box(struct picture *pic, int x, int y, int width, int height,
    uint32_t colour)
{

	fprintf(pic->fp, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "fill=\"#%06x\"/>\n", x, y, width, height, colour);
}

static void
svg_text(struct picture *pic, int x, int y, int size, enum align align,
    uint32_t colour, const char *text)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	fprintf(pic->fp, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" "
	    "text-anchor=\"%s\" fill=\"#%06x\">", x, y, size, anchors[align],
	    colour);
	for (; *text != '\0'; text++) {
		if (*text == '&')
			fputs("&amp;", pic->fp);
		else if (*text == '<')
			fputs("&lt;", pic->fp);
		else if (*text == '>')
			fputs("&gt;", pic->fp);
		else
			fputc(*text, pic->fp);
	}
	fputs("</text>\n", pic->fp);
}

static int
svg_end(struct picture *pic)
{

	fputs("</svg>\n", pic->fp);
	return (0);
}

const struct picture_ops svg_picture = {
	".svg",
	svg_begin,
	svg_box,
	svg_text,
	svg_end
};
