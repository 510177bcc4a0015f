/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The contents of a minidump: what is mapped into kernel address space, and
 * the pages that dump_add_page() was told of, instead of all of memory.
 *
 * minidump_freeze() decides what is in the dump; its size is then known.
 * minidump_page() gives any page of it, of whatever section, so that the dump
 * can be written forwards or backwards.  Nothing here knows where the dump
 * goes, or in which form.
 *
 * The rules of minidump_md.h hold for all of it: no allocation, no locks, no
 * trust in what the crash may have broken.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/vmparam.h>

#include <kern/minidump_md.h>
#include <kern/minidump_int.h>

/* Bytes of kernel address space in a piece (see minidump_md.h). */
#define	PIECESIZE	((vm_offset_t)NPTEPG * PAGE_SIZE)

/* No kernel has a message buffer as large as this. */
#define	MSGBUF_MAX	(16 * 1024 * 1024)

CTASSERT(MINIDUMP_LEFTOUT_OFFSET + sizeof(struct minidump_leftout) <=
    PAGE_SIZE);

/*
 * How many pieces of kernel address space are in use.  An end that cannot be
 * is one that the crash overwrote: then all that there can be.
 */
static u_int
count_pieces(void)
{
	vm_offset_t end;

	end = kernel_vm_end;
	if (end < KERNBASE || end > VM_MAX_KERNEL_ADDRESS)
		end = VM_MAX_KERNEL_ADDRESS;
	return (howmany(end - KERNBASE, PIECESIZE));
}

/*
 * Make the page of final-level entries for piece n in md->table.  Returns 0 if
 * it is empty.
 */
static int
make_table(struct minidump *md, u_int n)
{
	enum minidump_piece piece;
	vm_paddr_t pa;
	pt_entry_t *pt;
	u_int i;

	piece = cpu_minidump_piece(n, &pa, &md->set);
	if (piece == MINIDUMP_TABLE && !minidump_dumpable(pa)) {
		minidump_skip(&md->set);
		piece = MINIDUMP_NONE;
	}
	switch (piece) {
	case MINIDUMP_TABLE:
		pt = minidump_map(&md->set, pa, MINIDUMP_PT);
		for (i = 0; i < NPTEPG; i++)
			md->table[i] = pte_load(&pt[i]);
		return (1);
	case MINIDUMP_SUPERPAGE:
		for (i = 0; i < NPTEPG; i++, pa += PAGE_SIZE)
			md->table[i] = cpu_minidump_small(pa);
		return (1);
	default:
		bzero(md->table, PAGE_SIZE);
		return (0);
	}
}

/*
 * Find the frame that entry i of md->table maps.  Returns 0 if it maps
 * nothing, or nothing that is dumpable.
 */
static int
table_frame(const struct minidump *md, u_int i, vm_paddr_t *pap)
{

	return (cpu_minidump_entry(md->table[i], pap) &&
	    minidump_dumpable(*pap));
}

/* Is va in one of the kinds that are left out? */
static int
left_out(const struct minidump *md, vm_offset_t va)
{
	u_int i;

	for (i = 0; i < md->nleft; i++)
		if (!minidump_kind[i].physical &&
		    va >= minidump_kind[i].start && va < minidump_kind[i].end)
			return (1);
	return (0);
}

static void
collect(struct minidump *md)
{
	vm_offset_t va;
	vm_paddr_t pa;
	u_int i, n;

	md->npieces = count_pieces();
	minidump_park(&md->set);
	va = KERNBASE;
	for (n = 0; n < md->npieces; n++, va += PIECESIZE) {
		if (make_table(md, n) == 0)
			continue;
		for (i = 0; i < NPTEPG; i++)
			if (table_frame(md, i, &pa) && (md->nleft == 0 ||
			    !left_out(md, va + (vm_offset_t)i * PAGE_SIZE)))
				minidump_keep(&md->set, pa);
	}
	for (i = 0; i < md->nleft; i++)
		if (minidump_kind[i].physical)
			minidump_set_drop(&md->set, minidump_kind[i].start,
			    minidump_kind[i].end);
	minidump_set_close(&md->set);
}

/*
 * Where the byte at kernel virtual address va can be read, up to the end of
 * its page; NULL if it is not mapped to memory.  For pointers that the crash
 * may have broken: this does not fault.
 */
static const char *
kva_map(struct minidump *md, vm_offset_t va)
{
	const char *page;
	vm_paddr_t pa;
	u_int n;

	if (va < KERNBASE)
		return (NULL);
	n = (va - KERNBASE) / PIECESIZE;
	if (n >= md->npieces || make_table(md, n) == 0 ||
	    !table_frame(md, (va - KERNBASE) % PIECESIZE / PAGE_SIZE, &pa))
		return (NULL);
	page = minidump_map(&md->set, pa, MINIDUMP_PAGE);
	return (page + (va & PAGE_MASK));
}

/*
 * Find the message buffer.  Its head is copied byte by byte, as it may cross a
 * page.  If that does not look like one, the dump gets an empty message
 * buffer.
 */
static void
find_msgbuf(struct minidump *md)
{
	struct msgbuf head;
	const char *p;
	u_int i;

	for (i = 0; i < sizeof(head); i++) {
		p = kva_map(md, (vm_offset_t)msgbufp + i);
		if (p == NULL)
			break;
		((char *)&head)[i] = *p;
	}
	if (i < sizeof(head) || head.msg_magic != MSG_MAGIC ||
	    head.msg_size > MSGBUF_MAX)
		return;
	md->msgbuf = (vm_offset_t)head.msg_ptr;
	md->hdr.msgbufsize = head.msg_size;
}

/*
 * The sections, in the order of the format: page n of each.
 */

static const void *
header_page(struct minidump *md, uint64_t n __unused)
{
	struct minidump_leftout *left;
	u_int i;

	bzero(md->scratch, PAGE_SIZE);
	bcopy(&md->hdr, md->scratch, sizeof(md->hdr));
	cpu_minidump_header(md->scratch);
	if (md->nleft == 0)
		return (md->scratch);
	left = (struct minidump_leftout *)(void *)(md->scratch +
	    MINIDUMP_LEFTOUT_OFFSET);
	bcopy(MINIDUMP_LEFTOUT_MAGIC, left->magic, sizeof(left->magic));
	left->count = md->nleft;
	for (i = 0; i < md->nleft; i++) {
		strlcpy(left->row[i].name, minidump_kind[i].name,
		    sizeof(left->row[i].name));
		left->row[i].start = minidump_kind[i].start;
		left->row[i].end = minidump_kind[i].end;
		left->row[i].physical = minidump_kind[i].physical;
		left->row[i].pages = md->pagesleft[i];
	}
	return (md->scratch);
}

static const void *
msgbuf_page(struct minidump *md, uint64_t n)
{
	const char *p;
	vm_offset_t va;
	size_t done, left, len;

	bzero(md->scratch, PAGE_SIZE);
	va = md->msgbuf + (vm_offset_t)n * PAGE_SIZE;
	left = md->hdr.msgbufsize - (size_t)n * PAGE_SIZE;
	if (left > PAGE_SIZE)
		left = PAGE_SIZE;
	for (done = 0; done < left; done += len) {
		len = PAGE_SIZE - ((va + done) & PAGE_MASK);
		if (len > left - done)
			len = left - done;
		p = kva_map(md, va + done);
		if (p != NULL)
			bcopy(p, md->scratch + done, len);
	}
	return (md->scratch);
}

static const void *
bitmap_page(struct minidump *md, uint64_t n)
{

	return ((const char *)md->set.bits + n * PAGE_SIZE);
}

static const void *
table_page(struct minidump *md, uint64_t n)
{

	(void)make_table(md, n);
	return (md->table);
}

/* A step each, if they are asked for one after the other, either way. */
static void
move_cursor(struct minidump *md, uint64_t n)
{

	for (; md->cursorindex < n; md->cursorindex++) {
		md->cursor++;
		(void)minidump_set_next(&md->set, &md->cursor);
	}
	for (; md->cursorindex > n; md->cursorindex--) {
		md->cursor--;
		(void)minidump_set_prev(&md->set, &md->cursor);
	}
}

static const void *
memory_page(struct minidump *md, uint64_t n)
{

	move_cursor(md, n);
	return (minidump_map(&md->set, (vm_paddr_t)md->cursor << PAGE_SHIFT,
	    MINIDUMP_PAGE));
}

static const struct {
	const char	*name;
	const void	*(*page)(struct minidump *md, uint64_t n);
} section[MINIDUMP_NSECTIONS] = {
	{ "header",		header_page },
	{ "message buffer",	msgbuf_page },
	{ "bitmap",		bitmap_page },
	{ "page tables",	table_page },
	{ "pages",		memory_page },
};

/* Which section page i of the dump is in. */
static u_int
find_section(const struct minidump *md, uint64_t i)
{
	u_int s;

	for (s = 0; s < MINIDUMP_NSECTIONS - 1 && i >= md->first[s + 1]; s++)
		continue;
	return (s);
}

const char *
minidump_section(const struct minidump *md, uint64_t i)
{

	return (section[find_section(md, i)].name);
}

const void *
minidump_page(struct minidump *md, uint64_t i)
{
	u_int s;

	s = find_section(md, i);
	return ((*section[s].page)(md, i - md->first[s]));
}

void
minidump_seek(struct minidump *md, uint64_t i)
{

	if (i >= md->first[MINIDUMP_NSECTIONS - 1])
		move_cursor(md, i - md->first[MINIDUMP_NSECTIONS - 1]);
}

/* The place of each section, and the first page of memory. */
static void
place_sections(struct minidump *md)
{

	md->first[0] = 0;
	md->first[1] = 1;
	md->first[2] = md->first[1] + howmany(md->hdr.msgbufsize, PAGE_SIZE);
	md->first[3] = md->first[2] + md->hdr.bitmapsize / PAGE_SIZE;
	md->first[4] = md->first[3] + md->npieces;
	md->npages = md->first[4] + md->set.npages;
	md->cursor = md->cursorindex = 0;
	(void)minidump_set_next(&md->set, &md->cursor);
}

void
minidump_freeze(struct minidump *md, u_int nleft)
{

	md->nleft = nleft;
	bzero(&md->hdr, sizeof(md->hdr));
	minidump_set_init(&md->set);
	collect(md);
	find_msgbuf(md);

	md->hdr.version = MINIDUMP_VERSION;
	md->hdr.bitmapsize = minidump_set_size();
	md->hdr.ptesize = md->npieces * PAGE_SIZE;
	place_sections(md);
}

void
minidump_forget(struct minidump *md, vm_paddr_t pa)
{

	minidump_set_drop(&md->set, pa, pa + PAGE_SIZE);
	place_sections(md);
}
