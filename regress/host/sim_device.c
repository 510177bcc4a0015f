/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The simulated machine's dump device.
 */

#include <string.h>

#include "sim_int.h"

#define	METADATA	65536		/* bytes that must stay unwritten */

struct device dev;

void
dev_init(long long mediaoffset, long long mediasize, size_t len)
{
	static unsigned char *mem, *medium;
	static size_t mem_size, medium_size;

	mem = sim_grow(mem, &mem_size, len);
	medium = sim_grow(medium, &medium_size, len);
	memset(&dev, 0, sizeof(dev));
	dev.mediaoffset = mediaoffset;
	dev.mediasize = mediasize;
	dev.blocksize = DEV_BLOCK;
	dev.len = len;
	dev.mem = memset(mem, 0xe5, len);
	dev.medium = memset(medium, 0xe5, len);
	dev.pending = len;
}

void
dev_rearm(void)
{

	dev.fail_call = dev.key_poll = 0;
	dev.fail_late = dev.fail_on = 0;
	dev.hook = dev.any_hook = NULL;
	dev.calls = dev.writes = dev.flushes = dev.polls = 0;
}

/* Check that this may be written; called for every write, even if it fails. */
static int
dev_allows(long long offset, size_t len)
{
	long long end;

	end = dev.mediaoffset + dev.mediasize;
	if (len == 0 || len % DEV_BLOCK != 0 || offset % DEV_BLOCK != 0)
		sim_fail("write of %zu bytes at %lld", len, offset);
	else if (offset < dev.mediaoffset + METADATA || offset > end ||
	    (long long)len > end - offset)
		sim_fail("write of %zu bytes at %lld: outside of the device",
		    len, offset);
	else if (offset < end - (long long)dev.len && !dev.sink)
		sim_fail("write of %zu bytes at %lld: too low", len, offset);
	else
		return (1);
	return (0);
}

static void
dev_store(const void *buf, long long offset, size_t len)
{
	long long from;
	size_t at;

	from = dev.mediaoffset + dev.mediasize - (long long)dev.len;
	if (offset < from)
		return;
	at = (size_t)(offset - from);
	memcpy(dev.mem + at, buf, len);
	if (at < dev.pending)
		dev.pending = at;
}

/*
 * What dadump() does with a write if blocks are larger: it begins at a block
 * boundary, and a command for 0 blocks means 256.
 */
static void
dev_blocks(long long *offset, size_t *len)
{

	if (dev.blocksize == DEV_BLOCK)
		return;
	*offset -= *offset % dev.blocksize;
	*len -= *len % dev.blocksize;
	if (*len == 0)
		*len = 256 * (size_t)dev.blocksize;
}

int
sim_dumper(const void *buf, long long offset, size_t len)
{
	int fails;

	dev.calls++;
	fails = dev.calls == dev.fail_call || (dev.fail_on &&
	    dev.calls > dev.fail_call);
	if (buf == NULL) {
		if (len != 0 || offset != 0)
			sim_fail("flush at %lld of %zu bytes", offset, len);
		dev.flushes++;
		if (!fails) {
			memcpy(dev.medium + dev.pending,
			    dev.mem + dev.pending, dev.len - dev.pending);
			dev.pending = dev.len;
		}
	} else {
		dev.writes++;
		dev.last = offset;
		dev_blocks(&offset, &len);
		if (dev_allows(offset, len) && (!fails || dev.fail_late))
			dev_store(buf, offset, len);
	}
	run_others(0);
	if (dev.hook != NULL)
		(*dev.hook)();
	if (dev.any_hook != NULL)
		(*dev.any_hook)();
	return (fails ? dev.fail_errno : 0);
}
