/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The contents of a dump (see model.h).
 */

#include <string.h>

#include "model.h"

static uint64_t
round_up(uint64_t bytes)
{

	return ((bytes + PGMASK) & ~PGMASK);
}

/* Return entry i of the table for a piece, as in the dump. */
static uint64_t
entry(const struct piece *p, unsigned i)
{

	if (p->is == PIECE_SUPER)
		return (ENTRY(p->pa + (uint64_t)i * PAGE) | SMALL);
	if (p->is == PIECE_TABLE && mem_frame(p->pa) != -1)
		return (mem_entry(p->pa, i));
	return (0);
}

static int
entry_frame(uint64_t e)
{

	return ((e & PG_V) != 0 ? mem_frame(FRAME(e)) : -1);
}

int
model_frame(const struct layout *l, const struct piece *piece, uint64_t va)
{
	uint64_t n;

	va = (uintptr_t)va;
	n = (va - KERNBASE) / PIECESIZE;
	if (va < KERNBASE || n >= l->npieces)
		return (-1);
	return (entry_frame(entry(&piece[n], va % PIECESIZE / PAGE)));
}

/* Return whether the address is in a range that is left out. */
static int
left_out(const struct model *m, const struct layout *l, int physical,
    uint64_t address)
{
	const struct kern_kind *k;

	for (k = l->vars.kind; k < &l->vars.kind[m->nleft]; k++)
		if (k->physical == physical && address >= k->start &&
		    address < k->end)
			return (1);
	return (0);
}

void
model_pages(struct model *m, const struct layout *l,
    const struct piece *piece, unsigned nleft)
{
	const struct piece *p;
	uint64_t top;
	unsigned i, n;
	int f;

	memset(m, 0, sizeof(*m));
	m->nleft = nleft;
	memcpy(m->in, l->added, sizeof(m->in));
	for (i = 0; KEEPS_TABLES && i < l->ndirs; i++)
		m->in[mem_frame(l->dir[i])] = 1;
	for (n = 0; n < l->npieces; n++) {
		p = &piece[n];
		if (p->is == PIECE_LOST ||
		    (p->is == PIECE_TABLE && mem_frame(p->pa) == -1)) {
			m->skipped++;
			continue;
		}
		if (p->is == PIECE_NONE)
			continue;
		if (KEEPS_TABLES && p->is == PIECE_TABLE)
			m->in[mem_frame(p->pa)] = 1;
		for (i = 0; i < NENTRY; i++) {
			f = entry_frame(entry(p, i));
			if (f != -1 && (nleft == 0 || !left_out(m, l, 0,
			    KERNBASE + n * PIECESIZE + (uint64_t)i * PAGE)))
				m->in[f] = 1;
		}
	}
	for (f = 0; f < mem_count(); f++) {
		if (mem_arena(mem_pa(f)) || left_out(m, l, 1, mem_pa(f)))
			m->in[f] = 0;
		m->npages += m->in[f];
	}
	top = mem_pa(mem_count() - 1) / PAGE + 1;
	m->bitmap_size = (uint32_t)round_up((top + 7) / 8);
}

void
model_shape(struct model *m, const struct layout *l,
    const struct piece *piece)
{
	unsigned char head[MSGBUF_SIZE];
	uintptr_t ptr;
	uint32_t magic, size;
	uint64_t va;
	unsigned i;
	int f;

	memset(head, 0, sizeof(head));
	m->msgbuf_found = 1;
	for (i = 0; i < sizeof(head); i++) {
		va = l->vars.msgbuf + i;
		f = model_frame(l, piece, va);
		if (f == -1)
			m->msgbuf_found = 0;
		else
			mem_read(mem_pa(f) + (va & PGMASK), &head[i], 1);
	}
	memcpy(&ptr, head, sizeof(ptr));
	memcpy(&magic, head + sizeof(ptr), sizeof(magic));
	memcpy(&size, head + sizeof(ptr) + 4, sizeof(size));
	if (magic != MSGBUF_MAGIC || size > MSGBUF_MAX)
		m->msgbuf_found = 0;
	m->msgbuf_ptr = m->msgbuf_found ? ptr : 0;
	m->msgbuf_size = m->msgbuf_found ? size : 0;

	m->end[S_HEADER] = PAGE;
	m->end[S_MSGBUF] = m->end[S_HEADER] + round_up(m->msgbuf_size);
	m->end[S_BITMAP] = m->end[S_MSGBUF] + m->bitmap_size;
	m->end[S_TABLES] = m->end[S_BITMAP] + (uint64_t)l->npieces * PAGE;
	m->end[S_PAGES] = m->end[S_TABLES] + (uint64_t)m->npages * PAGE;
	m->length = m->end[S_PAGES];
}

static void
put(unsigned char *p, uint64_t value, unsigned bytes)
{

	for (; bytes > 0; bytes--, value >>= 8)
		*p++ = value & 0xff;
}

static void
put_be(unsigned char *p, uint64_t value, unsigned bytes)
{

	for (; bytes > 0; value >>= 8)
		p[--bytes] = value & 0xff;
}

/*
 * Make the page of a bitmap that begins with bit "first", for the frames in
 * "set".
 */
static void
put_bits(unsigned char *page, uint64_t first, const unsigned char *set)
{
	uint64_t n;
	int f;

	memset(page, 0, PAGE);
	for (f = 0; f < mem_count(); f++) {
		n = mem_pa(f) / PAGE - first;
		if (set[f] && n < 8 * PAGE)
			page[n / 8] |= (unsigned char)(1 << n % 8);
	}
}

/*
 * Make a page of the dump.  For bitmap pages that the dump code has yet to
 * write, the contents are the model's.
 */
static void
put_page(unsigned char *page, const struct model *m, uint64_t pa)
{

	if (mem_frozen_bitmap(pa))
		put_bits(page, (pa - boot.start) % boot.bitmap * 8, m->in);
	else
		mem_read(pa, page, PAGE);
}

/* Strings are cut to fit, with a NUL. */
static void
put_string(unsigned char *p, const char *s, size_t size)
{
	size_t len;

	len = strlen(s);
	memcpy(p, s, len < size ? len : size - 1);
}

/*
 * Return how many bytes of the message buffer, from this one on, are in the
 * same page.
 */
static unsigned
msgbuf_part(const struct model *m, uint64_t at)
{
	uint64_t n;

	n = PAGE - ((m->msgbuf_ptr + at) & PGMASK);
	return ((unsigned)(n < m->msgbuf_size - at ? n :
	    m->msgbuf_size - at));
}

static void
put_leftout(unsigned char *p, const struct model *m, const struct layout *l)
{
	const struct kern_kind *k;
	unsigned i;

	memcpy(p, "left out", 8);
	put(p + 8, m->nleft, 4);
	p += 16;
	for (i = 0; i < m->nleft; i++, p += 56) {
		k = &l->vars.kind[i];
		put_string(p, k->name, 32);
		put(p + 32, k->start, 8);
		put(p + 40, k->end, 8);
		put(p + 48, (uint64_t)k->physical, 4);
		put(p + 52, m->left[i], 4);
	}
}

void
model_image(struct image *image, const struct model *m,
    const struct layout *l, const struct piece *piece)
{
	static const struct {
		unsigned	offset;
		unsigned	bytes;
		uint64_t	value;
	} header[] = HDR_FIELDS;
	unsigned char page[PAGE], *p;
	uint64_t at, va;
	unsigned i, n;
	int f;

	image->mem = sim_grow(image->mem, &image->size, m->length);
	p = memset(image->mem, 0, m->end[S_TABLES]);
	strcpy((char *)p, "minidump FreeBSD/" MACHINE);
	put(p + 24, 1, 4);
	put(p + 28, m->msgbuf_size, 4);
	put(p + 32, m->bitmap_size, 4);
	put(p + 36, (uint64_t)l->npieces * PAGE, 4);
	for (i = 0; i < NITEMS(header); i++)
		put(p + header[i].offset, header[i].value, header[i].bytes);
	if (m->nleft > 0)
		put_leftout(p + 256, m, l);

	p = image->mem + m->end[S_HEADER];
	for (at = 0; at < m->msgbuf_size; at += n) {
		va = m->msgbuf_ptr + at;
		n = msgbuf_part(m, at);
		f = model_frame(l, piece, va);
		if (f != -1) {
			put_page(page, m, mem_pa(f));
			if (mem_arena(mem_pa(f)))
				memset(page, 0, PAGE);
			memcpy(p + at, page + (va & PGMASK), n);
		}
	}

	p = image->mem + m->end[S_MSGBUF];
	for (at = 0; at < m->bitmap_size; at += PAGE)
		put_bits(p + at, at * 8, m->in);

	p = image->mem + m->end[S_BITMAP];
	for (n = 0; n < l->npieces; n++)
		for (i = 0; i < NENTRY; i++, p += ESIZE)
			if (piece[n].is != PIECE_NONE)
				put(p, entry(&piece[n], i), ESIZE);

	p = image->mem + m->end[S_TABLES];
	for (f = 0; f < mem_count(); f++)
		if (m->in[f]) {
			put_page(p, m, mem_pa(f));
			p += PAGE;
		}
}

void
model_forget(unsigned char *dump, const struct model *m,
    const struct layout *l, const struct piece *piece)
{
	unsigned char *p;
	uint64_t at;
	unsigned n;
	int f;

	p = dump + m->end[S_HEADER];
	for (at = 0; at < m->msgbuf_size; at += n) {
		n = msgbuf_part(m, at);
		f = model_frame(l, piece, m->msgbuf_ptr + at);
		if (f != -1 && mem_arena(mem_pa(f)))
			memset(p + at, 0, n);
	}
}

void
model_kdh(const struct layout *l, uint64_t length, unsigned blocksize,
    unsigned char kdh[KDH_SIZE])
{
	unsigned i;

	memset(kdh, 0, KDH_SIZE);
	put_string(kdh, "FreeBSD Kernel Dump", 20);
	put_string(kdh + 20, MACHINE, 12);
	put_be(kdh + 32, 1, 4);
	put_be(kdh + 36, ARCHVERSION, 4);
	put_be(kdh + 40, length, 8);
	put_be(kdh + 48, (uint64_t)l->vars.now, 8);
	put_be(kdh + 56, blocksize, 4);
	put_string(kdh + 60, l->vars.hostname, 64);
	put_string(kdh + 124, l->vars.version, 192);
	put_string(kdh + 316, l->vars.panic, 192);
	for (i = 0; i < KDH_SIZE - 4; i++)
		kdh[KDH_SIZE - 4 + i % 4] ^= kdh[i];
}
