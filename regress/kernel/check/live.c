/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a guest has read from /dev/minidump before it crashed, and put on its
 * disk: as a dump it is held to the same manifest.
 */

#include <stdio.h>
#include <string.h>

#include "check.h"

void
check_live(struct manifest *m, const struct dump *d)
{
	struct dump live;
	const char *name;
	char text[64];
	uint64_t i, n;

	if (m->livesize == 0)
		return;
	if (m->liveoffset + m->livesize > d->disk.size)
		die("what was read live is not on the disk");
	name = promise_case;
	snprintf(text, sizeof(text), "%s-live", name);
	promise_case = text;
	live = *d;
	live.live = 1;
	live.nleft = 0;
	live.stored = live.core = d->disk.map + m->liveoffset;
	live.storedlen = live.length = m->livesize;
	live.member = NULL;
	live.nmembers = 0;
	for (i = 0; i < m->nframes; i++)
		m->frame[i].page = NULL;
	write_core(&live, "live");
	if (check_header(m, &live))
		check_memory(m, &live);
	promise("the memory that it takes to be read is not in it");
	for (i = n = 0; i < m->nframes; i++) {
		n += m->frame[i].own;
		if (m->frame[i].own && m->frame[i].page != NULL)
			fail("frame 0x%jx is", (uintmax_t)i * PAGESIZE);
	}
	if (n == 0)
		fail("there is none");
	kept(": %ju pages", (uintmax_t)n);
	promise_case = name;
}
