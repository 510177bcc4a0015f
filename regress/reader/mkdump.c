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

#include <sys/types.h>
#include <sys/mman.h>

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define	PAGE		4096
#define	MAXPOKES	4096
#define	NSECTIONS	7
#define	MAXAVAIL	16
#define	MAXROWS		16
#define	ROWSIZE		56
#define	NOTREAD		2048		/* where the table is, */
#define	LIVE		3584		/* and what tells of a live dump */
#define	MEMBER		61440		/* plain bytes of a member */
#define	MAXMEMBERS	131072
#define	MAXGROW		(16 * 1024 * 1024)

static const struct layout {
	const char	*name;
	const char	*magic;
	int		entsize;
	int		ptrsize;
	uint64_t	kernbase;
	uint64_t	dmapbase;
	uint64_t	dmapend;
} layouts[] = {
	{ "amd64", "minidump FreeBSD/amd64", 8, 8, 0xffffffff80000000,
	    0xffffff0000000000, 0xffffff8000000000 },
	{ "i386", "minidump FreeBSD/i386", 4, 4, 0xc0000000, 0, 0 },
	{ "pae", "minidump FreeBSD/i386", 8, 4, 0xc0000000, 0, 0 },
};

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

/* What "later" has in place of kernbase and dmapbase. */
#define	LATERBASE	0xffffff8000000000
#define	LATERDMAP	0xfffffe0000000000

/* The dump that is described. */
static const struct layout *lay = &layouts[0];
static uint64_t memory = 0x1000, tables = 1, lines = 10, late, dull;
static uint64_t msgva, msgpages;
static const char *msghdr = "pages", *decoy;
static uint64_t version = 1, full, later, bomb, tablesat;
static struct {
	uint64_t	from;		/* frames */
	uint64_t	to;
} avail[MAXAVAIL];
static u_int navail;

/* What becomes of it. */
static u_char *inset;		/* for each page of memory: whether dumped; */
#define	BLANK		2	/* as zeros */
static uint64_t *ptes;
static u_char *super;		/* for each page of them: it is a superpage, */
static u_char *absent;		/* or is not dumped */
static struct poke {
	uint64_t	pa;
	size_t		len;
	u_char		*bytes;
} pokes[MAXPOKES];
static u_int npokes;
static u_char *file;
static uint64_t section[NSECTIONS];
static uint64_t filesize;
static uint64_t member[MAXMEMBERS + 1];	/* where each is in the file */
static uint64_t nmembers;		/* 0: it is not compressed */
static int bad[MAXMEMBERS + 1];
static uint64_t shortone = UINT64_MAX, junkone = UINT64_MAX;
static uint64_t emptyone = UINT64_MAX, nempty;
static u_char *zfile;
static uint64_t zsize;

static void *
alloc(size_t n)
{
	void *p;

	p = calloc(n + 1, 1);
	if (p == NULL)
		err(2, "memory");
	return (p);
}

/* The same for what may be larger than memory, if little of it is used. */
static void *
reserve(size_t n)
{
	void *p;

	p = mmap(NULL, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANON |
	    MAP_NORESERVE, -1, 0);
	if (p == MAP_FAILED)
		err(2, "memory");
	return (p);
}

static uint64_t
round_page(uint64_t n)
{

	return ((n + PAGE - 1) / PAGE * PAGE);
}

static void
put(u_char *p, uint64_t v, int size)
{

	for (; size > 0; size--, v >>= 8)
		*p++ = v & 0xff;
}

/* What memory has where nothing else is said: a word for every address. */
static uint64_t
word(uint64_t pa)
{

	/* Readers are asked for what begins and what ends a page. */
	if (dull && pa % PAGE != 0 && pa % PAGE != PAGE - 8)
		return (0);
	return ((pa | 1) * 0x9e3779b97f4a7c15);
}

static uint64_t
npages(void)
{

	return (tables * PAGE / lay->entsize);
}

/* Whether page tables are among the pages of memory. */
static int
tables_in_memory(void)
{

	return (full || (version > 1 && lay == &layouts[0]));
}

/* How many pages one page of page tables maps. */
static uint64_t
nptes(void)
{

	return (PAGE / lay->entsize);
}

/* Whether page n of the page tables has an entry. */
static int
has_table(uint64_t n)
{
	uint64_t i;

	for (i = 0; i < nptes() && ptes[n * nptes() + i] == 0; i++)
		continue;
	return (i < nptes() && !super[n]);
}

static uint64_t
num(const char *s)
{
	char *end;
	uint64_t v;

	v = strtoull(s, &end, 0);
	if (*end != '\0' || *s == '\0')
		errx(2, "%s: not a number", s);
	return (v);
}

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

static uint64_t
mplace(const char *s)
{
	char *end;
	uint64_t n;

	n = *s == 'm' ? strtoull(s + 1, &end, 10) : UINT64_MAX;
	if (n > nmembers)
		errx(2, "%s: no member", s);
	if (*end == '+')
		return (member[n] + num(end + 1));
	if (*end == '-')
		return (member[n] - num(end + 1));
	return (member[n]);
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

static uint64_t
vatopa(uint64_t va)
{

	return ((ptes[va / PAGE] & 0xffffffffff000) + va % PAGE);
}

/* Memory at va is these bytes; they may cross a page. */
static void
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
static uint64_t
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
static void
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

/*
 * What each word of a description is taken for: the sizes first, then what is
 * in memory, and last the file.
 */
static const struct word {
	const char	*name;
	int		pass;
	u_int		args;
} words[] = {
	{ "layout", 0, 1 }, { "memory", 0, 1 }, { "tables", 0, 1 },
	{ "version", 0, 1 }, { "full", 0, 1 }, { "later", 0, 1 },
	{ "bomb", 0, 1 },
	{ "avail", 0, 2 },
	{ "tablesat", 0, 1 },
	{ "lines", 0, 1 }, { "late", 0, 1 }, { "msghdr", 0, 1 },
	{ "decoy", 0, 1 }, { "dull", 0, 1 },
	{ "short", 0, 1 }, { "junk", 0, 1 }, { "empty", 0, 2 },
	{ "map", 1, 3 }, { "device", 1, 2 }, { "page", 1, 2 },
	{ "superpage", 1, 2 }, { "notable", 1, 1 }, { "blank", 1, 2 },
	{ "string", 1, 2 }, { "pointer", 1, 2 }, { "image", 1, 2 },
	{ "msgbuf", 1, 3 },
	{ "field", 2, 2 }, { "bit", 2, 2 }, { "byte", 2, 2 }, { "cut", 2, 1 },
	{ "grow", 2, 1 }, { "leftout", 2, 1 }, { "left", 2, 3 },
	{ "live", 2, 1 }, { "notread", 2, 2 }, { "phdr", 2, 3 }, { "pair", 2, 2 },
	{ "gz", 3, 1 },
	{ "flip", 4, 1 }, { "zbyte", 4, 2 }, { "zcut", 4, 1 },
	{ "zgrow", 4, 1 }, { "lost", 4, 1 },
};
#define	NWORDS		(sizeof(words) / sizeof(words[0]))

static void
describe_sizes(char **w)
{

	if (strcmp(w[0], "layout") == 0) {
		for (lay = layouts; strcmp(lay->name, w[1]) != 0; lay++)
			if (lay == &layouts[2])
				errx(2, "layout %s: unknown", w[1]);
	} else if (strcmp(w[0], "memory") == 0)
		memory = num(w[1]);
	else if (strcmp(w[0], "tables") == 0)
		tables = num(w[1]);
	else if (strcmp(w[0], "lines") == 0)
		lines = num(w[1]);
	else if (strcmp(w[0], "late") == 0)
		late = num(w[1]);
	else if (strcmp(w[0], "dull") == 0)
		dull = num(w[1]);
	else if (strcmp(w[0], "short") == 0)
		shortone = num(w[1]);
	else if (strcmp(w[0], "junk") == 0)
		junkone = num(w[1]);
	else if (strcmp(w[0], "empty") == 0) {
		emptyone = num(w[1]);
		nempty = num(w[2]);
	} else if (strcmp(w[0], "decoy") == 0)
		decoy = w[1];
	else if (strcmp(w[0], "version") == 0)
		version = num(w[1]);
	else if (strcmp(w[0], "full") == 0)
		full = num(w[1]);
	else if (strcmp(w[0], "later") == 0)
		later = num(w[1]);
	else if (strcmp(w[0], "bomb") == 0)
		bomb = num(w[1]);
	else if (strcmp(w[0], "tablesat") == 0)
		tablesat = num(w[1]);
	else if (strcmp(w[0], "avail") == 0) {
		if (navail == MAXAVAIL)
			errx(2, "too many avail");
		avail[navail].from = num(w[1]);
		avail[navail++].to = num(w[2]);
	}
	else
		msghdr = w[1];
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

static void
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

static void
grow(uint64_t *size, uint64_t n)
{

	if (n > MAXGROW)
		errx(2, "grow %ju: too much", (uintmax_t)n);
	*size += n;
}

static void
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

/*
 * Put a member with these bytes at "p", with "pad" more in its header and
 * "junk" more behind the data.  Returns how many bytes it has.
 */
static uint64_t
deflate_member(u_char *p, u_char *plain, uint64_t len, uint64_t pad,
    uint64_t junk)
{
	static const u_char start[] = {
		0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 0xff, 6, 0, 0x42, 0x43, 2
	};
	static z_stream z;
	uint64_t size;

	if (z.state == NULL && deflateInit2(&z, 1, Z_DEFLATED, -15, 8,
	    Z_DEFAULT_STRATEGY) != Z_OK)
		errx(2, "deflate");
	z.next_in = plain;
	z.avail_in = len;
	z.next_out = p + 18 + pad;
	z.avail_out = 65536;
	if (deflate(&z, Z_FINISH) != Z_STREAM_END)
		errx(2, "deflate");
	size = 18 + pad + z.total_out + junk + 8;
	deflateReset(&z);
	if (size > 65536)
		errx(2, "a member of %ju bytes", (uintmax_t)size);
	memset(p, 0, 18 + pad);
	memcpy(p, start, sizeof(start));
	put(p + 16, size - 1, 2);
	put(p + size - 8, crc32(0, plain, len), 4);
	put(p + size - 4, len, 4);
	if (pad != 0) {
		put(p + 10, 6 + pad, 2);
		p[18] = 0x4d;
		p[19] = 0x50;
		put(p + 20, pad - 4, 2);
	}
	return (size);
}

static int
is_zero(const u_char *p, uint64_t len)
{

	return (p[0] == 0 && memcmp(p, p + 1, len - 1) == 0);
}

/* Put member i of the file at the end of zfile. */
static void
gz_member(uint64_t i)
{
	static int waszero;
	uint64_t len;
	int zero;

	len = filesize - i * MEMBER;
	if (len > MEMBER)
		len = MEMBER;
	if (i == shortone)
		len -= 8;
	bad[i] = i == shortone || i == junkone;
	/* A blank one is like the blank one before it. */
	zero = i > 1 && len == MEMBER && !bad[i] &&
	    is_zero(file + i * MEMBER, len);
	if (zero && waszero) {
		len = member[i] - member[i - 1];
		memcpy(zfile + zsize, zfile + zsize - len, len);
		zsize += len;
	} else
		zsize += deflate_member(zfile + zsize, file + i * MEMBER, len,
		    0, i == junkone ? 8 : 0);
	waszero = zero;
}

/*
 * Make the first member, which ends there, longer, so that the file is a
 * multiple of this.
 */
static void
gz_pad(uint64_t end, uint64_t multiple)
{
	uint64_t i, len, pad;

	if (zsize % multiple == 0)
		return;
	pad = multiple - zsize % multiple;
	while (pad < 4)
		pad += multiple;
	memmove(zfile + end + pad, zfile + end, zsize - end);
	len = filesize < MEMBER ? filesize : MEMBER;
	if (shortone == 0)
		len -= 8;
	(void)deflate_member(zfile + member[0], file, len, pad,
	    junkone == 0 ? 8 : 0);
	for (i = 1; i <= nmembers; i++)
		member[i] += pad;
	zsize += pad;
}

/* Compress the file. */
static void
gz(uint64_t multiple)
{
	static u_char nothing[1];
	uint64_t end, i, n;

	nmembers = (filesize + MEMBER - 1) / MEMBER;
	if (nmembers > MAXMEMBERS)
		errx(2, "too many members");
	zfile = reserve((nmembers + 2) * 65536 + MAXGROW);
	for (i = end = zsize = 0; i <= nmembers; i++) {
		for (n = 0; i == emptyone && n < nempty; n++)
			zsize += deflate_member(zfile + zsize, nothing, 0, 0,
			    0);
		member[i] = zsize;
		if (i < nmembers)
			gz_member(i);
		if (i == 0)
			end = zsize;
	}
	gz_pad(end, multiple);
}

static void
describe_members(char **w)
{
	uint64_t i, n;

	if (strcmp(w[0], "flip") == 0 || strcmp(w[0], "zbyte") == 0) {
		n = mplace(w[1]);
		for (i = 0; i < nmembers - 1 && member[i + 1] <= n; i++)
			continue;
		bad[i] = 1;
		zfile[n] = w[0][0] == 'f' ? zfile[n] ^ 0xff :
		    num(w[2]);
	} else if (strcmp(w[0], "zcut") == 0) {
		zsize = mplace(w[1]);
		for (i = 0; i < nmembers && member[i + 1] <= zsize; i++)
			continue;
		filesize = i * MEMBER;
	} else if (strcmp(w[0], "lost") == 0)
		filesize = num(w[1]) * MEMBER;
	else
		grow(&zsize, num(w[1]));
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
		describe_sizes(w);
	else if (pass == 1)
		describe_memory(w);
	else if (pass == 2)
		describe_file(w);
	else if (pass == 3)
		gz(num(w[1]));
	else
		describe_members(w);
}

/* The bytes of one page of memory. */
static void
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

/*
 * The message buffer: in memory after all messages, and in its section before
 * the last "late" bytes of them.
 */
static u_char *
messages(uint64_t *size, const char *out)
{
	char *name, *text;
	u_char *ring, *sect, hdr[32];
	uint64_t hdrsize, i, len;
	FILE *fp;

	hdrsize = lay->ptrsize + 24;
	*size = msgpages == 0 ? 0 : msgpages * PAGE - hdrsize;
	ring = alloc(*size);
	sect = alloc(round_page(*size));
	text = alloc(lines * 16 + 256);
	len = sprintf(text, "FreeBSD 55\npanic: old\nFreeBSD 6.2-TEST #0\n"
	    "FreeBSD clang version 3.4.1\n");
	for (i = 0; i < lines; i++)
		len += sprintf(text + len, "message %06ju\n", (uintmax_t)i);
	len += sprintf(text + len, "panic: on purpose\npanic: again\n");
	for (i = 0; i < len && *size > 0; i++) {
		if (i == len - late)
			memcpy(sect, ring, *size);
		ring[i % *size] = text[i];
	}
	if (late == 0)
		memcpy(sect, ring, *size);

	name = alloc(strlen(out) + 4);
	sprintf(name, "%s.msg", out);
	fp = fopen(name, "w");
	i = len > *size ? len - *size : 0;
	if (fp == NULL || fwrite(text + i, 1, len - i, fp) != len - i ||
	    fclose(fp) != 0)
		err(2, "%s", name);

	put(hdr, lay->kernbase + msgva, lay->ptrsize);
	put(hdr + lay->ptrsize, 0x063062, 4);
	put(hdr + lay->ptrsize + 4, *size, 4);
	put(hdr + lay->ptrsize + 8, *size == 0 ? 0 : len % (*size * 16), 4);
	put(hdr + lay->ptrsize + 12, 0, 4);
	put(hdr + lay->ptrsize + 16, 0x12345678, 4);
	put(hdr + lay->ptrsize + 20, *size * 16, 4);
	if (*size > 0)
		poke(msgva, ring, *size);
	if (*size > 0 && strcmp(msghdr, "pages") == 0)
		poke(msgva + *size, hdr, hdrsize);
	else if (*size > 0 && strcmp(msghdr, "pad") == 0)
		memcpy(sect + *size, hdr, hdrsize);
	else if (*size > 0 && strcmp(msghdr, "none") != 0)
		poke(num(msghdr), hdr, hdrsize);
	if (decoy != NULL) {
		hdr[lay->ptrsize + 8] ^= 0xff;		/* its wseq */
		poke(num(decoy), hdr, hdrsize);
	}
	return (sect);
}

/* Which bit of the bitmap is that of a frame. */
static uint64_t
bit_of(uint64_t frame)
{
	uint64_t n;
	u_int i;

	if (navail == 0)
		return (frame);
	for (i = n = 0; i < navail; n += avail[i].to - avail[i].from, i++)
		if (frame >= avail[i].from && frame < avail[i].to)
			return (n + frame - avail[i].from);
	errx(2, "frame 0x%jx: not in avail", (uintmax_t)frame);
}

/* How many pages the bitmap has a bit for. */
static uint64_t
nbits(void)
{
	uint64_t n;
	u_int i;

	for (i = n = 0; i < navail; i++)
		n += avail[i].to - avail[i].from;
	return (navail == 0 ? memory : n);
}

/* Bytes of dump_avail. */
static uint64_t
avail_size(void)
{

	return (navail == 0 ? 0 : (navail + 1) * 16);
}

/* The header of a full dump. */
static void
build_elf(void)
{
	u_char *p;
	uint64_t ofs;
	u_int i;
	int is64, size;

	is64 = lay == &layouts[0];
	size = is64 ? 8 : 4;
	memcpy(file, "\177ELF", 4);
	file[4] = is64 ? 2 : 1;
	file[5] = 1;
	file[6] = 1;
	file[7] = 255;
	put(file + 16, 4, 2);
	put(file + 18, is64 ? 62 : 3, 2);
	put(file + (is64 ? 32 : 28), is64 ? 64 : 52, size);
	put(file + (is64 ? 52 : 40), is64 ? 64 : 52, 2);
	put(file + (is64 ? 54 : 42), is64 ? 56 : 32, 2);
	put(file + (is64 ? 56 : 44), navail, 2);
	put(file + (is64 ? 58 : 46), is64 ? 64 : 40, 2);
	ofs = section[5];
	for (i = 0; i < navail; i++) {
		p = file + (is64 ? 64 + i * 56 : 52 + i * 32);
		put(p, 1, 4);
		put(p + (is64 ? 4 : 24), 4, 4);
		put(p + (is64 ? 8 : 4), ofs, size);
		put(p + (is64 ? 16 : 8), avail[i].from * PAGE, size);
		put(p + (is64 ? 24 : 12), avail[i].from * PAGE, size);
		put(p + (is64 ? 32 : 16), (avail[i].to - avail[i].from) *
		    PAGE, size);
		put(p + (is64 ? 40 : 20), (avail[i].to - avail[i].from) *
		    PAGE, size);
		put(p + (is64 ? 48 : 28), PAGE, size);
		ofs += (avail[i].to - avail[i].from) * PAGE;
	}
}

/* The header of a minidump, and what is between it and the pages. */
static void
build_sections(const u_char *sect, uint64_t msgsize, uint64_t bitmapsize)
{
	uint64_t i;
	int is64;

	is64 = lay == &layouts[0];
	strcpy((char *)file, lay->magic);
	put(file + 24, version, 4);
	put(file + 28, msgsize, 4);
	put(file + 32, bitmapsize, 4);
	put(file + 36, section[5] - section[4], 4);
	if (is64) {
		put(file + 40, lay->kernbase, 8);
		put(file + 48, lay->dmapbase, 8);
		put(file + 56, lay->dmapend, 8);
	} else {
		put(file + 40, lay->kernbase, 4);
		put(file + 44, lay == &layouts[2], 4);
	}
	memcpy(file + section[1], sect, section[2] - section[1]);
	if (navail > 0)
		put(file + (is64 ? 64 : 48), avail_size(), 4);
	for (i = 0; i < navail; i++) {
		put(file + section[2] + i * 16, avail[i].from * PAGE, 8);
		put(file + section[2] + i * 16 + 8, avail[i].to * PAGE, 8);
	}
	for (i = 0; i < memory; i++)
		if (inset[i])
			file[section[3] + bit_of(i) / 8] |= 1 << bit_of(i) % 8;
	if (tables_in_memory())
		for (i = 0; i < tables; i++)
			put(file + section[4] + i * 8, pde(i), 8);
	else
		for (i = 0; i < npages(); i++)
			put(file + section[4] + i * lay->entsize, ptes[i],
			    lay->entsize);
}

static void
build(const char *out)
{
	u_char *sect;
	uint64_t bitmapsize, i, msgsize, n;
	u_int a;

	if (tables_in_memory())
		make_tables();
	sect = messages(&msgsize, out);
	for (a = 0; full && a < navail; a++)
		for (i = avail[a].from; i < avail[a].to; i++)
			inset[i] = 1;
	bitmapsize = full ? 0 : (nbits() + 63) / 64 * 8;
	if (!full && navail == 0)
		bitmapsize = memory / 8;
	section[1] = PAGE;
	section[2] = section[1] + (full ? 0 : round_page(msgsize));
	section[3] = section[2] + (full || navail == 0 ? 0 : PAGE);
	section[4] = section[3] + round_page(bitmapsize);
	section[5] = section[4];
	if (!full)
		section[5] += tables_in_memory() ? round_page(tables * 8) :
		    tables * PAGE;
	for (i = n = 0; i < memory; i++)
		n += inset[i] != 0;
	filesize = section[6] = section[5] + n * PAGE;
	file = reserve(filesize + MAXGROW);
	if (full)
		build_elf();
	else
		build_sections(sect, msgsize, bitmapsize);
	for (i = n = 0; i < memory; i++) {
		if (!inset[i])
			continue;
		if (inset[i] != BLANK)
			fill(file + section[5] + n * PAGE, i);
		n++;
	}
}

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

static void
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

/* Write the file, with holes where it is zero. */
static int
write_sparse(FILE *fp, const u_char *p, uint64_t size)
{
	uint64_t len, ofs;

	for (ofs = 0; ofs < size; ofs += len) {
		len = size - ofs < PAGE ? size - ofs : PAGE;
		if (is_zero(p + ofs, len) ? fseeko(fp, len, SEEK_CUR) != 0 :
		    fwrite(p + ofs, 1, len, fp) != len)
			return (-1);
	}
	return (fflush(fp) != 0 ? -1 : ftruncate(fileno(fp), size));
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

static void
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
