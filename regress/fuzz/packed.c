/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The fuzzer's job for the compressor of compressed dumps: what it makes of any
 * bytes must inflate to them, by zlib.  fuzz.c calls this.
 */

#include <sys/types.h>

#include <err.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <kern/minidump_deflate.h>

#include "model.h"

/*
 * The piece that the fuzzer's bytes stand for: how long it is, modulo what may
 * be, and how often a byte changes when the rest is repeated to that length.
 */
#define	HEAD		3

static uint8_t *
make_piece(const uint8_t *data, size_t size, size_t *lenp)
{
	uint8_t *piece;
	size_t i, len;
	unsigned int step;

	len = (data[0] | data[1] << 8) % (MINIDUMP_DEFLATE_MOST + 1);
	step = data[2];
	data += HEAD;
	size -= HEAD;
	/* Memory of its own, so that the sanitizer sees what is beyond it. */
	piece = malloc(len == 0 ? 1 : len);
	if (piece == NULL)
		err(2, "memory");
	for (i = 0; i < len; i++) {
		piece[i] = data[i % size];
		if (step != 0 && i >= size && i % step == 0)
			piece[i] += i / size;
	}
	*lenp = len;
	return (piece);
}

/* Whether "n" bytes inflate to "len" that are these. */
static int
inflates(uint8_t *from, size_t n, const uint8_t *piece, size_t len)
{
	static uint8_t plain[MINIDUMP_DEFLATE_MOST + 1];
	z_stream z;
	int error;

	memset(&z, 0, sizeof(z));
	if (inflateInit2(&z, -MAX_WBITS) != Z_OK)
		errx(2, "inflateInit2");
	z.next_in = from;
	z.avail_in = n;
	z.next_out = plain;
	z.avail_out = sizeof(plain);
	error = inflate(&z, Z_FINISH);
	(void)inflateEnd(&z);
	return (error == Z_STREAM_END && z.avail_in == 0 &&
	    z.total_out == len && memcmp(plain, piece, len) == 0);
}

const char *
packed_wrong(const uint8_t *data, size_t size)
{
	static struct minidump_deflate fresh, used, z;
	static int ready;
	const char *wrong;
	uint8_t *again, *piece, *to;
	size_t len, n;

	if (size <= HEAD)
		return (NULL);
	if (!ready) {
		minidump_deflate_init(&fresh);
		used = fresh;
		ready = 1;
	}
	piece = make_piece(data, size, &len);
	to = malloc(MINIDUMP_DEFLATE_ROOM(len));
	again = malloc(MINIDUMP_DEFLATE_ROOM(len));
	if (to == NULL || again == NULL)
		err(2, "memory");
	n = minidump_deflate(&used, piece, len, to);
	wrong = NULL;
	if (n > MINIDUMP_DEFLATE_MAX(len))
		wrong = "too long";
	else if (!inflates(to, n, piece, len))
		wrong = "it does not inflate to the same bytes";
	else {
		/* What came before is of no influence. */
		z = fresh;
		if (minidump_deflate(&z, piece, len, again) != n ||
		    memcmp(again, to, n) != 0)
			wrong = "something is left of the piece before";
	}
	free(piece);
	free(to);
	free(again);
	return (wrong);
}
