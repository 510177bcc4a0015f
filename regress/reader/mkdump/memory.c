/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The memory of the kernel that is described: which pages are dumped, the page
 * tables, and what each page has.
 */

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "mkdump.h"

static struct poke {
	uint64_t	pa;
	size_t		len;
	u_char		*bytes;
} pokes[MAXPOKES];
static u_int npokes;

u_char *inset, *super, *absent;
uint64_t *ptes;

/* What memory has where nothing else is said: a word for every address. */
static uint64_t
word(uint64_t pa)
{

	/* Readers are asked for what begins and what ends a page. */
	if (dull && pa % PAGE != 0 && pa % PAGE != PAGE - 8)
		return (0);
	return ((pa | 1) * 0x9e3779b97f4a7c15);
}

uint64_t
npages(void)
{

	return (tables * PAGE / lay->entsize);
}

/* Whether page tables are among the pages of memory. */
int
tables_in_memory(void)
{

	return (full || (version > 1 && lay == &layouts[0]));
}

/* How many pages one page of page tables maps. */
uint64_t
nptes(void)
{

	return (PAGE / lay->entsize);
}

/* Whether page n of the page tables has an entry. */
int
has_table(uint64_t n)
{
	uint64_t i;

	for (i = 0; i < nptes() && ptes[n * nptes() + i] == 0; i++)
		continue;
	return (i < nptes() && !super[n]);
}

static void
mappage(uint64_t va, uint64_t frame, int dumped)
{

	if (va / PAGE >= npages() || (dumped && frame >= memory))
		errx(2, "va 0x%jx frame 0x%jx: out of range", (uintmax_t)va,
		    (uintmax_t)frame);
	/* Valid, and bits that are no concern of a reader. */
	ptes[va / PAGE] = frame * PAGE | 0x163;
	if (lay->entsize == 8)
		ptes[va / PAGE] |= 1ULL << 63;
	if (dumped)
		inset[frame] = 1;
}

uint64_t
vatopa(uint64_t va)
{

	return ((ptes[va / PAGE] & 0xffffffffff000) + va % PAGE);
}

/* Memory at va is these bytes; they may cross a page. */
void
poke(uint64_t va, const void *bytes, size_t len)
{
	size_t n;

	for (; len > 0; va += n, len -= n, bytes = (const char *)bytes + n) {
		n = PAGE - va % PAGE;
		if (n > len)
			n = len;
		if (npokes == MAXPOKES)
			errx(2, "too many strings");
		pokes[npokes].pa = vatopa(va);
		pokes[npokes].len = n;
		pokes[npokes].bytes = alloc(n);
		memcpy(pokes[npokes++].bytes, bytes, n);
	}
}

/* The number of "size" bytes at physical address pa. */
static void
pokepa(uint64_t pa, uint64_t v, int size)
{

	if (npokes == MAXPOKES)
		errx(2, "too many strings");
	pokes[npokes].pa = pa;
	pokes[npokes].len = size;
	pokes[npokes].bytes = alloc(size);
	put(pokes[npokes++].bytes, v, size);
}

/*
 * What a directory has for page n of the page tables.  That of a superpage has
 * a bit where the frame of a page would be.
 */
uint64_t
pde(uint64_t n)
{

	if (bomb)
		return (bomb == 1 ? tablesat * PAGE | 0x63 : 0x2010e3);
	if (super[n])
		return (ptes[n * nptes()] | 0x1080);
	return (has_table(n) ? (tablesat + n) * PAGE | 0x63 : 0);
}

/*
 * Put the page tables' own pages into the dump, and the directories above them,
 * which are those of a full dump: of what the kernel maps from kernbase on, and
 * of the direct map of the first GB.
 */
void
make_tables(void)
{
	uint64_t dir, i, n, top;

	for (n = 0; n < tables; n++)
		if (has_table(n) && !absent[n] && (!bomb || n == 0))
			inset[tablesat + n] = 1;
	if (!full)
		return;
	dir = (tablesat + tables) * PAGE;
	top = dir + PAGE;
	for (n = 0; n < tables; n++)
		pokepa(dir + ((lay->kernbase / (nptes() * PAGE)) % nptes() +
		    n) * lay->entsize, pde(n), lay->entsize);
	for (n = 0; bomb && n < 512; n++) {
		pokepa(dir + n * 8, pde(n), 8);
		pokepa(top + n * 8, dir | 0x63, 8);
		if (n > 256)
			pokepa(top + PAGE + n * 8, top | 0x63, 8);
	}
	/* Where kernel.S has IdlePTD, and KPML4phys and IdlePDPT. */
	pokepa(0x100508, dir, 4);
	if (lay == &layouts[0]) {
		pokepa(0x100500, top + PAGE, 8);
		pokepa(top + 510 * 8, dir | 0x63, 8);
		pokepa(top + PAGE + 511 * 8, top | 0x63, 8);
		if (later)
			pokepa(top, dir | 0x63, 8);
		/* It leads back to itself, which is no memory. */
		pokepa(top + PAGE + 256 * 8, (top + PAGE) | 0x63, 8);
		pokepa(top + PAGE + (later ? 508 : 510) * 8, (top + 2 *
		    PAGE) | 0x63, 8);
		pokepa(top + 2 * PAGE, later ? 0xe3 : (top + 3 * PAGE) | 0x63,
		    8);
		for (i = 0; i < (1 << 30) / (nptes() * PAGE) && i < 8; i++)
			pokepa(top + 3 * PAGE + i * 8, i * nptes() * PAGE |
			    0xe3, 8);
	} else if (lay == &layouts[2]) {
		pokepa(0x100500, top + 0x20, 4);
		pokepa(top + 0x20 + 3 * 8, dir | 1, 8);
	}
}

/* Memory from va on is what is in this file. */
static void
image(uint64_t va, const char *name)
{
	char buf[PAGE];
	size_t n;
	FILE *fp;

	fp = fopen(name, "r");
	if (fp == NULL)
		err(2, "%s", name);
	while ((n = fread(buf, 1, sizeof(buf), fp)) > 0) {
		poke(va, buf, n);
		va += n;
	}
	fclose(fp);
}

void
describe_memory(char **w)
{
	u_char ptr[8];
	uint64_t i, step;

	if (strcmp(w[0], "map") == 0) {
		step = w[4] != NULL ? num(w[4]) : 1;
		for (i = 0; i < num(w[3]); i++)
			mappage(num(w[1]) + i * PAGE, num(w[2]) + i * step, 1);
	} else if (strcmp(w[0], "device") == 0)
		mappage(num(w[1]), num(w[2]), 0);
	else if (strcmp(w[0], "superpage") == 0) {
		super[num(w[1]) / PAGE / nptes()] = 1;
		for (i = 0; i < nptes(); i++)
			mappage(num(w[1]) + i * PAGE, num(w[2]) + i, 0);
	} else if (strcmp(w[0], "notable") == 0)
		absent[num(w[1])] = 1;
	else if (strcmp(w[0], "page") == 0) {
		for (i = 0; i < num(w[2]); i++)
			inset[num(w[1]) + i] = 1;
	} else if (strcmp(w[0], "blank") == 0) {
		memset(inset + num(w[1]), BLANK, num(w[2]));
		inset[num(w[1])] = inset[num(w[1]) + num(w[2]) - 1] = 1;
	} else if (strcmp(w[0], "image") == 0)
		image(num(w[1]), w[2]);
	else if (strcmp(w[0], "string") == 0)
		poke(num(w[1]), w[2], strlen(w[2]) + 1);
	else if (strcmp(w[0], "pointer") == 0) {
		put(ptr, lay->kernbase + num(w[2]), 8);
		poke(num(w[1]), ptr, lay->ptrsize);
	} else {
		msgva = num(w[1]);
		msgpages = num(w[3]);
		for (i = 0; i < msgpages; i++)
			mappage(msgva + i * PAGE, num(w[2]) + i, 1);
	}
}

/* The bytes of one page of memory. */
void
fill(u_char *p, uint64_t frame)
{
	uint64_t i;
	u_int n;

	for (i = 0; i < PAGE; i += 8)
		put(p + i, word(frame * PAGE + i), 8);
	if (tables_in_memory() && frame >= tablesat &&
	    frame < tablesat + tables + (full ? 5 : 0))
		memset(p, 0, PAGE);
	if (tables_in_memory() && frame >= tablesat &&
	    frame < tablesat + tables)
		for (i = 0; i < nptes(); i++)
			put(p + i * lay->entsize,
			    ptes[(frame - tablesat) * nptes() + i],
			    lay->entsize);
	for (n = 0; n < npokes; n++)
		if (pokes[n].pa / PAGE == frame)
			memcpy(p + pokes[n].pa % PAGE, pokes[n].bytes,
			    pokes[n].len);
}
