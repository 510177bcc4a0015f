/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Pictures as PNG.  Text is drawn with a pen, along the strokes that are in
 * the table below, since a file of pixels cannot leave it to the reader.
 */

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "picture.h"

/* Pixels of a unit, so that what is printed is not coarse. */
#define	SCALE		2
#define	SAMPLES		4		/* of a pixel, in either direction */

/*
 * Characters from the space on: strokes, which are points of a letter that
 * is 4 wide and 6 high; a point is the digits of x and y.  y is 0 at the top,
 * 6 on the line, and 8 below it.
 */
#define	GLYPHHEIGHT	6
#define	GLYPHGAP	2		/* between letters */
#define	DIGITWIDTH	4
#define	SPACEWIDTH	2
static const char *const glyphs[] = {
	"", "0004 06", "0002 2022", "1016 3036 0242 0444",
	"413010010213334445361605 2026", "4006 0010110100 3545463635",
	"4611 11011020210405162644", "0002", "10010516", "00111506",
	"2125 0244 4204", "2125 0343", "151607", "0333", "06", "3006",
	"103041453616050110", "112026 1636", "01103041420646",
	"01103041423323 334445361605", "36300444", "400002324345361605",
	"3020020516364544331304", "004016",
	"103041423313020110 1304051636454433", "4233130201103041442616",
	"03 06", "13 151607", "410345", "0242 0444", "014305",
	"01103041422324 26", "3514132232354441301001051636", "062046 1434",
	"0333424130000636454433", "4130100105163645", "00204244260600",
	"40000646 0333", "400006 0333", "413010010516364543 4323",
	"0006 4046 0343", "0020 1016 0626", "3035261605", "0006 4004 1346",
	"000646", "0600234046", "06004640", "103041453616050110",
	"06003041423303", "103041453616050110 2446", "06003041423303 2346",
	"413010010213334445361605", "0040 2026", "000516364540", "002640",
	"0016223640", "0046 4006", "002340 2326", "00400646", "10000616",
	"0036", "00101606", "022042", "0747", "0011",
	"0212233336 341405162635", "0006 0312223335261605", "3322120305162635",
	"3036 3322120305162635", "043433221203051636", "30201116 0232",
	"3237281807 3322120305162635", "0006 0312223336", "0206 00",
	"121708 10", "0006 3204 1436", "000516", "0206 03122326 23324346",
	"0206 0312223336", "122233352616050312", "0208 0312223335261605",
	"3238 3322120305162635", "0206 031222", "3212031424352606",
	"101526 0222", "0205162635 3236", "022642", "0216233642", "0236 3206",
	"0226 4218", "02320636", "20101203141626", "0007", "00101223141606",
	"04133443"
};
#define	NGLYPHS		(sizeof(glyphs) / sizeof(glyphs[0]))

/* A row is a byte for PNG's filter, none, and red, green and blue. */
static size_t
rowlen(const struct picture *pic)
{

	return (1 + (size_t)pic->width * SCALE * 3);
}

static int
png_begin(struct picture *pic)
{
	size_t len;
	int y;

	len = rowlen(pic);
	pic->pixels = malloc(pic->height * SCALE * len);
	if (pic->pixels == NULL)
		return (-1);
	memset(pic->pixels, 0xff, pic->height * SCALE * len);
	for (y = 0; y < pic->height * SCALE; y++)
		pic->pixels[y * len] = 0;
	return (0);
}

/* Cover a pixel: "cover" is of SAMPLES * SAMPLES. */
static void
paint(struct picture *pic, int x, int y, uint32_t colour, int cover)
{
	u_char *p;
	int i, new;

	if (x < 0 || x >= pic->width * SCALE || y < 0 ||
	    y >= pic->height * SCALE)
		return;
	p = pic->pixels + y * rowlen(pic) + 1 + x * 3;
	for (i = 0; i < 3; i++) {
		new = colour >> (2 - i) * 8 & 0xff;
		p[i] += (new - p[i]) * cover / (SAMPLES * SAMPLES);
	}
}

static void
png_box(struct picture *pic, int x, int y, int width, int height,
    uint32_t colour)
{
	int px, py;

	for (py = y * SCALE; py < (y + height) * SCALE; py++)
		for (px = x * SCALE; px < (x + width) * SCALE; px++)
			paint(pic, px, py, colour, SAMPLES * SAMPLES);
}

struct point {
	double	x;
	double	y;
};

/* Whether p is within "radius" of the line from a to b. */
static int
near(struct point p, struct point a, struct point b, double radius)
{
	double length, t;

	b.x -= a.x;
	b.y -= a.y;
	p.x -= a.x;
	p.y -= a.y;
	length = b.x * b.x + b.y * b.y;
	t = length > 0 ? (p.x * b.x + p.y * b.y) / length : 0;
	t = t < 0 ? 0 : t > 1 ? 1 : t;
	p.x -= t * b.x;
	p.y -= t * b.y;
	return (p.x * p.x + p.y * p.y <= radius * radius);
}

/* Draw a line; all of this is in pixels. */
static void
line(struct picture *pic, struct point a, struct point b, double radius,
    uint32_t colour)
{
	struct point p;
	double bottom, left, right, top;
	int cover, i, x, y;

	left = (a.x < b.x ? a.x : b.x) - radius;
	right = (a.x > b.x ? a.x : b.x) + radius;
	top = (a.y < b.y ? a.y : b.y) - radius;
	bottom = (a.y > b.y ? a.y : b.y) + radius;
	for (y = top; y <= bottom; y++)
		for (x = left; x <= right; x++) {
			cover = 0;
			for (i = 0; i < SAMPLES * SAMPLES; i++) {
				p.x = x + (i % SAMPLES + 0.5) / SAMPLES;
				p.y = y + (i / SAMPLES + 0.5) / SAMPLES;
				cover += near(p, a, b, radius);
			}
			if (cover > 0)
				paint(pic, x, y, colour, cover);
		}
}

static const char *
find_glyph(char c)
{

	return (c >= ' ' && (u_int)(c - ' ') < NGLYPHS ? glyphs[c - ' '] :
	    glyphs['?' - ' ']);
}

/* How wide a letter is with its gap; all digits are the same. */
static int
advance(char c)
{
	const char *p;
	int width;

	width = c == ' ' ? SPACEWIDTH : 0;
	if (c >= '0' && c <= '9')
		width = DIGITWIDTH;
	for (p = find_glyph(c); *p != '\0'; p += *p == ' ' ? 1 : 2)
		if (*p != ' ' && *p - '0' > width)
			width = *p - '0';
	return (width + GLYPHGAP);
}

/* "size" is that of a font, whose capitals are 7/10 of it. */
static void
png_text(struct picture *pic, int x, int y, int size, enum align align,
    uint32_t colour, const char *text)
{
	struct point from, to;
	const char *p;
	double left, unit;
	int inside, width;

	unit = size * SCALE * 0.7 / GLYPHHEIGHT;
	width = -GLYPHGAP;
	for (p = text; *p != '\0'; p++)
		width += advance(*p);
	memset(&from, 0, sizeof(from));
	left = x * SCALE;
	if (align != ALIGN_LEFT)
		left -= width * unit / (align == ALIGN_CENTER ? 2 : 1);
	for (; *text != '\0'; left += advance(*text++) * unit) {
		inside = 0;
		for (p = find_glyph(*text); *p != '\0'; p += 2) {
			if (*p == ' ') {
				p++;
				inside = 0;
			}
			to.x = left + (p[0] - '0') * unit;
			to.y = y * SCALE + (p[1] - '0' - GLYPHHEIGHT) * unit;
			if (!inside)
				from = to;
			if (inside || p[2] == '\0' || p[2] == ' ')
				line(pic, from, to, unit * 0.45, colour);
			inside = 1;
			from = to;
		}
	}
}

static void
put32(u_char *p, uint32_t v)
{

	p[0] = v >> 24;
	p[1] = v >> 16 & 0xff;
	p[2] = v >> 8 & 0xff;
	p[3] = v & 0xff;
}

static void
chunk(struct picture *pic, const char *type, const u_char *data, uint32_t len)
{
	u_char buf[8];
	uLong crc;

	put32(buf, len);
	memcpy(buf + 4, type, 4);
	fwrite(buf, 1, 8, pic->fp);
	crc = crc32(0, buf + 4, 4);
	if (len > 0) {
		fwrite(data, 1, len, pic->fp);
		crc = crc32(crc, data, len);
	}
	put32(buf, crc);
	fwrite(buf, 1, 4, pic->fp);
}

static int
png_end(struct picture *pic)
{
	u_char ihdr[13], phys[9], *data;
	uLongf len;
	int error;

	put32(ihdr, pic->width * SCALE);
	put32(ihdr + 4, pic->height * SCALE);
	/* 8 bits of each of red, green and blue. */
	memcpy(ihdr + 8, "\010\002\0\0\0", 5);
	/* Pixels to a metre, for 96 units to the inch. */
	put32(phys, SCALE * 3780);
	put32(phys + 4, SCALE * 3780);
	phys[8] = 1;
	len = compressBound(pic->height * SCALE * rowlen(pic));
	data = malloc(len);
	error = -1;
	if (data != NULL && compress(data, &len, pic->pixels,
	    pic->height * SCALE * rowlen(pic)) == Z_OK) {
		fwrite("\211PNG\r\n\032\n", 1, 8, pic->fp);
		chunk(pic, "IHDR", ihdr, sizeof(ihdr));
		chunk(pic, "pHYs", phys, sizeof(phys));
		chunk(pic, "IDAT", data, len);
		chunk(pic, "IEND", NULL, 0);
		error = 0;
	}
	free(data);
	free(pic->pixels);
	return (error);
}

const struct picture_ops png_picture = {
	".png",
	png_begin,
	png_box,
	png_text,
	png_end
};
