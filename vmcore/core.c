/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A dump as an ELF core file, for vmcore elf and vmcore gdb:
 *
 *	ELF header; if there are too many program headers for it, a section
 *		header with their number
 *	program headers: the notes, the direct map, kernel address space
 *	notes: for each thread, NT_PRSTATUS with its registers and NT_THRMISC
 *		with its name, beginning with the thread that crashed; one note
 *		with the name LINUX
 *	pages, in the order of the dump
 *
 * Each page is in the file once.  Program headers, one for each run of pages
 * that is contiguous in virtual address and in the file, share the pages.  So
 * the dump is read once, sequentially, which is fastest if it is compressed,
 * and the file is written sequentially.
 *
 * Registers are in Linux notes, and the header has no OS ABI, since every gdb
 * for x86 understands that: one built without FreeBSD support finds no
 * registers in FreeBSD's notes.  Thread names are in FreeBSD's notes.  lldb
 * selects the OS by the kernel's file, and would look for FreeBSD's notes
 * unless the core has one named LINUX.
 */

#include <sys/types.h>
#include <sys/endian.h>
#include <sys/minidump.h>

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core.h"
#include "elffield.h"
#include "output.h"
#include "vmcore.h"

#define	PAGE		MINIDUMP_PAGE_SIZE
/* A multiple of a compressed dump's members. */
#define	CHUNK		(16 * MINIDUMP_GZ_PLAIN)

/* The notes: names, types, and offsets in their descriptions. */
#define	NOTE_REGISTERS	"CORE"
#define	NOTE_NAME	"FreeBSD"
#define	NOTE_OS		"LINUX"
#define	NT_FREEBSD_THRMISC 7
#define	THRMISC_SIZE	24
#define	THRMISC_NAMELEN	20
/* Instead of tid 0, which gdb takes for no thread; all others are higher. */
#define	THREAD0		99999

static const struct status_layout {
	u_int	size;
	u_int	pid;
	u_int	ofs[NREGS];
} status_layouts[] = {
#define	NONE	0
	/* i386: ebx, ecx, edx, esi, edi, ebp, ..., eip, cs, eflags, esp */
	{ 144, 24, { 120, 132, 92, 72, 84, 88, NONE, NONE, NONE, NONE } },
	/* amd64: r15, r14, r13, r12, rbp, rbx, ..., rip, cs, rflags, rsp */
	{ 336, 32, { 240, 264, 144, 152, NONE, NONE, 136, 128, 120, 112 } },
};

/* The size of an ELF structure, for the architecture of "c". */
#define	SIZE(type)	ELF_SIZE(c->amd64, type)

struct core {
	struct core_job	*job;
	int		amd64;
	uint64_t	ofs;		/* bytes written so far */

	char		*notes;
	size_t		noteslen;
	size_t		notessize;	/* allocated */
	u_int		nthreads;	/* threads in the notes */
	int		crashed;	/* tid of the first; -1: none crashed */
	size_t		crashedname;	/* offset in the notes of its name */
	u_int		nrunning;	/* threads with stale registers */

	uint64_t	nphdrs;
	uint64_t	first;		/* lowest offset of a dumped page */
	uint64_t	end;		/* and the end of the last one */
	uint64_t	pages;		/* offset in the core of "first" */
	int		direct;		/* now writing the direct map */

	char		*buf;		/* CHUNK bytes */
	int		error;		/* already printed */
};

/*
 * ---- The file
 */

static void
put(struct core *c, const void *buf, size_t len)
{
	const char *p;
	ssize_t n;
	int error;

	if (c->error)
		return;
	error = 0;
	if (c->job->seekable)
		error = write_sparse(c->job->fd, buf, len, c->ofs);
	else for (p = buf; p < (const char *)buf + len && error == 0; p += n) {
		n = write(c->job->fd, p, (const char *)buf + len - p);
		if (n == -1 && errno == EINTR)
			n = 0;
		else if (n == -1)
			error = -1;
	}
	if (error == -1) {
		xwarn("%s", c->job->file);
		c->error = 1;
	}
	c->ofs += len;
}

/* Write zeros up to this offset. */
static void
pad(struct core *c, uint64_t ofs)
{
	static const char zeros[PAGE];
	size_t n;

	if (c->job->seekable && c->ofs < ofs)
		c->ofs = ofs;
	for (; c->ofs < ofs && !c->error; put(c, zeros, n))
		n = ofs - c->ofs < PAGE ? ofs - c->ofs : PAGE;
}

/* Store a little-endian field of this size. */
static void
set(void *p, size_t size, uint64_t value)
{

	for (; size > 0; size--, value >>= 8) {
		*(u_char *)p = value;
		p = (u_char *)p + 1;
	}
}

#define	SET(s, field, value)	set(&(s)->field, sizeof((s)->field), (value))

/*
 * ---- Notes
 */

static void
add_note(struct core *c, const char *name, uint32_t type, const void *desc,
    size_t desclen)
{
	Elf32_Nhdr hdr;
	char *p;
	size_t namelen, size;

	namelen = strlen(name) + 1;
	/* Name and description are padded to four bytes. */
	size = sizeof(hdr) + (namelen + 3) / 4 * 4 + (desclen + 3) / 4 * 4;
	if (c->noteslen + size > c->notessize) {
		p = realloc(c->notes, (c->notessize + size) * 2);
		if (p == NULL) {
			xwarn("%s: notes", c->job->file);
			c->error = 1;
			return;
		}
		c->notes = p;
		c->notessize = (c->notessize + size) * 2;
	}
	p = c->notes + c->noteslen;
	memset(p, 0, size);
	SET(&hdr, n_namesz, namelen);
	SET(&hdr, n_descsz, desclen);
	SET(&hdr, n_type, type);
	memcpy(p, &hdr, sizeof(hdr));
	memcpy(p + sizeof(hdr), name, namelen);
	memcpy(p + sizeof(hdr) + (namelen + 3) / 4 * 4, desc, desclen);
	c->noteslen += size;
}

static void
add_registers(struct core *c, int tid, const struct registers *regs)
{
	const struct status_layout *l;
	char desc[336];
	u_int i;

	l = &status_layouts[c->amd64];
	memset(desc, 0, sizeof(desc));
	set(desc + l->pid, 4, tid != 0 ? tid : THREAD0);
	for (i = 0; i < NREGS; i++)
		if (l->ofs[i] != NONE)
			set(desc + l->ofs[i], c->amd64 ? 8 : 4,
			    regs->reg[i]);
	add_note(c, NOTE_REGISTERS, NT_PRSTATUS, desc, l->size);
	c->nthreads++;
}

/* Add the name of the thread whose registers were added last. */
static void
add_name(struct core *c, const char *name)
{
	char desc[THRMISC_SIZE];

	memset(desc, 0, sizeof(desc));
	memcpy(desc, name, strnlen(name, THRMISC_NAMELEN - 1));
	add_note(c, NOTE_NAME, NT_FREEBSD_THRMISC, desc, sizeof(desc));
}

/*
 * Add a thread.  The notes of the one that crashed are already there, but its
 * name was not known then.
 */
static void
add_thread(const struct thread *td, void *arg)
{
	struct registers regs;
	struct core *c;
	const char *name;
	u_int n;
	int stopped;

	c = arg;
	n = 1;
	if (td->tid == -1 || c->error)
		return;
	name = td->name[0] != '\0' ? td->name : td->comm;
	if (td->tid != c->crashed) {
		stopped = td->cpu != -1 && kernel_stopped(c->job->kernel,
		    td->cpu, &regs) == 0;
		if (!stopped && kernel_registers(c->job->kernel, td->pcb,
		    &regs) == -1) {
			xwarnx("%s: thread %d of process %d: its registers, at "
			    "0x%jx, cannot be true", c->job->dump, td->tid,
			    td->pid, (uintmax_t)td->pcb);
			c->job->incomplete = 1;
			return;
		}
		if (td->cpu != -1 && !stopped)
			c->nrunning++;
		add_registers(c, td->tid, &regs);
		add_name(c, name);
		n = c->nthreads;
	} else
		memcpy(c->notes + c->crashedname, name,
		    strnlen(name, THRMISC_NAMELEN - 1));
	if (c->job->thread != NULL)
		(*c->job->thread)(td, n, c->job->arg);
}

static void
make_notes(struct core *c)
{
	struct registers regs;
	int tid;

	c->crashed = -1;
	switch (kernel_crashed(c->job->kernel, &regs, &tid)) {
	case 0:
		/* Any number will do if it has none. */
		c->crashed = tid != -1 ? tid : 1;
		add_registers(c, c->crashed, &regs);
		add_name(c, "");
		c->crashedname = c->noteslen - THRMISC_SIZE;
		break;
	case -1:
		c->job->incomplete = 1;
		break;
	}
	switch (kernel_threads(c->job->kernel, add_thread, c)) {
	case -1:
		c->job->incomplete = 1;
		break;
	case 1:
		if (c->nthreads == 1)
			xwarnx("%s: only the thread that crashed is in the "
			    "core file", c->job->dump);
		break;
	}
	add_note(c, NOTE_OS, 0, "", 0);
	if (c->nrunning > 0)
		xwarnx("%s: %u thread%s running%s: registers are those of the "
		    "last switch", c->job->dump, c->nrunning, c->nrunning == 1 ?
		    " was" : "s were", kernel_islive(c->job->kernel) ? "" :
		    " on other CPUs");
	if (c->nthreads == 0 && !c->error)
		xwarnx("%s: the core file has memory, but no thread",
		    c->job->file);
}

/*
 * ---- Program headers
 */

/* Return whether a run has a program header. */
static int
is_segment(const struct kvm_page *kp)
{

	return (kp->kp_offset != -1 &&
	    (kp->kp_kmap_vaddr != 0 || kp->kp_dmap_vaddr != 0));
}

static int
count_run(struct kvm_page *kp, void *arg)
{
	struct core *c;

	c = arg;
	if (is_segment(kp))
		c->nphdrs++;
	if (kp->kp_offset != -1) {
		if (c->end == 0 || (uint64_t)kp->kp_offset < c->first)
			c->first = kp->kp_offset;
		if (kp->kp_offset + kp->kp_len > c->end)
			c->end = kp->kp_offset + kp->kp_len;
	}
	return (1);
}

static void
put_phdr(struct core *c, uint32_t type, uint64_t ofs, uint64_t va, uint64_t pa,
    uint64_t len, uint32_t flags, uint32_t align)
{
	Elf64_Phdr ph64;
	Elf32_Phdr ph32;

#define	FILL(ph) do {							\
	SET(ph, p_type, type);						\
	SET(ph, p_offset, ofs);						\
	SET(ph, p_vaddr, va);						\
	SET(ph, p_paddr, pa);						\
	SET(ph, p_filesz, len);						\
	SET(ph, p_memsz, type == PT_LOAD ? len : 0);			\
	SET(ph, p_flags, flags);					\
	SET(ph, p_align, align);					\
} while (0)
	if (c->amd64) {
		FILL(&ph64);
		put(c, &ph64, sizeof(ph64));
	} else {
		FILL(&ph32);
		put(c, &ph32, sizeof(ph32));
	}
}

static int
put_run(struct kvm_page *kp, void *arg)
{
	struct core *c;
	uint32_t flags;
	int direct;

	c = arg;
	direct = kp->kp_kmap_vaddr == 0;
	if (!is_segment(kp) || direct != c->direct)
		return (1);
	flags = 0;
	if ((kp->kp_prot & KVM_PROT_READ) != 0)
		flags |= PF_R;
	if ((kp->kp_prot & KVM_PROT_WRITE) != 0)
		flags |= PF_W;
	if ((kp->kp_prot & KVM_PROT_EXECUTE) != 0)
		flags |= PF_X;
	put_phdr(c, PT_LOAD, c->pages + (kp->kp_offset - c->first),
	    direct ? kp->kp_dmap_vaddr : kp->kp_kmap_vaddr, kp->kp_paddr,
	    kp->kp_len, flags, PAGE);
	return (!c->error);
}

/*
 * Write the header.  If there are too many program headers for its field, the
 * first section header has their number.
 */
static void
put_ehdr(struct core *c)
{
	Elf64_Ehdr eh64;
	Elf64_Shdr sh64;
	Elf32_Ehdr eh32;
	Elf32_Shdr sh32;
	int many;

	many = c->nphdrs >= PN_XNUM;
#define	EHDR(eh, sh, bits) do {						\
	memset(eh, 0, sizeof(*(eh)));					\
	memcpy((eh)->e_ident, ELFMAG, SELFMAG);				\
	(eh)->e_ident[EI_CLASS] = ELFCLASS##bits;			\
	(eh)->e_ident[EI_DATA] = ELFDATA2LSB;				\
	(eh)->e_ident[EI_VERSION] = EV_CURRENT;				\
	(eh)->e_ident[EI_OSABI] = ELFOSABI_NONE;			\
	SET(eh, e_type, ET_CORE);					\
	SET(eh, e_machine, c->amd64 ? EM_X86_64 : EM_386);		\
	SET(eh, e_version, EV_CURRENT);					\
	SET(eh, e_phoff, sizeof(*(eh)) + (many ? sizeof(*(sh)) : 0));	\
	SET(eh, e_ehsize, sizeof(*(eh)));				\
	SET(eh, e_phentsize, SIZE(Phdr));				\
	SET(eh, e_phnum, many ? PN_XNUM : c->nphdrs);			\
	if (many) {							\
		SET(eh, e_shoff, sizeof(*(eh)));			\
		SET(eh, e_shentsize, sizeof(*(sh)));			\
		SET(eh, e_shnum, 1);					\
	}								\
	put(c, eh, sizeof(*(eh)));					\
	memset(sh, 0, sizeof(*(sh)));					\
	SET(sh, sh_info, c->nphdrs);					\
	if (many)							\
		put(c, sh, sizeof(*(sh)));				\
} while (0)
	if (c->amd64)
		EHDR(&eh64, &sh64, 64);
	else
		EHDR(&eh32, &sh32, 32);
}

/* Write everything before the pages. */
static int
put_headers(struct core *c)
{
	uint64_t notes;

	if (kvm_walk_pages(c->job->kd, count_run, c) == -1) {
		xwarnx("%s", kvm_geterr(c->job->kd));
		c->job->incomplete = 1;
	}
	c->nphdrs++;
	notes = SIZE(Ehdr) + SIZE(Shdr) + c->nphdrs * SIZE(Phdr);
	c->pages = (notes + c->noteslen + PAGE - 1) / PAGE * PAGE;
	if (!c->amd64 && c->pages + (c->end - c->first) > UINT32_MAX) {
		xwarnx("%s: %ju bytes: more than a 32-bit core file can have",
		    c->job->dump, (uintmax_t)(c->end - c->first));
		return (-1);
	}
	put_ehdr(c);
	put_phdr(c, PT_NOTE, notes, 0, 0, c->noteslen, 0, 4);
	for (c->direct = 1; c->direct >= 0; c->direct--)
		(void)kvm_walk_pages(c->job->kd, put_run, c);
	pad(c, notes);
	put(c, c->notes, c->noteslen);
	pad(c, c->pages);
	return (c->error ? -1 : 0);
}

/*
 * ---- Pages
 */

/* Copy bytes of the dump.  Pages that cannot be read become zeros. */
static void
copy(struct core *c, uint64_t ofs, size_t len)
{
	uint64_t lost;
	size_t i, n;
	ssize_t got;

	got = kvm_pread(c->job->kd, c->buf, len, ofs);
	if (got != (ssize_t)len) {
		if (got == -1)
			xwarnx("%s", kvm_geterr(c->job->kd));
		else
			xwarnx("%s: byte %ju: the file has become shorter",
			    c->job->dump, (uintmax_t)(ofs + got));
		lost = 0;
		for (i = 0; i < len; i += n) {
			n = PAGE;
			got = kvm_pread(c->job->kd, c->buf + i, n,
			    ofs + i);
			if (got == (ssize_t)n)
				continue;
			memset(c->buf + i, 0, n);
			lost += n;
		}
		xwarnx("%s: %ju bytes that cannot be read are zero here",
		    c->job->file, (uintmax_t)lost);
		c->job->incomplete = 1;
	}
	put(c, c->buf, len);
}

static int
copy_run(struct kvm_page *kp, void *arg)
{
	struct core *c;
	uint64_t done;
	size_t n;

	c = arg;
	if (kp->kp_kmap_vaddr != 0)
		return (1);
	pad(c, c->pages + (kp->kp_offset - c->first));
	for (done = 0; done < kp->kp_len && !c->error; done += n) {
		n = kp->kp_len - done < CHUNK ? kp->kp_len - done : CHUNK;
		copy(c, kp->kp_offset + done, n);
		progress(c->ofs - c->pages, c->end - c->first);
	}
	return (!c->error);
}

int
core_write(struct core_job *job)
{
	struct core c;

	memset(&c, 0, sizeof(c));
	c.job = job;
	c.amd64 = strcmp(kvm_dumpinfo(job->kd)->ki_arch, "amd64") == 0;
	c.buf = malloc(CHUNK);
	if (c.buf == NULL) {
		xwarn("%s", job->file);
		return (-1);
	}
	make_notes(&c);
	if (!c.error && put_headers(&c) == 0) {
		(void)kvm_walk_pages(job->kd, copy_run, &c);
		progress_end();
		/* Trailing zeros have not been written. */
		if (!c.error && job->seekable &&
		    ftruncate(job->fd, (off_t)c.ofs) == -1) {
			xwarn("%s", job->file);
			c.error = 1;
		}
	} else
		c.error = 1;
	free(c.notes);
	free(c.buf);
	return (c.error ? -1 : 0);
}
