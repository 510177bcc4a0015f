/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Minidumps: a crash dump of what is mapped into kernel address space, and of
 * the pages that dump_add_page() was told of, instead of all of memory.
 *
 * dumpsys() calls minidumpsys() after a panic.  The set of pages is frozen
 * first (freeze()); its size is then known, and with it where on the device
 * the dump begins.  The sections of the format follow in order, each written
 * into the stage of output that dumpout_open() returned; nothing here knows
 * about the device, and nothing there about what is written.
 *
 * The rules of minidump_md.h hold for all of it: no allocation, no locks, no
 * trust in what the crash may have broken.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/conf.h>
#include <sys/errno.h>
#include <sys/kernel.h>
#include <sys/minidump.h>
#include <sys/msgbuf.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/vmparam.h>

#include <sys/minidump_md.h>
#include <sys/minidump_int.h>

/* Bytes of kernel address space in a piece (see minidump_md.h). */
#define	PIECESIZE	((vm_offset_t)NPTEPG * PAGE_SIZE)

/* No kernel has a message buffer as large as this. */
#define	MSGBUF_MAX	(16 * 1024 * 1024)

#define	MB(bytes)	((uintmax_t)(bytes) >> 20)
#define	MB_UP(bytes)	MB((bytes) + (1 << 20) - 1)

/* The dump that is being made.  All of it is set anew by freeze(). */
static struct {
	struct minidump_set set;
	struct msgbuf	msgbuf;		/* a copy; zero if it was not found */
	struct minidumphdr hdr;
	uint64_t	length;		/* bytes of the whole */
} dump;
static pt_entry_t table[NPTEPG] __aligned(PAGE_SIZE);

static char zeros[PAGE_SIZE];

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
 * Make the page of final-level entries for piece n in set->table.  Returns 0
 * if it is empty.
 */
static int
make_table(struct minidump_set *set, u_int n)
{
	enum minidump_piece piece;
	vm_paddr_t pa;
	pt_entry_t *pt;
	u_int i;

	piece = cpu_minidump_piece(n, &pa, set);
	if (piece == MINIDUMP_TABLE && !minidump_dumpable(pa)) {
		minidump_skip(set);
		piece = MINIDUMP_NONE;
	}
	switch (piece) {
	case MINIDUMP_TABLE:
		pt = minidump_map(set, pa, MINIDUMP_PT);
		for (i = 0; i < NPTEPG; i++)
			set->table[i] = pte_load(&pt[i]);
		return (1);
	case MINIDUMP_SUPERPAGE:
		for (i = 0; i < NPTEPG; i++, pa += PAGE_SIZE)
			set->table[i] = pa | MINIDUMP_PTE_SUPERPAGE;
		return (1);
	default:
		bzero(set->table, PAGE_SIZE);
		return (0);
	}
}

/*
 * Find the frame that entry i of set->table maps.  Returns 0 if it maps
 * nothing, or nothing that is dumpable.
 */
static int
table_frame(const struct minidump_set *set, u_int i, vm_paddr_t *pap)
{

	if ((set->table[i] & MINIDUMP_PTE_V) == 0)
		return (0);
	*pap = set->table[i] & MINIDUMP_PTE_FRAME;
	return (minidump_dumpable(*pap));
}

void
minidump_collect(struct minidump_set *set)
{
	vm_paddr_t pa;
	uint64_t page;
	u_int i, n;

	set->npieces = count_pieces();
	for (n = 0; n < set->npieces; n++) {
		if (make_table(set, n) == 0)
			continue;
		for (i = 0; i < NPTEPG; i++)
			if (table_frame(set, i, &pa))
				minidump_keep(set, pa);
	}
	set->closed = 1;
	for (page = 0; minidump_set_next(set, &page); page++)
		set->npages++;
}

uint64_t
minidump_length(const struct minidump_set *set, u_int msgbufsize)
{

	return (PAGE_SIZE + round_page(msgbufsize) + minidump_set_size() +
	    (set->npieces + set->npages) * PAGE_SIZE);
}

/*
 * Where the byte at kernel virtual address va can be read, up to the end of
 * its page; NULL if it is not mapped to memory.  For pointers that the crash
 * may have broken: this does not fault.
 */
static const char *
kva_map(vm_offset_t va)
{
	const char *page;
	vm_paddr_t pa;
	u_int n;

	if (va < KERNBASE)
		return (NULL);
	n = (va - KERNBASE) / PIECESIZE;
	if (n >= dump.set.npieces || make_table(&dump.set, n) == 0 ||
	    !table_frame(&dump.set, (va - KERNBASE) % PIECESIZE / PAGE_SIZE,
	    &pa))
		return (NULL);
	page = minidump_map(&dump.set, pa, MINIDUMP_PAGE);
	return (page + (va & PAGE_MASK));
}

/*
 * Copy the head of the message buffer, byte by byte as it may cross a page.
 * If it does not look like one, the dump gets an empty message buffer.
 */
static void
find_msgbuf(void)
{
	const char *p;
	u_int i;

	for (i = 0; i < sizeof(dump.msgbuf); i++) {
		p = kva_map((vm_offset_t)msgbufp + i);
		if (p == NULL)
			break;
		((char *)&dump.msgbuf)[i] = *p;
	}
	if (i < sizeof(dump.msgbuf) || dump.msgbuf.msg_magic != MSG_MAGIC ||
	    dump.msgbuf.msg_size > MSGBUF_MAX) {
		printf("No message buffer at %p\n", msgbufp);
		bzero(&dump.msgbuf, sizeof(dump.msgbuf));
	}
}

/*
 * Decide what is in the dump.  Returns 0 or an errno.
 */
static int
freeze(void)
{

	bzero(&dump, sizeof(dump));
	if (minidump_frozen_bits == NULL)
		return (ENXIO);
	minidump_set_init(&dump.set, minidump_frozen_bits, table, 0);
	minidump_collect(&dump.set);
	find_msgbuf();

	cpu_minidump_header(&dump.hdr);
	dump.hdr.version = MINIDUMP_VERSION;
	dump.hdr.msgbufsize = dump.msgbuf.msg_size;
	dump.hdr.bitmapsize = minidump_set_size();
	dump.hdr.ptesize = dump.set.npieces * PAGE_SIZE;
	dump.length = minidump_length(&dump.set, dump.hdr.msgbufsize);
	return (0);
}

/* Write "len" bytes, at most a page, and zeros up to a whole page. */
static int
write_padded(struct dumpstage *out, const void *buf, size_t len)
{
	int error;

	error = (*out->write)(out, buf, len);
	if (error == 0 && len < PAGE_SIZE)
		error = (*out->write)(out, zeros, PAGE_SIZE - len);
	return (error);
}

static int
write_header(struct dumpstage *out)
{

	return (write_padded(out, &dump.hdr, sizeof(dump.hdr)));
}

static int
write_msgbuf(struct dumpstage *out)
{
	const char *p;
	vm_offset_t va;
	size_t left, n;
	int error;

	error = 0;
	va = (vm_offset_t)dump.msgbuf.msg_ptr;
	for (left = dump.msgbuf.msg_size; left > 0 && error == 0; left -= n) {
		n = PAGE_SIZE - (va & PAGE_MASK);
		if (n > left)
			n = left;
		p = kva_map(va);
		error = (*out->write)(out, p != NULL ? p : zeros, n);
		va += n;
	}
	n = round_page(dump.msgbuf.msg_size) - dump.msgbuf.msg_size;
	if (error == 0 && n > 0)
		error = (*out->write)(out, zeros, n);
	return (error);
}

static int
write_bitmap(struct dumpstage *out)
{

	return ((*out->write)(out, dump.set.bits, dump.hdr.bitmapsize));
}

static int
write_tables(struct dumpstage *out)
{
	u_int n;
	int error;

	error = 0;
	for (n = 0; n < dump.set.npieces && error == 0; n++) {
		(void)make_table(&dump.set, n);
		error = (*out->write)(out, dump.set.table, PAGE_SIZE);
	}
	return (error);
}

static int
write_pages(struct dumpstage *out)
{
	uint64_t page;
	int error;

	error = 0;
	for (page = 0; error == 0 && minidump_set_next(&dump.set, &page);
	    page++)
		error = (*out->write)(out, minidump_map(&dump.set,
		    (vm_paddr_t)page << PAGE_SHIFT, MINIDUMP_PAGE), PAGE_SIZE);
	return (error);
}

/* The sections of the format, in its order. */
static const struct {
	const char	*name;
	int		(*write)(struct dumpstage *out);
} section[] = {
	{ "header",		write_header },
	{ "message buffer",	write_msgbuf },
	{ "bitmap",		write_bitmap },
	{ "page tables",	write_tables },
	{ "pages",		write_pages },
};
#define	NSECTIONS	(sizeof(section) / sizeof(section[0]))

void
minidumpsys(struct dumperinfo *di)
{
	struct dumpstage *out;
	const char *what;
	u_int i;
	int error;

	what = "no page bitmap";
	out = NULL;
	error = freeze();
	if (error == 0) {
		if (dump.set.skipped != 0)
			printf("%u damaged page table entries not followed\n",
			    dump.set.skipped);
		printf("Dumping %ju MB (%ju pages):",
		    MB_UP(dump.length), (uintmax_t)dump.set.npages);
		what = "start";
		out = dumpout_open(di, dump.length, &error);
	}
	for (i = 0; i < NSECTIONS && error == 0; i++) {
		what = section[i].name;
		error = (*section[i].write)(out);
	}
	if (error == 0) {
		what = "end";
		error = dumpout_close();
	}

	if (error == 0)
		printf("\nDump complete\n");
	else if (error == ECANCELED)
		printf("\nDump aborted\n");
	else if (error == DUMPOUT_FULL)
		printf("\nDump failed: device too small: %ju MB needed, "
		    "%ju MB there\n", MB_UP(dumpout_needed(dump.length)),
		    MB(di->mediasize > 0 ? di->mediasize : 0));
	else
		printf("\nDump failed: %s: error %d\n", what, error);
}
