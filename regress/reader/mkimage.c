/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * mkimage [word=value ...] vmcore out: make a dump device with a dump.
 *
 * For tests of vmcore save, and so that it shares no code with it.
 *	size=N			bytes of the device
 *	version=N		of the headers: 1 to 4
 *	block=N			bytes that a header takes, 512 or more
 *	extent=N		bytes that were reserved for the dump: then the
 *				dump does not end where the last header begins
 *	key=N			bytes of a key: the dump is encrypted
 *	trailer=0		there is no header after the dump
 *	text=1			the magic of a textdump
 *	both=FIELD,VALUE	put a number into both headers, before the
 *				parity is computed
 *	first=FIELD,VALUE	into the one before the dump, afterwards
 *	last=FIELD,VALUE	into the one after it
 *	cleared=0|1		the last header says that the dump was saved;
 *				1: its parity is made anew
 */

#include <sys/types.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define	HDR	512

/* The offset in each version's header, and the size; 0 if it has none. */
static const struct {
	const char	*name;
	int		ofs[4];
	int		size;
} fields[] = {
	{ "magic", { 0, 0, 0, 0 }, 1 },
	{ "architecture", { 20, 20, 20, 20 }, 1 },
	{ "version", { 32, 32, 32, 32 }, 4 },
	{ "archversion", { 36, 36, 36, 36 }, 4 },
	{ "dumplength", { 40, 40, 40, 40 }, 8 },
	{ "dumptime", { 48, 48, 56, 48 }, 8 },
	{ "blocksize", { 56, 60, 68, 60 }, 4 },
	{ "hostname", { 60, 64, 73, 64 }, 1 },
	{ "versionstring", { 124, 128, 137, 128 }, 1 },
	{ "panicstring", { 316, 320, 329, 320 }, 1 },
	{ "parity", { 508, 508, 508, 508 }, 4 },
	{ "dumpkeysize", { 0, 56, 64, 56 }, 4 },
	{ "dumpextent", { 0, 0, 48, 496 }, 8 },
	{ "compression", { 0, 0, 72, 495 }, 1 },
};
static int version = 1;

/* Return where a field is, and its size. */
static int
place(const char *name, int *size)
{
	u_int i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, name) == 0) {
			*size = fields[i].size;
			if (i == 0 || fields[i].ofs[version - 1] != 0)
				return (fields[i].ofs[version - 1]);
		}
	errx(2, "%s: no field of version %d", name, version);
}

/* Put a big-endian number into the field. */
static void
put(u_char *hdr, const char *name, uint64_t v)
{
	int n, ofs;

	ofs = place(name, &n);
	for (n--; n >= 0; n--, v >>= 8)
		hdr[ofs + n] = v & 0xff;
}

static void
put_text(u_char *hdr, const char *name, const char *text)
{
	int size;

	strcpy((char *)hdr + place(name, &size), text);
}

static void
make_parity(u_char *hdr)
{
	u_char sum[4];
	int i;

	memset(hdr + 508, 0, 4);
	memset(sum, 0, 4);
	for (i = 0; i < HDR; i++)
		sum[i % 4] ^= hdr[i];
	memcpy(hdr + 508, sum, 4);
}

/* Change one header as the arguments say. */
static void
edit(u_char *hdr, const char *which, int argc, char **argv)
{
	char field[32];
	long long v;
	int i;
	size_t n;

	n = strlen(which);
	for (i = 1; i < argc - 2; i++)
		if (strncmp(argv[i], which, n) == 0 && argv[i][n] == '=') {
			if (sscanf(argv[i] + n + 1, "%31[^,],%lli", field,
			    &v) != 2)
				errx(2, "%s: no field and value", argv[i]);
			put(hdr, field, v);
		}
}

/* Return the number of a word; "v" if the word is missing. */
static long
number(const char *word, long v, int argc, char **argv)
{
	size_t n;
	int i;

	n = strlen(word);
	for (i = 1; i < argc - 2; i++)
		if (strncmp(argv[i], word, n) == 0 && argv[i][n] == '=')
			v = strtol(argv[i] + n + 1, NULL, 0);
	return (v);
}

static u_char *
read_file(const char *name, long *len)
{
	u_char *buf;
	FILE *fp;

	fp = fopen(name, "r");
	if (fp == NULL || fseek(fp, 0, SEEK_END) != 0)
		err(2, "%s", name);
	*len = ftell(fp);
	rewind(fp);
	buf = malloc(*len + 1);
	if (buf == NULL || fread(buf, 1, *len, fp) != (size_t)*len)
		err(2, "%s", name);
	fclose(fp);
	return (buf);
}

static void
make_header(u_char *hdr, long len, long extent, long key, long block)
{

	memset(hdr, 0, HDR);
	put_text(hdr, "magic", "FreeBSD Kernel Dump");
	put_text(hdr, "architecture", "amd64");
	put(hdr, "version", version);
	put(hdr, "archversion", 2);
	put(hdr, "dumplength", len);
	put(hdr, "dumptime", 1168560000);	/* 2007-01-12 00:00:00 UTC */
	put(hdr, "blocksize", block);
	put_text(hdr, "hostname", "crash.example.org");
	put_text(hdr, "versionstring",
	    "FreeBSD 6.2-TEST #0: Fri Jan 12 2007\n");
	put_text(hdr, "panicstring", "on purpose");
	if (version >= 2)
		put(hdr, "dumpkeysize", key);
	if (version >= 3)
		put(hdr, "dumpextent", extent);
}

int
main(int argc, char **argv)
{
	u_char first[HDR], last[HDR], *image, *p, *vmcore;
	long block, extent, key, len, size, whole;
	const char *out;
	FILE *fp;
	int i;

	if (argc < 3)
		errx(2, "usage: mkimage [word=value ...] vmcore out");
	out = argv[argc - 1];
	vmcore = read_file(argv[argc - 2], &len);
	version = number("version", 1, argc, argv);
	if (version < 1 || version > 4)
		errx(2, "version=%d", version);
	block = number("block", HDR, argc, argv);
	key = number("key", 0, argc, argv);
	extent = number("extent", (len + block - 1) / block * block, argc,
	    argv);
	whole = extent + key + 2 * block;
	size = number("size", 65536 + whole + 3 * 4096, argc, argv);

	make_header(first, len, extent, key, block);
	if (number("text", 0, argc, argv))
		put_text(first, "magic", "FreeBSD Text Dump\0");
	edit(first, "both", argc, argv);
	make_parity(first);
	memcpy(last, first, HDR);
	for (i = 1; i < argc - 2; i++)
		if (strncmp(argv[i], "cleared=", 8) == 0) {
			memcpy(last, "Cleared Kernel Dump", 20);
			if (argv[i][8] == '1')
				make_parity(last);
		}
	edit(first, "first", argc, argv);
	edit(last, "last", argc, argv);

	image = malloc(size + whole);
	if (image == NULL)
		err(2, "memory");
	memset(image, 0xa5, size + whole);
	/* On a device that is too small, only the end of all this fits. */
	p = image + size;
	memset(p, 0, block);
	memcpy(p, first, HDR);
	p += block + key;
	memset(p, 0, extent);
	memcpy(p, vmcore, len);
	p += extent;
	if (number("trailer", 1, argc, argv)) {
		memset(p, 0, block);
		memcpy(p, last, HDR);
	}
	fp = fopen(out, "w");
	if (fp == NULL || fwrite(image + whole, 1, size, fp) !=
	    (size_t)size || fclose(fp) != 0)
		err(2, "%s", out);
	return (0);
}
