/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * format name count seed file: check that valid minidumps are opened, that
 * others are refused, and what is read from them.  "count" random dumps of
 * version 1 are made in "file", and most of them are changed somewhere.
 * accepts() says, field by field, which of them are valid, and
 * regress/fuzz/model.c what they have at an address.  Neither shares code with
 * the library.  This is part of steps.c's program.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <inttypes.h>
#include <kvm.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "../fuzz/model.h"
#include "../report.h"

#define	PAGE		4096
#define	MAXSIZE		(128 * 1024)
#define	NADDRS		24

#define	DEVICE		0xfec00000
#define	UPPERHALF	0xffff800000000000
#define	ROUND(n)	(((n) + PAGE - 1) / PAGE * PAGE)

static uint8_t dump[MAXSIZE];
static size_t size;
static char change[128];	/* the change made to it */
static uint64_t seed;

/* Return a number below n. */
static uint64_t
below(uint64_t n)
{

	seed = seed * 6364136223846793005 + 1442695040888963407;
	return ((seed >> 11) % n);
}

static uint64_t
get(const uint8_t *p, int n)
{
	uint64_t v;

	for (v = 0; n > 0; n--)
		v = v << 8 | p[n - 1];
	return (v);
}

static void
put(uint8_t *p, uint64_t v, int n)
{

	for (; n > 0; n--, v >>= 8)
		*p++ = v & 0xff;
}

/* The fields of the header; 8-byte fields are amd64's. */
static const struct field {
	const char	*name;
	int		ofs;
	int		len;
} fields[] = {
	{ "version", 24, 4 }, { "msgbufsize", 28, 4 }, { "bitmapsize", 32, 4 },
	{ "ptesize", 36, 4 }, { "kernbase", 40, 8 }, { "dmapbase", 48, 8 },
	{ "dmapend", 56, 8 }, { "kernbase", 40, 4 }, { "paemode", 44, 4 },
};

static int
is_amd64(void)
{

	return (strcmp((char *)dump, "minidump FreeBSD/amd64") == 0);
}

static uint64_t
entsize(void)
{

	return (is_amd64() || get(dump + 44, 4) == 1 ? 8 : 4);
}

/* Make a dump of a few pages, of any layout. */
static void
make(void)
{
	static uint8_t has[2048];
	uint64_t bitmapsize, frame, frames, i, memory, msgsize, n, tables;
	uint8_t *p, *pages;
	int amd64, ent;

	memset(dump, 0, sizeof(dump));
	memset(has, 0, sizeof(has));
	amd64 = below(3) == 0;
	strcpy((char *)dump, amd64 ? "minidump FreeBSD/amd64" :
	    "minidump FreeBSD/i386");
	put(dump + 24, 1, 4);
	msgsize = below(2 * PAGE);
	put(dump + 28, msgsize, 4);
	memory = 64 * (1 + below(sizeof(has) / 64));
	bitmapsize = memory / 8;
	put(dump + 32, bitmapsize, 4);
	tables = 1 + below(2);
	put(dump + 36, tables * PAGE, 4);
	if (amd64) {
		put(dump + 40, 0xffffffff80000000, 8);
		put(dump + 48, 0xffffff0000000000, 8);
		put(dump + 56, 0xffffff0000000000 + memory * PAGE, 8);
	} else {
		put(dump + 40, 0xc0000000, 4);
		put(dump + 44, below(2), 4);
	}
	ent = entsize();
	p = dump + PAGE + ROUND(msgsize) + ROUND(bitmapsize);
	pages = p + tables * PAGE;
	frames = 1 + below(12);
	/* The last is a page of memory that is not in the dump. */
	for (i = 0; i <= frames; i++) {
		frame = below(memory);
		if (i < frames)
			has[frame] = 1;
		if (below(8) != 0)
			put(p + below(tables * PAGE / ent) * ent,
			    frame * PAGE | 0x163, ent);
	}
	put(p + below(tables * PAGE / ent) * ent, DEVICE | 0x163, ent);
	for (i = n = 0; i < memory; i++) {
		if (!has[i])
			continue;
		dump[PAGE + ROUND(msgsize) + i / 8] |= 1 << i % 8;
		memset(pages + n * PAGE, i & 0xff, PAGE);
		pages[n++ * PAGE + below(PAGE)] = 0xff;
	}
	size = pages + n * PAGE - dump;
	strcpy(change, "nothing");
}

/* Count the set bits that the file has. */
static uint64_t
count_bits(uint64_t ofs, uint64_t len)
{
	uint64_t i, n;
	int bit;

	for (i = n = 0; i < len && ofs + i < size; i++)
		for (bit = 0; bit < 8; bit++)
			n += dump[ofs + i] >> bit & 1;
	return (n);
}

/* Find where the pages begin, and how many bytes the whole dump should have. */
static uint64_t
whole(uint64_t *npages, uint64_t *pages)
{
	uint64_t bitmap, bitmapsize;

	bitmap = PAGE + ROUND(get(dump + 28, 4));
	bitmapsize = get(dump + 32, 4);
	*npages = count_bits(bitmap, bitmapsize);
	*pages = bitmap + ROUND(bitmapsize) + get(dump + 36, 4);
	return (*pages + *npages * PAGE);
}

/* Return whether amd64's fields are possible. */
static int
accepts_amd64(uint64_t ptesize)
{
	uint64_t dmapbase, dmapend, kernbase;

	kernbase = get(dump + 40, 8);
	dmapbase = get(dump + 48, 8);
	dmapend = get(dump + 56, 8);
	if (kernbase < UPPERHALF || dmapbase < UPPERHALF)
		return (0);
	if (kernbase % 0x200000 != 0 || dmapbase % 0x200000 != 0)
		return (0);
	if (dmapend < dmapbase || dmapend % PAGE != 0)
		return (0);
	/* The direct map ends before kernbase, or begins above the end. */
	return (dmapend <= kernbase || dmapbase > kernbase +
	    ptesize / 8 * PAGE - 1);
}

/* Return whether this is a valid dump, perhaps cut short. */
static int
accepts(void)
{
	uint64_t bitmapsize, kernbase, last, limit, memory, npages, pages;
	uint64_t ptesize;
	int amd64;

	amd64 = is_amd64();
	if (size < 64 || (!amd64 &&
	    strcmp((char *)dump, "minidump FreeBSD/i386") != 0) ||
	    get(dump + 24, 4) != 1)
		return (0);
	bitmapsize = get(dump + 32, 4);
	ptesize = get(dump + 36, 4);
	kernbase = get(dump + 40, amd64 ? 8 : 4);
	last = amd64 ? UINT64_MAX : UINT32_MAX;
	if (amd64) {
		if (!accepts_amd64(ptesize))
			return (0);
		memory = get(dump + 56, 8) - get(dump + 48, 8);
	} else {
		if (get(dump + 44, 4) > 1)
			return (0);
		limit = entsize() == 8 ? 0x200000 : 0x400000;
		if (kernbase % limit != 0)
			return (0);
		memory = entsize() == 8 ? 1ULL << 36 : 1ULL << 32;
	}
	/* All mapped addresses are between kernbase and the last address. */
	if (get(dump + 28, 4) > last - kernbase)
		return (0);
	if (ptesize == 0 || ptesize % PAGE != 0 ||
	    (ptesize / entsize() - 1) > (last - kernbase) / PAGE)
		return (0);
	/* It has a bit for each possible page of memory, in whole pages. */
	if (bitmapsize == 0 || bitmapsize % (amd64 ? 8 : 4) != 0)
		return (0);
	if (bitmapsize > PAGE &&
	    (bitmapsize - 1) / PAGE * PAGE * 8 * PAGE >= memory)
		return (0);
	/* With a page or more behind it, one of the sizes is wrong. */
	limit = whole(&npages, &pages);
	return (size < limit + PAGE);
}

/* Return a value that is likely to be taken for v by mistake. */
static uint64_t
mistake(uint64_t v)
{
	static const uint64_t steps[] = {
		1, 2, 4, 7, 8, 512, PAGE - 1, PAGE, PAGE + 8, 0x200000,
		0x400000, 1 << 30
	};
	uint64_t step;

	step = steps[below(12)];
	switch (below(6)) {
	case 0:
		return (v + step);
	case 1:
		return (v - step);
	case 2:
		return (v ^ 1ULL << below(64));
	case 3:
		return (UINT64_MAX - below(3));
	case 4:
		return (v << below(8));
	default:
		return (step * below(5));
	}
}

static void
change_field(void)
{
	const struct field *f;
	uint64_t v;

	/* Those of the layout. */
	do
		f = &fields[below(sizeof(fields) / sizeof(fields[0]))];
	while (f->ofs >= 40 && (f < &fields[7]) != is_amd64());
	v = mistake(get(dump + f->ofs, f->len));
	/* Later versions have another form. */
	if (f->ofs == 24 && (v == 2 || v == 3))
		v = 4;
	put(dump + f->ofs, v, f->len);
	snprintf(change, sizeof(change), "%s 0x%jx", f->name,
	    (uintmax_t)get(dump + f->ofs, f->len));
}

/* Change a byte of the magic, the bitmap, the page tables, or near them. */
static void
change_byte(void)
{
	uint64_t npages, ofs, pages;

	whole(&npages, &pages);
	ofs = below(4) == 0 ? below(23) : PAGE + below(pages - PAGE);
	if (below(3) == 0)
		ofs = PAGE + ROUND(get(dump + 28, 4)) +
		    below(get(dump + 32, 4));
	dump[ofs] ^= 1 << below(8);
	snprintf(change, sizeof(change), "byte %ju 0x%02x", (uintmax_t)ofs,
	    dump[ofs]);
}

static void
change_size(void)
{

	switch (below(3)) {
	case 0:
		size += 1 + below(2 * PAGE);
		break;
	case 1:
		size = below(size);
		break;
	default:
		size -= below(PAGE);
		break;
	}
	snprintf(change, sizeof(change), "%zu bytes", size);
}

/* Return what is wrong with what can be read; NULL if nothing is. */
static const char *
check_bytes(kvm_t *kd)
{
	static char text[64];
	uint8_t buf[3];
	uint64_t va;
	ssize_t n;
	int byte, i;
	u_int k;

	for (k = 0; k < NADDRS; k++) {
		va = model_addr(dump, size, k);
		n = kvm_read2(kd, va, buf, sizeof(buf));
		for (i = 0; i < 3; i++) {
			byte = model_byte(dump, size, va + i);
			if (i < n ? byte != buf[i] : byte != -1) {
				snprintf(text, sizeof(text), "0x%jx is %d",
				    (uintmax_t)va + i, byte);
				return (text);
			}
			if (i >= n)
				break;
		}
	}
	return (NULL);
}

/* Return what is wrong with how the dump is opened, according to accepts(). */
static const char *
check(const char *file, int accepted)
{
	static char errbuf[_POSIX2_LINE_MAX];
	const struct kvm_dumpinfo *ki;
	const char *bad;
	uint64_t end, npages, pages;
	kvm_t *kd;

	kd = kvm_openfiles(NULL, file, NULL, O_RDONLY, errbuf);
	if (kd == NULL)
		return (accepted ? errbuf : NULL);
	end = whole(&npages, &pages);
	ki = kvm_dumpinfo(kd);
	bad = NULL;
	if (!accepted)
		bad = "it is opened";
	else if (ki->ki_npages != npages || ki->ki_pages.ks_offset != pages)
		bad = "kvm_dumpinfo()";
	else if (ki->ki_truncated != (size < end))
		bad = "whether it is truncated";
	else if ((kvm_warning(kd, 0) != NULL) != (size != end))
		bad = "whether there is a warning";
	else
		bad = check_bytes(kd);
	kvm_close(kd);
	return (bad);
}

int
main(int argc, char **argv)
{
	static void (*const changes[])(void) = {
		change_field, change_byte, change_size
	};
	const char *bad;
	u_int accepted, count, i, refused;
	int fd, is;

	if (argc != 5)
		return (2);
	count = atoi(argv[2]);
	seed = atoi(argv[3]);
	fd = open(argv[4], O_RDWR | O_CREAT, 0600);
	bad = fd == -1 ? "no file" : NULL;
	for (i = accepted = refused = 0; i < count && bad == NULL; i++) {
		make();
		if (i % 4 != 0)
			(*changes[i % 4 - 1])();
		if (ftruncate(fd, size) == -1 ||
		    pwrite(fd, dump, size, 0) != (ssize_t)size)
			return (2);
		is = accepts();
		accepted += is;
		refused += !is;
		bad = check(argv[4], is);
		if (bad == NULL && i % 4 == 0 && !is)
			bad = "accepts() has not this";
	}
	close(fd);
	if (bad != NULL)
		report(0, "%s: dump %u of seed %s, %s: %s", argv[1], i - 1,
		    argv[3], change, bad);
	else
		report(accepted > count / 4 && refused > count / 8,
		    "%s: %u dumps, %u of them are none", argv[1], count,
		    refused);
	return (report_status());
}
