/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * An older dump is on the device, and the power fails: after any write there
 * is the new dump, the old one if nothing was written, or none.
 */

#include <string.h>

#include "test.h"

uint64_t old_length;
static unsigned char *old_mem;
static size_t old_size;

/* The headers of the older dump alone. */
void
put_old(enum old_is is)
{
	unsigned char old_kdh[KDH_SIZE];
	static struct layout older;

	if (is == OLD_NONE)
		return;
	older = lay;
	if (is != OLD_SAME_HEADER)
		older.vars.now ^= 1 + (long)rnd_below(1000);
	model_kdh(&older, old_length, dev.blocksize, old_kdh);
	memcpy(dev.mem + dev.len - KDH_SIZE, old_kdh, KDH_SIZE);
	memcpy(dev.mem + dev.len - 2 * KDH_SIZE - old_length, old_kdh,
	    KDH_SIZE);
}

/* Fill the device, with an older dump of about the length of this one. */
void
fill_old(enum old_is is)
{

	old_length = form.length;
	if (is == OLD_LONGER)
		old_length += (1 + rnd_below(40)) * PAGE;
	else if (is == OLD_SHORTER)
		old_length = (1 + rnd_below(form.length / DEV_BLOCK - 1)) *
		    DEV_BLOCK;
	rnd_fill(dev.mem, dev.len);
	put_old(is);
	memcpy(dev.medium, dev.mem, dev.len);
	old_mem = sim_grow(old_mem, &old_size, dev.len);
	memcpy(old_mem, dev.mem, dev.len);
}

void
make_old(enum old_is is)
{

	make_device(0, 40 * PAGE, 40 * PAGE);
	fill_old(is);
}

enum found
whats_there(const unsigned char *mem)
{
	static struct form there;
	unsigned char kdh[KDH_SIZE];
	static struct image plain_there;
	int64_t len;
	size_t from;

	len = find_dump(mem);
	if (len == -1)
		return (FOUND_NONE);
	there.gz = form.gz;
	there.length = form.length;
	model_kdh(&lay, form.length, dev.blocksize, kdh);
	if ((uint64_t)len == form.length &&
	    memcmp(mem + dev.len - KDH_SIZE, kdh, KDH_SIZE) == 0 &&
	    model_dump(mem, &there, &plain_there) == NULL &&
	    memcmp(plain_there.mem, image.mem, model.length) == 0)
		return (FOUND_NEW);
	from = dev.len - 2 * KDH_SIZE - (size_t)len;
	if ((uint64_t)len == old_length &&
	    memcmp(mem + from, old_mem + from, dev.len - from) == 0)
		return (FOUND_OLD);
	return (FOUND_MIXTURE);
}

/*
 * Called by the device: the power could fail here.  What was not flushed is on
 * the medium, or not, block by block.
 */
void
power_fails(void)
{
	static unsigned char *mem;
	static size_t size;
	size_t i;
	int trial;

	mem = sim_grow(mem, &size, dev.len);
	for (trial = 0; trial < 6; trial++) {
		for (i = 0; i < dev.len; i += DEV_BLOCK)
			memcpy(mem + i, (trial == 0 || (trial > 1 &&
			    chance(50)) ? dev.mem : dev.medium) + i,
			    DEV_BLOCK);
		if (whats_there(mem) == FOUND_MIXTURE)
			(void)wrong("after %u calls the power fails: a "
			    "mixture of old and new", dev.calls);
	}
	if (dev.calls >= 3 && whats_there(dev.mem) == FOUND_OLD)
		(void)wrong("old dump still there after %u calls", dev.calls);
}

int
power_case(uint64_t seed)
{
	int is;

	make_layout(&kind_small, seed);
	know_form(&form);
	for (is = 0; is < NOLD; is++) {
		make_old(is);
		dev.hook = power_fails;
		if (!dump_ending(&complete) || !check_dump())
			return (wrong("with old dump, kind %d", is));
		if (whats_there(dev.medium) != FOUND_NEW)
			return (wrong("not flushed at the end"));
	}
	return (why[0] == '\0');
}
