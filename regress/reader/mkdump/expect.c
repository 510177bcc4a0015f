/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a reader should find in the file: the list on standard output, and that
 * of the pages in "out".pages.
 */

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mkdump.h"

/*
 * The first byte of [ofs, end) that was not read when the dump was saved; end
 * if all were.
 */
static uint64_t
notread(uint64_t ofs, uint64_t end)
{
	const u_char *p;
	uint64_t v[2];
	int i, j, n;

	p = file + NOTREAD + 16;
	for (n = file[NOTREAD + 8]; n > 0; n--, p += 16) {
		for (i = 0; i < 2; i++)
			for (v[i] = 0, j = 7; j >= 0; j--)
				v[i] = v[i] << 8 | p[i * 8 + j];
		if (v[0] < end && v[1] > ofs)
			return (v[0] < ofs ? ofs : v[0]);
	}
	return (end);
}

/* Whether this byte is in a damaged member, and so va cannot be read. */
static int
damaged(uint64_t va, uint64_t ofs)
{
	uint64_t n;

	n = ofs / MEMBER;
	if (n >= nmembers || !bad[n] || ofs >= filesize)
		return (0);
	printf("0x%jx ! gzip member %ju at byte %ju: damaged: \n",
	    (uintmax_t)va, (uintmax_t)n, (uintmax_t)member[n]);
	return (1);
}

/* What a reader should find at va, which is that word of the file. */
static void
expect(uint64_t va, uint64_t ofs)
{
	uint64_t v;
	int i, n;

	if (damaged(va, ofs))
		return;
	if (ofs < filesize && notread(ofs, ofs + 8) != ofs + 8) {
		printf("0x%jx ! not read from the disk\n", (uintmax_t)va);
		return;
	}
	n = 8;
	if (ofs >= filesize) {
		printf("0x%jx ! beyond the end\n", (uintmax_t)va);
		return;
	}
	if (filesize - ofs < 8)
		n = filesize - ofs;
	for (v = 0, i = n - 1; i >= 0; i--)
		v = v << 8 | file[ofs + i];
	if (n < 8)
		printf("0x%jx < %d 0x%jx\n", (uintmax_t)va, n, (uintmax_t)v);
	else
		printf("0x%jx = 0x%jx\n", (uintmax_t)va, (uintmax_t)v);
}

/* The name of what was left out of the dump, and had this page. */
static const char *
leftout(uint64_t va, uint64_t pa)
{
	const u_char *p;
	uint64_t addr, v[3];
	int i, j, n;

	for (n = 0; n < file[264] && n < MAXROWS; n++) {
		p = file + 272 + n * ROWSIZE;
		for (i = 0; i < 3; i++)
			for (v[i] = 0, j = 7; j >= 0; j--)
				v[i] = v[i] << 8 | p[32 + i * 8 + j];
		addr = (v[2] & 1) != 0 ? pa : va;
		if (addr >= v[0] && addr < v[1])
			return ((const char *)p);
	}
	return (NULL);
}

/* Whether a frame has a bit. */
static int
known(uint64_t frame)
{
	u_int i;

	for (i = 0; i < navail; i++)
		if (frame >= avail[i].from && frame < avail[i].to)
			return (1);
	return (navail == 0 && frame < memory);
}

/* Whether this page of the file can be read. */
static int
readable(uint64_t ofs)
{

	return (ofs + PAGE <= filesize && (ofs / MEMBER >= nmembers ||
	    !bad[ofs / MEMBER]));
}

/* Whether not all of the entry at this byte was read from the disk. */
static int
unread(uint64_t va, uint64_t ofs)
{

	if (notread(ofs, ofs + lay->entsize) == ofs + lay->entsize)
		return (0);
	printf("0x%jx ! table entry: not read from the disk\n",
	    (uintmax_t)va);
	return (1);
}

/*
 * Whether the entry for page i of kernel address space can be read, after
 * telling why not.
 */
static int
expect_entry(uint64_t va, uint64_t i, const uint64_t *where)
{
	uint64_t n, ofs;

	if (full && !readable(where[0x100])) {
		printf("0x%jx ! the page tables of a full dump\n",
		    (uintmax_t)va);
		return (0);
	}
	if (!tables_in_memory()) {
		ofs = section[4] + i * lay->entsize;
		if (ofs + lay->entsize <= filesize)
			return (!damaged(va, ofs) && !unread(va, ofs));
		printf("0x%jx ! entry is beyond the end\n", (uintmax_t)va);
		return (0);
	}
	n = i / nptes();
	ofs = section[4] + n * 8;
	if (!full && ofs + 8 > filesize) {
		printf("0x%jx ! entry is beyond the end\n", (uintmax_t)va);
		return (0);
	}
	if (!full && (damaged(va, ofs) || unread(va, ofs)))
		return (0);
	if (!has_table(n))
		return (1);
	if (!inset[tablesat + n]) {
		printf("0x%jx ! page table 0x%jx: not in the dump\n",
		    (uintmax_t)va, (uintmax_t)(tablesat + n) * PAGE);
		return (0);
	}
	ofs = where[tablesat + n] + i % nptes() * lay->entsize;
	if (where[tablesat + n] >= filesize)
		printf("0x%jx ! page table 0x%jx: beyond the end\n",
		    (uintmax_t)va, (uintmax_t)(tablesat + n) * PAGE);
	else if (ofs + lay->entsize > filesize)
		printf("0x%jx ! entry is beyond the end\n", (uintmax_t)va);
	else
		return (!damaged(va, ofs) && !unread(va, ofs));
	return (0);
}

static void
expect_page(uint64_t va, uint64_t frame, const uint64_t *where)
{
	const char *name;
	uint64_t last;

	last = PAGE - 8;
	if (!full && ((navail > 0 && section[2] + avail_size() > filesize) ||
	    (known(frame) && section[3] + bit_of(frame) / 8 >= filesize)))
		printf("0x%jx ! bit is beyond the end\n", (uintmax_t)va);
	else if (frame >= memory || !inset[frame]) {
		name = leftout(va, frame * PAGE);
		if (name != NULL)
			printf("0x%jx ! left out of this dump: %s\n",
			    (uintmax_t)va, name);
		else
			printf("0x%jx ! not in the dump\n", (uintmax_t)va);
	} else {
		expect(va, where[frame]);
		expect(va + last, where[frame] + last);
	}
}

void
list(void)
{
	const char *outside;
	uint64_t *where, dmapbase, dmapend, end, i, n, ofs, va;

	/* What comes after a bit that is missing has no place. */
	ofs = notread(section[2], section[4]);
	if (ofs < section[4] && ofs < filesize)
		filesize = ofs;
	printf("size %ju\n", (uintmax_t)filesize);
	where = alloc(memory * sizeof(*where));
	for (i = n = 0; i < memory; i++)
		if (inset[i])
			where[i] = section[5] + n++ * PAGE;
	for (i = 0; i < npages(); i++) {
		va = lay->kernbase + i * PAGE;
		if (!expect_entry(va, i, where))
			continue;
		if ((ptes[i] & 1) == 0)
			printf("0x%jx ! not mapped\n", (uintmax_t)va);
		else
			expect_page(va, vatopa(i * PAGE) / PAGE, where);
		va = LATERBASE + i * PAGE;
		if (later && expect_entry(va, i, where)) {
			if ((ptes[i] & 1) == 0)
				printf("0x%jx ! not mapped\n", (uintmax_t)va);
			else
				expect_page(va, vatopa(i * PAGE) / PAGE,
				    where);
		}
	}
	end = lay->kernbase + npages() * PAGE;
	/* The directory of later versions fills its page, if not all of it. */
	if (tables_in_memory() && !full) {
		outside = section[4] + tables * 8 + 8 > filesize ?
		    "entry is beyond the end" : "not mapped";
		if (!damaged(end, section[4] + tables * 8))
			printf("0x%jx ! %s\n", (uintmax_t)end, outside);
		end = lay->kernbase + round_page(tables * 8) / 8 * nptes() *
		    PAGE;
	}
	/* Of a full dump all are the tables', if they are not cut. */
	outside = full ? "not mapped" : "outside the dumped";
	if (!full || (filesize == section[6] && readable(where[0x100]))) {
		printf("0x%jx ! %s\n", (uintmax_t)end, outside);
		printf("0x%jx ! %s\n", (uintmax_t)lay->kernbase - 8, outside);
		printf("0x0 ! %s\n", lay->dmapend != 0 ?
		    "outside the dumped" : outside);
	}
	/* Of a full dump the directories tell whether there is one. */
	if (lay->dmapend == 0 || (full && (!readable(where[0x100]) ||
	    !readable(where[tablesat + tables + 4]))))
		return;
	dmapbase = later ? LATERDMAP : lay->dmapbase;
	dmapend = full ? dmapbase + avail[navail - 1].to * PAGE :
	    lay->dmapend;
	for (i = 0; i < memory && i < (dmapend - dmapbase) / PAGE; i++)
		if (inset[i] == 1 || (i > 0 && inset[i - 1] == 1) ||
		    (i + 1 < memory && inset[i + 1] == 1))
			expect_page(dmapbase + i * PAGE, i, where);
	expect_page(dmapend - PAGE, (dmapend - dmapbase) / PAGE - 1,
	    where);
	if (!full)
		printf("0x%jx ! %s\n", (uintmax_t)lay->dmapbase - 8, outside);
	if (!full)
		printf("0x%jx ! %s\n", (uintmax_t)lay->dmapend, outside);
}

/* What becomes of a page in a dump that has all of its bitmap. */
static const char *
state(uint64_t va, uint64_t frame, const uint64_t *where)
{

	if (frame < memory && inset[frame])
		return (where[frame] + PAGE <= filesize &&
		    notread(where[frame], where[frame] + PAGE) ==
		    where[frame] + PAGE ? "dumped" : "missing");
	return (leftout(va, frame * PAGE) != NULL ? "leftout" : "device");
}

void
list_pages(const char *out)
{
	uint64_t *where, frame, i, last, n, va;
	const char *what;
	char *name;
	FILE *fp;

	name = alloc(strlen(out) + 6);
	sprintf(name, "%s.pages", out);
	fp = fopen(name, "w");
	if (fp == NULL)
		err(2, "%s", name);
	where = alloc(memory * sizeof(*where));
	for (i = n = last = 0; i < memory; i++)
		if (inset[i]) {
			where[i] = section[5] + n++ * PAGE;
			last = i;
		}
	for (i = 0; i < npages() && (tables_in_memory() || section[4] +
	    (i + 1) * lay->entsize <= filesize); i++) {
		if ((ptes[i] & 1) == 0)
			continue;
		va = lay->kernbase + i * PAGE;
		frame = vatopa(i * PAGE) / PAGE;
		what = state(va, frame, where);
		fprintf(fp, "kernel %ju %ju %s\n", (uintmax_t)va / PAGE,
		    (uintmax_t)frame, what);
		/* What is left out by its pa comes with memory. */
		if ((frame >= memory || !inset[frame]) && frame <= last &&
		    leftout(0, frame * PAGE) == NULL)
			fprintf(fp, "physical %ju %s\n", (uintmax_t)frame,
			    what);
	}
	for (i = 0; i < memory; i++)
		if (inset[i] || leftout(0, i * PAGE) != NULL)
			fprintf(fp, "physical %ju %s\n", (uintmax_t)i,
			    state(0, i, where));
	if (fclose(fp) != 0)
		err(2, "%s", name);
}
