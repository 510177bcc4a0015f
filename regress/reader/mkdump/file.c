/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The file as a kernel would write it: a minidump or a full dump.
 */

#include <err.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "mkdump.h"

u_char *file;
uint64_t section[NSECTIONS], filesize;

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
uint64_t
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
uint64_t
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

void
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

/* Write the file, with holes where it is zero. */
int
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
