/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What is changed in the file, or breaks it, before it is compressed.
 */

#include <err.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "mkdump.h"

static const struct field {
	const char	*name;
	int		layout;		/* -1: all; 1: both of i386 */
	int		ofs;
	int		size;
} fields[] = {
	{ "version", -1, 24, 4 },
	{ "msgbufsize", -1, 28, 4 },
	{ "bitmapsize", -1, 32, 4 },
	{ "ptesize", -1, 36, 4 },
	{ "kernbase", 0, 40, 8 },
	{ "dmapbase", 0, 48, 8 },
	{ "dmapend", 0, 56, 8 },
	{ "kernbase", 1, 40, 4 },
	{ "paemode", 1, 44, 4 },
	{ "dumpavailsize", 0, 64, 4 },
	{ "dumpavailsize", 1, 48, 4 },
	/* Of the header page's table, and of its rows. */
	{ "leftout", -2, 264, 4 },
	{ "start", -3, 272 + 32, 8 },
	{ "end", -3, 272 + 40, 8 },
	{ "physical", -3, 272 + 48, 4 },
	{ "pages", -3, 272 + 52, 4 },
	/* Of ELF files of 64 and of 32 bits, and of their program headers. */
	{ "class", -4, 4, 1 },
	{ "class", -5, 4, 1 },
	{ "data", -4, 5, 1 },
	{ "data", -5, 5, 1 },
	{ "e_type", -4, 16, 2 },
	{ "e_type", -5, 16, 2 },
	{ "e_machine", -4, 18, 2 },
	{ "e_machine", -5, 18, 2 },
	{ "e_phoff", -4, 32, 8 },
	{ "e_phoff", -5, 28, 4 },
	{ "e_phentsize", -4, 54, 2 },
	{ "e_phentsize", -5, 42, 2 },
	{ "e_phnum", -4, 56, 2 },
	{ "e_phnum", -5, 44, 2 },
	{ "p_type", -6, 0, 4 },
	{ "p_type", -7, 0, 4 },
	{ "p_offset", -6, 8, 8 },
	{ "p_offset", -7, 4, 4 },
	{ "p_vaddr", -6, 16, 8 },
	{ "p_vaddr", -7, 8, 4 },
	{ "p_paddr", -6, 24, 8 },
	{ "p_paddr", -7, 12, 4 },
	{ "p_filesz", -6, 32, 8 },
	{ "p_filesz", -7, 16, 4 },
	{ "p_memsz", -6, 40, 8 },
	{ "p_memsz", -7, 20, 4 },
};

static const char *const sections[NSECTIONS] = {
	"header", "msgbuf", "avail", "bitmap", "ptes", "pages", "end"
};

static uint64_t
place(const char *s)
{
	uint64_t n;
	int i;

	for (i = 0; i < NSECTIONS; i++) {
		n = strlen(sections[i]);
		if (strncmp(s, sections[i], n) != 0)
			continue;
		if (s[n] == '\0')
			return (section[i]);
		if (s[n] == '+')
			return (section[i] + num(s + n + 1));
		if (s[n] == '-')
			return (section[i] - num(s + n + 1));
	}
	return (num(s));
}

static void
putfield(int layout, const char *name, uint64_t ofs, const char *value)
{
	u_int i;

	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (strcmp(fields[i].name, name) == 0 &&
		    (fields[i].layout == layout ||
		    (layout >= 0 && fields[i].layout == -1)))
			break;
	if (i == sizeof(fields) / sizeof(fields[0]))
		errx(2, "field %s: unknown", name);
	put(file + fields[i].ofs + ofs, num(value), fields[i].size);
}

/* A field of a row of the table of what was left out. */
static void
describe_left(char **w)
{
	char *p;
	uint64_t ofs;

	ofs = num(w[1]) * ROWSIZE;
	if (strcmp(w[2], "name") != 0) {
		putfield(-3, w[2], ofs, w[3]);
		return;
	}
	for (p = w[3]; *p != '\0'; p++)
		if (*p == '_')
			*p = ' ';
	strncpy((char *)file + 272 + ofs, w[3], 32);
}

/* Bytes that could not be read: another row of the table. */
static void
describe_notread(uint64_t start, uint64_t end)
{
	u_char *p;

	p = file + NOTREAD;
	memcpy(p, "not read", 8);
	put(p + 16 + p[8] * 16, start, 8);
	put(p + 24 + p[8] * 16, end, 8);
	p[8]++;
	if (start < end && end <= filesize)
		memset(file + start, 0, end - start);
}

void
grow(uint64_t *size, uint64_t n)
{

	if (n > MAXGROW)
		errx(2, "grow %ju: too much", (uintmax_t)n);
	*size += n;
}

void
describe_file(char **w)
{
	uint64_t n;

	if (strcmp(w[0], "field") == 0 && full)
		putfield(lay == &layouts[0] ? -4 : -5, w[1], 0, w[2]);
	else if (strcmp(w[0], "phdr") == 0)
		putfield(lay == &layouts[0] ? -6 : -7, w[2], lay ==
		    &layouts[0] ? 64 + num(w[1]) * 56 : 52 + num(w[1]) * 32,
		    w[3]);
	else if (strcmp(w[0], "pair") == 0)
		put(file + section[2] + num(w[1]) * 8, num(w[2]), 8);
	else if (strcmp(w[0], "field") == 0)
		putfield(lay != &layouts[0], w[1], 0, w[2]);
	else if (strcmp(w[0], "leftout") == 0) {
		memcpy(file + 256, "left out", 8);
		putfield(-2, w[0], 0, w[1]);
	} else if (strcmp(w[0], "left") == 0)
		describe_left(w);
	else if (strcmp(w[0], "live") == 0) {
		memcpy(file + LIVE, "was live", 8);
		put(file + LIVE + 8, num(w[1]), 8);
	} else if (strcmp(w[0], "notread") == 0)
		describe_notread(place(w[1]), place(w[2]));
	else if (strcmp(w[0], "bit") == 0) {
		n = num(w[1]);
		file[section[3] + n / 8] &= ~(1 << n % 8);
		file[section[3] + n / 8] |= num(w[2]) << n % 8;
	} else if (strcmp(w[0], "byte") == 0)
		file[place(w[1])] = num(w[2]);
	else if (strcmp(w[0], "cut") == 0)
		filesize = place(w[1]);
	else
		grow(&filesize, num(w[1]));
}
