/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures as self-contained SVG 1.1, for mapimage.c.
 */

#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "svg.h"
#include "vmcore.h"

static const char suffix[] = ".svg";

int
svg_name(const char *file)
{
	size_t len;

	len = strlen(file);
	if (len >= sizeof(suffix) &&
	    strcasecmp(file + len - (sizeof(suffix) - 1), suffix) == 0)
		return (1);
	xwarnx("%s: a picture's name ends with %s", file, suffix);
	return (0);
}

int
svg_begin(struct svg *svg, const char *file, int width, int height)
{

	svg->file = file;
	svg->fp = fopen(file, "wb");
	if (svg->fp == NULL) {
		xwarn("%s", file);
		return (-1);
	}
	fprintf(svg->fp, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" version=\"1.1\" "
	    "width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\" "
	    "font-family=\"Verdana, DejaVu Sans, Helvetica, Arial, "
	    "sans-serif\" shape-rendering=\"crispEdges\">\n"
	    "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>\n",
	    width, height, width, height, width, height);
	return (0);
}

int
svg_end(struct svg *svg)
{
	int error;

	fputs("</svg>\n", svg->fp);
	error = fflush(svg->fp) == EOF || ferror(svg->fp);
	if (fclose(svg->fp) == 0 && !error)
		return (0);
	xwarn("%s", svg->file);
	unlink(svg->file);
	return (-1);
}

void
svg_box(struct svg *svg, int x, int y, int width, int height, uint32_t colour)
{

	fprintf(svg->fp, "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
	    "fill=\"#%06x\"/>\n", x, y, width, height, colour);
}

void
svg_text(struct svg *svg, int x, int y, int size, enum align align,
    uint32_t colour, const char *text)
{
	static const char *const anchors[] = { "start", "middle", "end" };

	fprintf(svg->fp, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" "
	    "text-anchor=\"%s\" fill=\"#%06x\">", x, y, size, anchors[align],
	    colour);
	for (; *text != '\0'; text++) {
		if (*text == '&')
			fputs("&amp;", svg->fp);
		else if (*text == '<')
			fputs("&lt;", svg->fp);
		else if (*text == '>')
			fputs("&gt;", svg->fp);
		else
			fputc(*text, svg->fp);
	}
	fputs("</text>\n", svg->fp);
}
