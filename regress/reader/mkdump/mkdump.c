/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * mkdump [word=value ...] description out: make a small dump.
 *
 * For tests of the reader, and so that it shares no code and no header with
 * it.  A description is lines of words; each can also be an argument, with =
 * and commas for the spaces.  A later line wins.
 *
 *	layout amd64|i386|pae
 *	version N		of the minidump: 1, if this is not there
 *	full 1			a full dump: all of the memory of "avail"
 *	later 1			with the address space of FreeBSD 9: kernel
 *				address space begins 510 GB lower, with the
 *				same tables once more, and the direct map has
 *				another place and a page of 1 GB
 *	avail FRAME FRAME	memory from one to the other, which is not in it
 *	tablesat FRAME		the page tables are in memory, from there on:
 *				for what is not of version 1
 *	memory N		pages that the bitmap has a bit for
 *	tables N		pages of page table entries
 *	map VA FRAME N [STEP]	map N pages to frames STEP apart, dump these
 *	device VA FRAME		map a page that is not dumped
 *	superpage VA FRAME	map a superpage, and dump nothing by that
 *	notable N		the Nth page of page tables is not dumped
 *	bomb N			where page tables are in memory: all entries of
 *				directories lead to the first of them (1), or
 *				map the superpage at frame 0x200 (2); there is
 *				no list
 *	page FRAME N		dump N pages that are not mapped
 *	blank FRAME N		the same, but they are zero, and a hole in the
 *				file; only the first and the last are told of
 *	string VA TEXT		the kernel's memory has TEXT there
 *	pointer VA VA		the kernel's memory has a pointer there
 *	image VA FILE		the kernel's memory has the bytes of FILE there
 *	msgbuf VA FRAME N	map the message buffer and its header, N pages
 *	lines N			messages that the kernel has printed
 *	late N			bytes of them after the section was written
 *	msghdr pages|pad|none|VA	where its header is: behind it, behind
 *				its section, nowhere, or there
 *	decoy VA		something like it is there
 *	dull 1			most of memory is zero
 * and to break what was made:
 *	field NAME VALUE	put VALUE into the header
 *	phdr N NAME VALUE	into a program header
 *	pair N VALUE		into number N of dump_avail
 *	bit FRAME VALUE		into the bitmap
 *	byte PLACE VALUE	into the file
 *	cut PLACE		make the file end there
 *	grow N			make it N bytes longer
 *	leftout N		a table with N rows of what was left out
 *	left ROW FIELD VALUE	put VALUE into it; in a name, _ is a space
 *	live SECONDS		the kernel did not crash: opened at that time
 *	notread PLACE PLACE	what was not read when it was saved: zeros, and
 *				a row in the table of them
 * and to compress it, and break that:
 *	gz N			compress it; the file is a multiple of N bytes
 *	short N			member N lacks 8 bytes of the dump
 *	junk N			and this has 8 more, of no meaning
 *	empty N M		before member N, or at the end, are M empty ones
 *	flip MPLACE		all bits of a byte: its member is damaged
 *	zbyte MPLACE VALUE	put VALUE into the file
 *	zcut MPLACE		make the file end there
 *	zgrow N			make it N bytes longer
 *	lost N			from member N on there is nothing to be read
 * VA counts from kernbase.  A PLACE is a section, header, msgbuf, avail,
 * bitmap, ptes, pages or end, and maybe + or - a number.  An MPLACE is m and
 * the number of a member, the first being 0, and maybe + or - a number.
 *
 * "out".msg becomes the text that the message buffer has, in order.  Standard
 * output has a line for each page what a reader should find there:
 *	VA = WORD		8 bytes, as a little-endian number
 *	VA < N WORD		the file has N bytes of them
 *	VA ! TEXT		an error that says TEXT
 * and one how many bytes of a dump it should find in all:
 *	size N
 *
 * "out".pages has a line for each page of kernel address space that is mapped,
 * and of memory that is something, by decimal page numbers:
 *	kernel VA PA STATE
 *	physical PA STATE
 * A STATE is dumped, missing, leftout or device.
 */

#include <err.h>
#include <stdlib.h>
#include <string.h>

#include "mkdump.h"

const struct layout layouts[3] = {
	{ "amd64", "minidump FreeBSD/amd64", 8, 8, 0xffffffff80000000,
	    0xffffff0000000000, 0xffffff8000000000 },
	{ "i386", "minidump FreeBSD/i386", 4, 4, 0xc0000000, 0, 0 },
	{ "pae", "minidump FreeBSD/i386", 8, 4, 0xc0000000, 0, 0 },
};

const struct layout *lay = &layouts[0];
uint64_t memory = 0x1000, tables = 1, lines = 10, late, dull;
uint64_t msgva, msgpages;
const char *msghdr = "pages", *decoy;
uint64_t version = 1, full, later, bomb, tablesat;
struct range avail[MAXAVAIL];
u_int navail;
uint64_t shortone = UINT64_MAX, junkone = UINT64_MAX;
uint64_t emptyone = UINT64_MAX, nempty;

/*
 * What each word of a description is taken for: the sizes first, then what is
 * in memory, and last the file.
 */
static const struct word {
	const char	*name;
	int		pass;
	u_int		args;
	uint64_t	*number;	/* set to the argument */
} words[] = {
	{ "layout", 0, 1, NULL },
	{ "memory", 0, 1, &memory }, { "tables", 0, 1, &tables },
	{ "version", 0, 1, &version }, { "full", 0, 1, &full },
	{ "later", 0, 1, &later }, { "bomb", 0, 1, &bomb },
	{ "avail", 0, 2, NULL },
	{ "tablesat", 0, 1, &tablesat },
	{ "lines", 0, 1, &lines }, { "late", 0, 1, &late },
	{ "msghdr", 0, 1, NULL }, { "decoy", 0, 1, NULL },
	{ "dull", 0, 1, &dull },
	{ "short", 0, 1, &shortone }, { "junk", 0, 1, &junkone },
	{ "empty", 0, 2, NULL },
	{ "map", 1, 3, NULL }, { "device", 1, 2, NULL }, { "page", 1, 2, NULL },
	{ "superpage", 1, 2, NULL }, { "notable", 1, 1, NULL },
	{ "blank", 1, 2, NULL }, { "string", 1, 2, NULL },
	{ "pointer", 1, 2, NULL }, { "image", 1, 2, NULL },
	{ "msgbuf", 1, 3, NULL },
	{ "field", 2, 2, NULL }, { "bit", 2, 2, NULL }, { "byte", 2, 2, NULL },
	{ "cut", 2, 1, NULL }, { "grow", 2, 1, NULL },
	{ "leftout", 2, 1, NULL }, { "left", 2, 3, NULL },
	{ "live", 2, 1, NULL }, { "notread", 2, 2, NULL },
	{ "phdr", 2, 3, NULL }, { "pair", 2, 2, NULL },
	{ "gz", 3, 1, NULL },
	{ "flip", 4, 1, NULL }, { "zbyte", 4, 2, NULL }, { "zcut", 4, 1, NULL },
	{ "zgrow", 4, 1, NULL }, { "lost", 4, 1, NULL },
};
#define	NWORDS		(sizeof(words) / sizeof(words[0]))

static void
describe_sizes(const struct word *word, char **w)
{

	if (word->number != NULL)
		*word->number = num(w[1]);
	else if (strcmp(w[0], "layout") == 0) {
		for (lay = layouts; strcmp(lay->name, w[1]) != 0; lay++)
			if (lay == &layouts[2])
				errx(2, "layout %s: unknown", w[1]);
	} else if (strcmp(w[0], "empty") == 0) {
		emptyone = num(w[1]);
		nempty = num(w[2]);
	} else if (strcmp(w[0], "decoy") == 0)
		decoy = w[1];
	else if (strcmp(w[0], "avail") == 0) {
		if (navail == MAXAVAIL)
			errx(2, "too many avail");
		avail[navail].from = num(w[1]);
		avail[navail++].to = num(w[2]);
	} else
		msghdr = w[1];
}

/* Do what one line of the description says in this pass. */
static void
describe(const char *text, int pass)
{
	char *line, *w[5];
	u_int i, n;

	line = alloc(strlen(text));
	strcpy(line, text);
	/* The text of a string may have a #. */
	line[strcspn(line, strncmp(line, "string", 6) == 0 ? "\n" : "#\n")] =
	    '\0';
	w[0] = strtok(line, " \t");
	if (w[0] == NULL)
		return;
	for (i = 0; i < NWORDS && strcmp(words[i].name, w[0]) != 0; i++)
		continue;
	if (i == NWORDS)
		errx(2, "%s: unknown", w[0]);
	if (words[i].pass != pass)
		return;
	for (n = 1; n < 5; n++)
		w[n] = strtok(NULL, n == 2 && strcmp(w[0], "string") == 0 ?
		    "" : " \t");
	if (w[words[i].args] == NULL)
		errx(2, "%s: needs %u words", text, words[i].args);
	if (pass == 0)
		describe_sizes(&words[i], w);
	else if (pass == 1)
		describe_memory(w);
	else if (pass == 2)
		describe_file(w);
	else if (pass == 3)
		gz(num(w[1]));
	else
		describe_members(w);
}

int
main(int argc, char **argv)
{
	char line[256], *p;
	FILE *fp;
	int i, pass;

	if (argc < 3)
		errx(2, "usage: mkdump [word=value ...] description out");
	for (i = 1; i < argc - 2; i++)
		for (p = argv[i]; *p != '\0'; p++)
			if (*p == '=' || *p == ',')
				*p = ' ';
	for (pass = 0; pass < 5; pass++) {
		if (pass == 1) {
			inset = alloc(memory);
			ptes = alloc(npages() * sizeof(*ptes));
			super = alloc(tables);
			absent = alloc(tables);
		} else if (pass == 2)
			build(argv[argc - 1]);
		fp = fopen(argv[argc - 2], "r");
		if (fp == NULL)
			err(2, "%s", argv[argc - 2]);
		while (fgets(line, sizeof(line), fp) != NULL)
			describe(line, pass);
		fclose(fp);
		for (i = 1; i < argc - 2; i++)
			describe(argv[i], pass);
	}
	fp = fopen(argv[argc - 1], "w");
	if (zfile == NULL) {
		zfile = file;
		zsize = filesize;
	}
	if (fp == NULL || write_sparse(fp, zfile, zsize) == -1 ||
	    fclose(fp) != 0)
		err(2, "%s", argv[argc - 1]);
	if (!bomb) {
		list();
		list_pages(argv[argc - 1]);
	}
	return (0);
}
