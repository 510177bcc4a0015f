/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the parts of the minidump reader know of each other.
 *
 * kvm_minidump.c has what all layouts share, kvm_minidump_<arch>.c a table of
 * operations each; libkvm's other files call only the three functions that
 * kvm_private.h declares, and the host library and vmcore(8) those below.
 *
 * Functions that return an int return 0, or -1 with the error message set,
 * unless they say otherwise.
 */

#ifndef _KVM_MINIDUMP_H_
#define	_KVM_MINIDUMP_H_

struct minidumphdr;

/* Where in the file a section is, and how much of it counts: bytes. */
struct minidump_section {
	uint64_t	ofs;
	uint64_t	size;		/* not rounded up to a page */
};

/*
 * An open dump.  All of it is checked: no section reaches beyond the end of
 * the file unless the dump is cut short (see _kvm_minidump_truncated()).
 */
struct minidump {
	const struct minidump_ops *ops;
	uint64_t	filesize;	/* bytes */
	u_int		hdrsize;	/* bytes that have a meaning */
	uint64_t	kernbase;	/* va of the first page table entry */
	uint64_t	kernlast;	/* last va that any entry can map */
	uint64_t	dmapbase;	/* direct map, amd64: va */
	uint64_t	dmapend;	/* exclusive */
	uint64_t	physend;	/* no memory lies here or above: pa */
	u_int		paemode;	/* i386 */
	u_int		ptrsize;	/* bytes in a pointer of the kernel */
	u_int		entsize;	/* bytes in a page table entry */
	struct minidump_section msgbuf;
	struct minidump_section bitmap;
	struct minidump_section ptes;
	struct minidump_section pages;
	uint64_t	npages;		/* bits that are set */
	uint64_t	nmissing;	/* of these, not wholly in the file */
	uint64_t	firstpage;	/* lowest page whose bit is set ... */
	uint64_t	lastpage;	/* ... and highest: pa */
};

/*
 * One format of one architecture.  header() takes the fields that belong to
 * the architecture from the header into "md", and checks them.  vatopa() finds
 * the physical address that va stands for.
 */
struct minidump_ops {
	const char	*magic;
	const char	*arch;		/* MACHINE_ARCH */
	uint32_t	version;
	int		(*header)(kvm_t *kd, const struct minidumphdr *hdr,
			    struct minidump *md);
	int		(*vatopa)(kvm_t *kd, const struct minidump *md,
			    uint64_t va, uint64_t *pap);
};

extern const struct minidump_ops _kvm_minidump_amd64;
extern const struct minidump_ops _kvm_minidump_i386;

/* The dump that is open; NULL if kd has none. */
const struct minidump *_kvm_minidump(kvm_t *kd);

/* Whether the file ends before the dump does. */
int	_kvm_minidump_truncated(const struct minidump *md);

/*
 * Read up to len bytes at byte ofs of the file.  Returns how many there were,
 * fewer than len only at the end of the file; -1 with the error message set
 * after an error.
 */
ssize_t	_kvm_minidump_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Find in the file the byte that kernel virtual address va stands for.
 * Returns how many bytes can be read from *ofs on, up to the end of the page;
 * 0 with the error message set if there are none.
 */
int	_kvm_minidump_vatop64(kvm_t *kd, uint64_t va, off_t *ofs);

/* The same for physical address pa; va is what an error message names. */
int	_kvm_minidump_patoofs(kvm_t *kd, uint64_t va, uint64_t pa, off_t *ofs);

/* How many page table entries there are; entry n maps page n from kernbase. */
uint64_t _kvm_minidump_nptes(const struct minidump *md);

/* Read entry n, its frame and MINIDUMP_PTE_V, into *pte. */
int	_kvm_minidump_pte(kvm_t *kd, uint64_t n, uint64_t *pte);

/* vatopa() by the page tables section. */
int	_kvm_minidump_ptetopa(kvm_t *kd, const struct minidump *md, uint64_t va,
	    uint64_t *pap);

#endif /* !_KVM_MINIDUMP_H_ */
