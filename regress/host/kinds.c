/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Layouts of all kinds, dumped twice: each must be right.
 */

#include <stdio.h>

#include "test.h"

const struct kind kinds[] = {
/*	  name	  n  rg pc hi  l su al dm msg end scr noise big huge */
	{ "small", 100, 4, 4, 0, 0, 0, 10, 0, 0, 0, 0, 20, 0, 0 },
	{ "many ranges of memory", 60, 32, 8, 20, 0, 0, 10, 0, 0, 0, 0, 20,
	    0, 0 },
	{ "high memory", 60, 6, 6, 100, 0, 10, 10, 10, 10, 0, 10, 20, 0, 0 },
	{ "superpages", 50, 6, 6, 20, 0, 80, 10, 0, 0, 0, 0, 20, 0, 0 },
	{ "damaged directories", 100, 6, 8, 10, 0, 5, 20, 50, 10, 2, 0, 20,
	    0, 0 },
	{ "damaged message buffer", 100, 6, 6, 0, 0, 5, 10, 5, 90, 0, 0, 20,
	    0, 0 },
	{ "damaged end of kernel memory", 20, 6, 8, 0, 0, 10, 10, 20, 20, 100,
	    0, 20, 0, 0 },
	{ "damaged bitmaps", 60, 6, 6, 20, 0, 0, 10, 0, 0, 0, 100, 20, 0, 0 },
	{ "memory up to the end", 15, 6, 6, 0, 100, 0, 10, 0, 0, 0, 20, 20,
	    0, 0 },
	{ "everything", 100, 12, 8, 20, 0, 10, 20, 20, 20, 2, 20, 20, 0, 0 },
};

const unsigned nkinds = NITEMS(kinds);

/* For cases that are about something else. */
const struct kind kind_small = { "small", 0, 4, 4, 0, 0, 0, 10, 10, 10, 0,
    0, 20, 0, 0 };
/* Where each entry has one place in the dump. */
const struct kind kind_plain = { "plain", 0, 6, 8, 0, 0, 10, 0, 0, 10, 0,
    0, 20, 0, 0 };
/* Much that cannot be compressed. */
const struct kind kind_noisy = { "noisy", 0, 6, 6, 0, 0, 80, 10, 0, 0, 0,
    0, 100, 0, 0 };
/* Of some hundred writes. */
const struct kind kind_large = { "large", 0, 2, 4, 0, 0, 0, 10, 0, 10, 0, 0,
    20, 3200, 0 };
/* Of more than 4 GiB. */
const struct kind kind_huge = { "huge", 0, 4, 6, 0, 0, 0, 10, 0, 0, 0, 0,
    20, 0, 1 };
/* Whose tables are all right until they are damaged. */
const struct kind kind_whole = { "whole", 0, 4, 6, 5, 0, 3, 10, 0, 5, 0, 0,
    20, 0, 0 };

static int
check_spare(size_t n)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (dev.mem[i] != 0xe5)
			return (wrong("write below the dump"));
	return (1);
}

int
layout_case(const struct kind *kind, uint64_t seed)
{
	long long offset;
	size_t kept;

	make_layout(kind, seed);
	offset = chance(50) ? 0 : DEV_BLOCK * (long long)rnd_below(20000000);
	kept = DEV_BLOCK * (size_t)rnd_below(200);
	make_device(offset, (long long)kept + (chance(70) ? 0 : 5 * GIB),
	    kept);
	ask_size();
	if (!dump_right() || !check_asked() ||
	    !check_spare(dev.len - (size_t)form.length - 2 * KDH_SIZE))
		return (0);

	/* The kernel goes on for a while, and the next dump is another. */
	layout_touch(&lay, (unsigned)rnd_below(20));
	make_model(0);
	model_image(&image, &model, &lay, lay.piece);
	make_device(offset, 0, 0);
	return (dump_right());
}
