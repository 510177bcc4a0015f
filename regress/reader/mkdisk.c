/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * mkdisk sector sectors out [word ...]: make the image of a disk, of which
 * mkimage has made the partitions.
 *
 * For tests of vmcore save, and so that it shares no code with it.  All numbers
 * are in sectors, which have "sector" bytes; words are done in their order:
 *	put=AT,FILE		the bytes of a file, which is where "out" is
 *	mbr=N,TYPE,AT,SIZE	entry N (1 to 4) of the MBR
 *	ebr=TABLE,N,TYPE,AT,SIZE  entry N (1 or 2) of another table like it
 *	label=TABLE,SECSIZE	a BSD label, of 8 partitions
 *	part=TABLE,LETTER,AT,SIZE  a partition of it
 *	gpt=TABLE,ENTRIES	the header of a GPT there, and where its
 *				entries are
 *	entry=ENTRIES,N,AT,LAST	entry N (from 1) of them
 *	geom=AT,NAME		metadata of GEOM::NAME
 */

#include <sys/types.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static u_char *disk;
static const char *out;
static unsigned long long sector, sectors;

/* Return where a sector is, and check that it exists. */
static u_char *
at(unsigned long long n, size_t len)
{

	if (n > sectors || len > (sectors - n) * sector)
		errx(2, "sector %llu: the disk has %llu", n, sectors);
	return (disk + n * sector);
}

static void
put_le(u_char *p, unsigned long long v, int size)
{

	for (; size > 0; size--, v >>= 8)
		*p++ = v & 0xff;
}

static void
put_file(unsigned long long n, const char *name)
{
	char path[1024];
	const char *slash;
	FILE *fp;
	long len;

	slash = strrchr(out, '/');
	snprintf(path, sizeof(path), "%.*s%s", slash == NULL || *name == '/' ?
	    0 : (int)(slash + 1 - out), out, name);
	fp = fopen(path, "r");
	if (fp == NULL || fseek(fp, 0, SEEK_END) != 0)
		err(2, "%s", path);
	len = ftell(fp);
	rewind(fp);
	if (fread(at(n, len), 1, len, fp) != (size_t)len)
		err(2, "%s", name);
	fclose(fp);
}

static void
put_mbr(u_char *p, const unsigned long long *v)
{

	p[510] = 0x55;
	p[511] = 0xaa;
	p += 446 + (v[0] - 1) * 16;
	p[4] = v[1];
	put_le(p + 8, v[2], 4);
	put_le(p + 12, v[3], 4);
}

static void
put_label(u_char *p, unsigned long long secsize)
{

	put_le(p, 0x82564557, 4);
	put_le(p + 40, secsize, 4);
	put_le(p + 132, 0x82564557, 4);
	put_le(p + 138, 8, 2);
}

static void
put_gpt(u_char *p, unsigned long long entries)
{

	memcpy(p, "EFI PART", 8);
	put_le(p + 8, 0x00010000, 4);
	put_le(p + 12, 92, 4);
	put_le(p + 72, entries, 8);
	put_le(p + 80, 128, 4);
	put_le(p + 84, 128, 4);
}

static void
put_entry(u_char *p, const unsigned long long *v)
{

	p += (v[0] - 1) * 128;
	memcpy(p, "\265\174\156\121\317\156\326\021", 8);	/* swap */
	put_le(p + 32, v[1], 8);
	put_le(p + 40, v[2], 8);
}

/* Do one word.  Returns 0 if it is unknown. */
static int
word(const char *s)
{
	unsigned long long n, v[4];
	char c, name[256];

	if (sscanf(s, "put=%llu,%255s", &n, name) == 2)
		put_file(n, name);
	else if (sscanf(s, "mbr=%llu,%lli,%llu,%llu", &v[0], (long long *)&v[1],
	    &v[2], &v[3]) == 4)
		put_mbr(at(0, 512), v);
	else if (sscanf(s, "ebr=%llu,%llu,%lli,%llu,%llu", &n, &v[0],
	    (long long *)&v[1], &v[2], &v[3]) == 5)
		put_mbr(at(n, 512), v);
	else if (sscanf(s, "label=%llu,%llu", &n, &v[0]) == 2)
		put_label(at(n, 512), v[0]);
	else if (sscanf(s, "part=%llu,%c,%llu,%llu", &n, &c, &v[0], &v[1]) ==
	    4) {
		put_le(at(n, 512) + 148 + (c - 'a') * 16, v[1], 4);
		put_le(at(n, 512) + 148 + (c - 'a') * 16 + 4, v[0], 4);
	} else if (sscanf(s, "gpt=%llu,%llu", &n, &v[0]) == 2)
		put_gpt(at(n, 512), v[0]);
	else if (sscanf(s, "entry=%llu,%llu,%llu,%llu", &n, &v[0], &v[1],
	    &v[2]) == 4)
		put_entry(at(n, v[0] * 128), v);
	else if (sscanf(s, "geom=%llu,%255s", &n, name) == 2)
		snprintf((char *)at(n, 512), 512, "GEOM::%s", name);
	else
		return (0);
	return (1);
}

int
main(int argc, char **argv)
{
	FILE *fp;
	int i;

	if (argc < 4)
		errx(2, "usage: mkdisk sector sectors out [word ...]");
	sector = strtoull(argv[1], NULL, 0);
	sectors = strtoull(argv[2], NULL, 0);
	out = argv[3];
	disk = calloc(sectors, sector);
	if (disk == NULL)
		err(2, "memory");
	for (i = 4; i < argc; i++)
		if (!word(argv[i]))
			errx(2, "%s: no such word", argv[i]);
	fp = fopen(out, "w");
	if (fp == NULL || fwrite(disk, sector, sectors, fp) != sectors ||
	    fclose(fp) != 0)
		err(2, "%s", out);
	return (0);
}
