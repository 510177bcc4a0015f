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

static const struct {
	const char	*name;
	int		ofs;
	int		size;
} fields[] = {
	{ "magic", 0, 1 },
	{ "architecture", 20, 1 },
	{ "version", 32, 4 },
	{ "archversion", 36, 4 },
	{ "dumplength", 40, 8 },
	{ "dumptime", 48, 8 },
	{ "blocksize", 56, 4 },
	{ "hostname", 60, 1 },
	{ "versionstring", 124, 1 },
	{ "panicstring", 316, 1 },
	{ "parity", 508, 4 },
};

/* Put a big-endian number into the field. */
static void
put(u_char *hdr, const char *name, uint64_t v)
{
	u_int i;
	int n;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, name) == 0)
			break;
	if (i == sizeof(fields) / sizeof(fields[0]))
		errx(2, "%s: no field", name);
	for (n = fields[i].size - 1; n >= 0; n--, v >>= 8)
		hdr[fields[i].ofs + n] = v & 0xff;
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

/* Do what the arguments say to one header. */
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

int
main(int argc, char **argv)
{
	u_char first[HDR], last[HDR], *image, *vmcore;
	long len, size;
	FILE *fp;
	int i;

	if (argc < 3)
		errx(2, "usage: mkimage [word=value ...] vmcore out");
	fp = fopen(argv[argc - 2], "r");
	if (fp == NULL || fseek(fp, 0, SEEK_END) != 0)
		err(2, "%s", argv[argc - 2]);
	len = ftell(fp);
	rewind(fp);
	vmcore = malloc(len);
	if (vmcore == NULL || fread(vmcore, 1, len, fp) != (size_t)len)
		err(2, "%s", argv[argc - 2]);
	fclose(fp);
	size = 65536 + len + 2 * HDR + 3 * 4096;

	memset(first, 0, HDR);
	strcpy((char *)first, "FreeBSD Kernel Dump");
	strcpy((char *)first + 20, "amd64");
	put(first, "version", 1);
	put(first, "archversion", 2);
	put(first, "dumplength", len);
	put(first, "dumptime", 1168560000);	/* 2007-01-12 00:00:00 UTC */
	put(first, "blocksize", 512);
	strcpy((char *)first + 60, "crash.example.org");
	strcpy((char *)first + 124, "FreeBSD 6.2-TEST #0: Fri Jan 12 2007\n");
	strcpy((char *)first + 316, "on purpose");
	edit(first, "both", argc, argv);
	make_parity(first);
	memcpy(last, first, HDR);
	for (i = 1; i < argc - 2; i++) {
		if (strncmp(argv[i], "cleared=", 8) == 0) {
			memcpy(last, "Cleared", 7);
			if (argv[i][8] == '1')
				make_parity(last);
		} else if (strncmp(argv[i], "size=", 5) == 0)
			size = atol(argv[i] + 5);
	}
	edit(first, "first", argc, argv);
	edit(last, "last", argc, argv);

	image = malloc(size + len + 2 * HDR);
	if (image == NULL)
		err(2, "memory");
	memset(image, 0xa5, size + len + 2 * HDR);
	/* A device that is too small has the end of it all. */
	memcpy(image + size, first, HDR);
	memcpy(image + size + HDR, vmcore, len);
	memcpy(image + size + HDR + len, last, HDR);
	fp = fopen(argv[argc - 1], "w");
	if (fp == NULL || fwrite(image + len + 2 * HDR, 1, size, fp) !=
	    (size_t)size || fclose(fp) != 0)
		err(2, "%s", argv[argc - 1]);
	return (0);
}
