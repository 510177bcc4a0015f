/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Partition tables, for place.c: MBR, BSD label, GPT.  They are read leniently,
 * ignoring checksums and types, since each entry only adds a place to be
 * searched.  A table counts in sectors without giving their size; each size is
 * tried.
 */

#include <sys/types.h>
#include <sys/endian.h>

#include <stdio.h>
#include <string.h>

#include "place.h"

/* MBR, and the extended ones: four entries at the end of a sector. */
#define	MBR_ENTRY	446
#define	MBR_MAGIC	510
#define	MBR_NENTRIES	4
#define	MBR_GPT		0xee
/*
 * Each logical partition has a table that leads to the next: as many as have
 * names.
 */
#define	EBR_MAX		60

/* A BSD label is in the second sector; on alpha, in the first. */
#define	LABEL_MAGIC	0x82564557
#define	LABEL_MAGIC2	132
#define	LABEL_SECSIZE	40
#define	LABEL_NPARTS	138
#define	LABEL_PART	148
#define	LABEL_PARTSIZE	16
#define	LABEL_MAXPARTS	22
#define	LABEL_RAW	2		/* 'c' */
#define	LABEL_ALPHA	64

#define	GPT_MAGIC	"EFI PART"
#define	GPT_TABLE	72
#define	GPT_NENTRIES	80
#define	GPT_ENTSIZE	84
#define	GPT_HDRSIZE	92

static int
is_extended(u_int type)
{

	return (type == 0x05 || type == 0x0f || type == 0x85);
}

/* Read the first MEDIUM_BLOCK bytes of a sector. */
static int
read_sector(const struct medium *m, u_char *buf, uint64_t ofs)
{

	if (ofs > m->size || m->size - ofs < MEDIUM_BLOCK)
		return (0);
	return (medium_some(m, buf, MEDIUM_BLOCK, ofs) == MEDIUM_BLOCK);
}

/* Add the partitions of a label, which is in "slice". */
static void
add_label(const struct medium *m, struct places *pl, const struct place *slice,
    const u_char *label, u_int sector)
{
	const u_char *p;
	char part[2];
	const char *name;
	uint64_t ofs, raw, size, start;
	u_int i, n;

	n = le32dec(label + LABEL_SECSIZE);
	if (n >= MEDIUM_BLOCK && n <= MEDIUM_MAXBLOCK && (n & (n - 1)) == 0)
		sector = n;
	n = le16dec(label + LABEL_NPARTS);
	if (n > LABEL_MAXPARTS)
		n = LABEL_MAXPARTS;
	name = strcmp(slice->name, "disk") == 0 ? "" : slice->name;
	p = label + LABEL_PART;
	raw = n > LABEL_RAW ? le32dec(p + LABEL_RAW * LABEL_PARTSIZE + 4) : 0;
	part[1] = '\0';
	for (i = 0; i < n; i++, p += LABEL_PARTSIZE) {
		part[0] = 'a' + i;
		size = (uint64_t)le32dec(p) * sector;
		ofs = le32dec(p + 4);
		/* Offsets are relative to the start of the slice, */
		start = slice->start;
		start += (ofs >= raw ? ofs - raw : ofs) * sector;
		(void)places_add(m, pl, name, part, start, start + size);
		/* or to the beginning of the disk. */
		start = ofs * sector;
		if (raw == 0 && start >= slice->start)
			(void)places_add(m, pl, name, part, start,
			    start + size);
	}
}

static void
find_label(const struct medium *m, struct places *pl,
    const struct place *slice)
{
	u_char buf[MEDIUM_BLOCK], alpha[MEDIUM_BLOCK];
	u_int sector;

	for (sector = MEDIUM_BLOCK; sector <= MEDIUM_MAXBLOCK; sector *= 2)
		if (read_sector(m, buf, slice->start + sector) &&
		    le32dec(buf) == LABEL_MAGIC &&
		    le32dec(buf + LABEL_MAGIC2) == LABEL_MAGIC)
			add_label(m, pl, slice, buf, sector);
	if (!read_sector(m, buf, slice->start) ||
	    le32dec(buf + LABEL_ALPHA) != LABEL_MAGIC ||
	    le32dec(buf + LABEL_ALPHA + LABEL_MAGIC2) != LABEL_MAGIC)
		return;
	/* The sector limits the number of partitions. */
	memset(alpha, 0, sizeof(alpha));
	memcpy(alpha, buf + LABEL_ALPHA, sizeof(buf) - LABEL_ALPHA);
	add_label(m, pl, slice, alpha, MEDIUM_BLOCK);
}

/* Add the place of an MBR's entry, in sectors, as number n. */
static void
add_slice(const struct medium *m, struct places *pl, u_int n,
    const u_char *entry, uint64_t base, u_int sector)
{
	char number[12];
	uint64_t start;

	snprintf(number, sizeof(number), "%u", n);
	start = (base + le32dec(entry + 8)) * sector;
	(void)places_add(m, pl, "s", number, start,
	    start + (uint64_t)le32dec(entry + 12) * sector);
}

/*
 * Find the logical partitions.  Each has a table of its own, with an entry for
 * the partition and one for the next table.
 */
static void
find_logical(const struct medium *m, struct places *pl, uint64_t extended,
    u_int sector)
{
	u_char buf[MEDIUM_BLOCK];
	const u_char *p;
	uint64_t at, next;
	u_int i, n;

	at = extended;
	for (n = MBR_NENTRIES + 1; n < MBR_NENTRIES + 1 + EBR_MAX; n++) {
		if (!read_sector(m, buf, at * sector) ||
		    le16dec(buf + MBR_MAGIC) != 0xaa55)
			break;
		next = 0;
		for (i = 0; i < 2; i++) {
			p = buf + MBR_ENTRY + i * 16;
			if (is_extended(p[4]))
				next = extended + le32dec(p + 8);
			else if (p[4] != 0)
				add_slice(m, pl, n, p, at, sector);
		}
		/* They are in ascending order, which rules out circles. */
		if (next <= at)
			break;
		at = next;
	}
}

static void
find_mbr(const struct medium *m, struct places *pl, u_int sector)
{
	u_char buf[MEDIUM_BLOCK];
	const u_char *p;
	u_int i;

	if (!read_sector(m, buf, 0) || le16dec(buf + MBR_MAGIC) != 0xaa55)
		return;
	for (i = 0; i < MBR_NENTRIES; i++) {
		p = buf + MBR_ENTRY + i * 16;
		if (p[4] == 0 || p[4] == MBR_GPT)
			continue;
		add_slice(m, pl, i + 1, p, 0, sector);
		if (is_extended(p[4]))
			find_logical(m, pl, le32dec(p + 8), sector);
	}
}

/* Add the entries of the table at byte ofs. */
static void
add_entries(const struct medium *m, struct places *pl, uint64_t ofs, u_int n,
    u_int entsize, u_int sector)
{
	static const u_char unused[16];
	u_char buf[MEDIUM_MAXBLOCK];
	const u_char *p;
	uint64_t first, last;
	char number[12];
	u_int i;

	for (i = 0; i < n; i++, ofs += entsize) {
		/* Read the table block by block. */
		p = buf + i * (uint64_t)entsize % sizeof(buf);
		if (p == buf) {
			memset(buf, 0, sizeof(buf));
			if (medium_some(m, buf, sizeof(buf), ofs) < entsize)
				return;
		}
		if (memcmp(p, unused, sizeof(unused)) == 0)
			continue;
		first = le64dec(p + 32);
		last = le64dec(p + 40);
		if (last >= m->size / sector || first > last)
			continue;
		snprintf(number, sizeof(number), "%u", i + 1);
		(void)places_add(m, pl, "p", number, first * sector,
		    (last + 1) * sector);
	}
}

/* Add the GPT whose header is at byte ofs.  Returns whether there is one. */
static int
find_gpt(const struct medium *m, struct places *pl, uint64_t ofs, u_int sector)
{
	u_char buf[MEDIUM_BLOCK];
	uint64_t table;
	u_int entsize, n;

	if (!read_sector(m, buf, ofs) ||
	    memcmp(buf, GPT_MAGIC, sizeof(GPT_MAGIC) - 1) != 0)
		return (0);
	table = le64dec(buf + GPT_TABLE);
	n = le32dec(buf + GPT_NENTRIES);
	entsize = le32dec(buf + GPT_ENTSIZE);
	if (entsize < 128 || entsize > MEDIUM_MAXBLOCK ||
	    (entsize & (entsize - 1)) != 0 || table >= m->size / sector)
		return (0);
	/* The size of the medium limits the number of entries. */
	table *= sector;
	if (n > (m->size - table) / entsize)
		n = (m->size - table) / entsize;
	if (n > 16 * PLACES_MAX)
		n = 16 * PLACES_MAX;
	add_entries(m, pl, table, n, entsize, sector);
	return (1);
}

void
parttable_find(const struct medium *m, struct places *pl)
{
	uint64_t end;
	u_int i, n, sector;

	for (sector = MEDIUM_BLOCK; sector <= MEDIUM_MAXBLOCK; sector *= 2) {
		/* If the first is lost, there is a copy in the last sector. */
		end = m->size / sector;
		if (!find_gpt(m, pl, sector, sector) && end > 1)
			(void)find_gpt(m, pl, (end - 1) * sector, sector);
		find_mbr(m, pl, sector);
	}
	/* A label may be in any partition, or be the disk's. */
	n = pl->n;
	for (i = 0; i < n; i++)
		find_label(m, pl, &pl->place[i]);
}
