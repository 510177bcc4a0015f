/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the kernel says of its dump, by sysctl(3) and on the console.
 */

#include <sys/types.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "check.h"

/*
 * How far off the expected size of a compressed dump may be, in bytes: the
 * buffer for the device is in the dump, and all zero before the first; its
 * neighbours are compressed with it.
 */
#define	GZSIZE_OFF	(128 * 1024)
#define	GZ_SAMPLE	256		/* members that it looks at */
#define	GZ_SAMPLE_OFF	8		/* parts of the whole that it may miss */

/*
 * What asking for the sizes costs others: nothing for the length alone, nor
 * for who may not ask, and Giant is not held; the compressed size is root's,
 * and not listed.
 */
void
check_asking(const struct manifest *m)
{
	static const struct {
		const char	*name;
		u_int		listed, error;
	} names[] = {
		{ "debug.minidump", 1, 0 },
		{ "debug.minidump_compress", 1, 0 },
		{ "debug.minidump_size", 1, 0 },
		{ "debug.minidump_gzsize", 0, EPERM },
	};
	u_int error, giant, i, idle, listed;

	promise("asking for the sizes costs nobody else anything");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (sscanf(manifest_text(m, "asked", names[i].name),
		    "%x %x %x %x", &listed, &error, &idle, &giant) != 4)
			fail("%s: not told", names[i].name);
		else if (listed != names[i].listed || error != names[i].error ||
		    idle != 0 || giant != 0)
			fail("%s: listed %u, errno %u, %u pages for nothing, "
			    "%u with Giant", names[i].name, listed, error,
			    idle, giant);
	}
	kept("%s", "");
}

/*
 * Of a dump of more members than are sampled the compressed size is an
 * estimate.
 */
void
check_size(const struct manifest *m, const struct dump *d)
{
	uint64_t off, said, want;

	promise("debug.minidump_size told how large the device must be");
	said = manifest_number(m, "sysctl", "debug.minidump_size");
	want = needed(d->length + d->left * PAGESIZE);
	off = m->nloose * PAGESIZE;
	if (said > want + off || want > said + off)
		fail("%ju, not %ju", (uintmax_t)said, (uintmax_t)want);
	kept(": %ju", (uintmax_t)said);

	if (d->nmembers == 0 || d->nleft != 0)
		return;
	promise("debug.minidump_gzsize told it nearly");
	said = manifest_number(m, "sysctl", "debug.minidump_gzsize");
	want = needed(d->storedlen);
	off += GZSIZE_OFF;
	if (d->nmembers > GZ_SAMPLE)
		off += want / GZ_SAMPLE_OFF;
	if (said > want + off || want > said + off)
		fail("%ju, not %ju", (uintmax_t)said, (uintmax_t)want);
	kept(": %ju for %ju", (uintmax_t)said, (uintmax_t)want);
}

/*
 * "device too small": how large one would have to be, in MB, is known exactly
 * if it is not compressed.
 */
void
check_small(struct manifest *m, const struct dump *d)
{
	const char *p;
	uint64_t size, want;
	uintmax_t need, there;

	promise("it tells how large the device must be");
	size = manifest_number(m, "sysctl", "debug.minidump_size");
	p = strstr(d->console, "too small: ");
	if (p == NULL || sscanf(p, "too small: %ju MB needed, %ju MB there\n",
	    &need, &there) != 2) {
		fail("it does not");
		need = there = 0;
	}
	want = manifest_want(m, 0);
	want = size - (want - manifest_want(m, NKINDS)) * PAGESIZE;
	if (manifest_number(m, "sysctl", "debug.minidump_compress") == 0 &&
	    need != (want + MB - 1) / MB)
		fail("%ju MB needed, not %ju", need,
		    (uintmax_t)(want + MB - 1) / MB);
	if (need * MB <= m->mediasize || need * MB >= want + MB)
		fail("%ju MB needed, of %ju bytes", need, (uintmax_t)want);
	if (there != m->mediasize / MB)
		fail("%ju MB there", there);
	kept(": %ju MB, not %ju", need, there);
}

/* A panic while a dump is made: it is the last thing that is done. */
void
check_stopped(const struct manifest *m)
{
	uint64_t at;

	promise("a second panic writes nothing");
	at = manifest_number(m, "var", "broken_write");
	if (m->writes + 1 != at)
		fail("%ju writes, the panic in number %ju",
		    (uintmax_t)m->writes, (uintmax_t)at);
	kept(": in write %ju", (uintmax_t)at);
}

/* What was skipped is told in a line of its own, and nothing else is. */
void
check_skipped(const struct manifest *m, const struct dump *d)
{
	char line[128];

	promise("it tells how many damaged entries it did not follow");
	snprintf(line, sizeof(line),
	    "\n%ju page tables not found: damaged entries\n",
	    (uintmax_t)m->skipped);
	if ((strstr(d->console, " damaged ") != NULL) != (m->skipped != 0) ||
	    (m->skipped != 0 && strstr(d->console, line) == NULL))
		fail("not \"%.*s\"", (int)strlen(line) - 2, line + 1);
	kept(": %ju", (uintmax_t)m->skipped);
}
