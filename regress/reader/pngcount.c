/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * pngcount file x y width height: what is in a part of a PNG picture of the
 * kind that vmcore map makes.  Checks the file's structure and checksums, and
 * prints each colour, which has to be exact, with how many pixels have it:
 *	rrggbb N
 */

#include <sys/types.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define	MAXFILE		(16 * 1024 * 1024)
#define	NCOLOURS	(1 << 24)

static u_char file[MAXFILE];
static uint32_t counts[NCOLOURS];

static uint32_t
get32(const u_char *p)
{

	return ((uint32_t)p[0] << 24 | p[1] << 16 | p[2] << 8 | p[3]);
}

/* Check the chunk at p, and return how many bytes of data it has. */
static uint32_t
chunk(const u_char *p, const u_char *end, const char *type)
{
	uint32_t len;

	if (end - p < 12)
		errx(1, "ends before %s", type);
	len = get32(p);
	if (len > (size_t)(end - p) - 12)
		errx(1, "%s: length %u: beyond the end", type, len);
	if (memcmp(p + 4, type, 4) != 0)
		errx(1, "%.4s: not %s", p + 4, type);
	if (crc32(0, p + 4, len + 4) != get32(p + 8 + len))
		errx(1, "%s: crc", type);
	return (len);
}

int
main(int argc, char **argv)
{
	const u_char *data, *end, *p;
	u_char *pixels;
	uint32_t height, len, width, x, y;
	uLongf size;
	FILE *fp;

	if (argc != 6)
		errx(2, "usage: pngcount file x y width height");
	fp = fopen(argv[1], "rb");
	if (fp == NULL)
		err(2, "%s", argv[1]);
	p = file;
	end = p + fread(file, 1, sizeof(file), fp);
	if (end - p < 8 || memcmp(p, "\211PNG\r\n\032\n", 8) != 0)
		errx(1, "no PNG file");
	p += 8;
	len = chunk(p, end, "IHDR");
	if (len != 13 || memcmp(p + 16, "\010\002\0\0\0", 5) != 0)
		errx(1, "IHDR: other than 8-bit colours");
	width = get32(p + 8);
	height = get32(p + 12);
	p += 12 + len;
	p += 12 + chunk(p, end, "pHYs");
	len = chunk(p, end, "IDAT");
	data = p + 8;
	p += 12 + len;
	p += 12 + chunk(p, end, "IEND");
	if (p != end)
		errx(1, "goes on after IEND");

	size = (uLongf)height * (1 + width * 3) + 1;
	pixels = malloc(size);
	if (pixels == NULL)
		err(2, "memory");
	if (uncompress(pixels, &size, data, len) != Z_OK ||
	    size != (uLongf)height * (1 + width * 3))
		errx(1, "IDAT: not %ux%u pixels", width, height);
	for (y = 0; y < height; y++) {
		p = pixels + (size_t)y * (1 + width * 3);
		if (*p != 0)
			errx(1, "IDAT: row %u: filter %u", y, *p);
		if (y < (uint32_t)atoi(argv[3]) ||
		    y >= (uint32_t)atoi(argv[3]) + atoi(argv[5]))
			continue;
		for (x = atoi(argv[2]); x < (uint32_t)atoi(argv[2]) +
		    atoi(argv[4]) && x < width; x++)
			counts[get32(p + x * 3) & 0xffffff]++;
	}
	for (x = 0; x < NCOLOURS; x++)
		if (counts[x] != 0)
			printf("%06x %u\n", x, counts[x]);
	return (0);
}
