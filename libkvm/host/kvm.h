/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm(3) for crash dumps, on any host.  The dump tells whose layout it has.
 *
 * The calls are those of FreeBSD's libkvm; kvaddr_t, kvm_read2() and
 * kvm_nlist2() are those of its newer versions, for hosts whose unsigned long
 * is too short for the kernel's addresses, and so is kvm_walk_pages(), but for
 * telling runs of pages.  All others are additions.  <nlist.h> is libelf's where
 * the host has none.
 */

#ifndef _KVM_H_
#define	_KVM_H_

#include <sys/types.h>

#include <nlist.h>
#include <stdint.h>

typedef struct __kvm kvm_t;
typedef uint64_t kvaddr_t;	/* a kernel virtual address */
typedef uint64_t kpaddr_t;	/* a physical address */

struct kvm_nlist {
	const char	*n_name;
	unsigned char	n_type;		/* 0 if there is no such symbol */
	kvaddr_t	n_value;
};

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Open dump "corefile" of kernel "execfile".  "execfile" may be NULL, and then
 * symbols are not known, and of a full dump no virtual addresses; "corefile"
 * may not.  "swapfile" is not used, "flags" must be O_RDONLY.  Returns NULL
 * after an error: kvm_openfiles() leaves the message in "errbuf",
 * _POSIX2_LINE_MAX bytes, unless that is NULL; kvm_open() prints every error
 * message, then and later, to stderr after "errstr" and a colon, unless that is
 * NULL.
 */
kvm_t	*kvm_open(const char *execfile, const char *corefile,
	    const char *swapfile, int flags, const char *errstr);
kvm_t	*kvm_openfiles(const char *execfile, const char *corefile,
	    const char *swapfile, int flags, char *errbuf);
int	 kvm_close(kvm_t *kd);

/* The message of the last error; "" if there was none. */
char	*kvm_geterr(kvm_t *kd);

/*
 * What a user should know of a dump that could be opened: that it is cut
 * short, that something in it cannot be true, or that "execfile" is not the
 * kernel that crashed.  Returns the nth such message, from 0 on, or NULL if
 * there are no more.
 */
const char *kvm_warning(kvm_t *kd, unsigned int n);

/*
 * What a dump is, and where in it its parts are: bytes of the dump, decompressed
 * if the file is compressed.  Names are those of struct minidumphdr.
 */
struct kvm_section {
	uint64_t	ks_offset;
	uint64_t	ks_size;	/* of what counts, not whole pages */
};

struct kvm_range {
	uint64_t	kr_start;
	uint64_t	kr_end;		/* exclusive */
};

/* Pages that the kernel left out, as the device was too small. */
struct kvm_leftout {
	char		kl_name[32];	/* printable ASCII */
	int		kl_physical;	/* the addresses are pa, not va */
	uint64_t	kl_start;
	uint64_t	kl_end;		/* exclusive */
	uint32_t	kl_pages;	/* how many there were */
};

struct kvm_dumpinfo {
	unsigned int	ki_infoversion;	/* KVM_DUMPINFO_VERSION */
	const char	*ki_arch;	/* MACHINE_ARCH: "amd64" or "i386" */
	int		ki_full;	/* a full dump, no minidump */
	unsigned int	ki_version;	/* of the minidump */
	int		ki_truncated;	/* the file ends before the dump */
	int		ki_paemode;	/* i386 with PAE */
	unsigned int	ki_ptrsize;	/* bytes in a pointer of the kernel */
	unsigned int	ki_entsize;	/* and in a page table entry */
	uint64_t	ki_filesize;	/* bytes of the file */
	uint64_t	ki_size;	/* of the dump that it has */
	uint64_t	ki_members;	/* of a compressed dump, else 0 */
	kvaddr_t	ki_kernbase;	/* what page tables map begins here */
	kvaddr_t	ki_kernlast;	/* last of all; 0: not known */
	kvaddr_t	ki_dmapbase;	/* the direct map, if there is one */
	kvaddr_t	ki_dmapend;	/* exclusive */
	struct kvm_section ki_header;	/* size: of its fields */
	struct kvm_section ki_lefttable; /* in the page of the header; size 0: */
	struct kvm_section ki_losttable; /* there is none */
	struct kvm_section ki_liverecord; /* size 0: a crash; else it ran on */
	uint64_t	ki_opened;	/* from then on: seconds since 1970 */
	struct kvm_section ki_msgbuf;	/* a full dump has none of these ... */
	struct kvm_section ki_avail;
	struct kvm_section ki_bitmap;
	struct kvm_section ki_ptes;
	struct kvm_section ki_pages;	/* ... but this */
	uint64_t	ki_npages;	/* pages of memory */
	uint64_t	ki_nmissing;	/* of these, not wholly in the file */
	kpaddr_t	ki_firstpage;	/* the lowest ... */
	kpaddr_t	ki_lastpage;	/* ... and the highest */
	kpaddr_t	ki_physend;	/* no memory lies here or above */
	unsigned int	ki_nranges;
	const struct kvm_range *ki_ranges; /* of memory, physical addresses */
	unsigned int	ki_nleft;
	const struct kvm_leftout *ki_left;
	unsigned int	ki_nlost;	/* bytes of the dump that were not */
	const struct kvm_range *ki_lost; /* read when it was saved */
};
#define	KVM_DUMPINFO_VERSION	1

const struct kvm_dumpinfo *kvm_dumpinfo(kvm_t *kd);

/*
 * Read up to "len" bytes of the dump at byte "ofs".  Returns how many there
 * were, fewer than "len" only at the end; -1 if any of them cannot be read.
 */
ssize_t	 kvm_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Which byte of the dump kernel virtual address "va" stands for; -1 if it is
 * not there.
 */
int64_t	 kvm_offset(kvm_t *kd, kvaddr_t va);

/*
 * Read "len" bytes at kernel virtual address "va".  Returns how many there
 * were; if fewer than "len", the error message says why the next is not there.
 * Returns -1 if that is the first.
 */
ssize_t	 kvm_read(kvm_t *kd, unsigned long va, void *buf, size_t len);
ssize_t	 kvm_read2(kvm_t *kd, kvaddr_t va, void *buf, size_t len);

/*
 * How many bytes from "va" on, not beyond its page, cannot be read, once
 * kvm_read2() has failed there: for the same reason as the first.
 */
size_t	 kvm_gap(kvm_t *kd, kvaddr_t va);

/*
 * A run of pages that are adjacent in virtual address, physical address and in
 * the dump.
 */
struct kvm_page {
	unsigned int	kp_version;	/* KVM_PAGE_VERSION */
	kpaddr_t	kp_paddr;	/* physical address of the first */
	kvaddr_t	kp_kmap_vaddr;	/* va by the page tables, or 0 */
	kvaddr_t	kp_dmap_vaddr;	/* va in the direct map, or 0 */
	int		kp_prot;	/* of KVM_PROT_* */
	int64_t		kp_offset;	/* byte of the dump, or -1: not there */
	uint64_t	kp_len;		/* bytes, whole pages */
};
#define	KVM_PAGE_VERSION	1
#define	KVM_PROT_READ		1
#define	KVM_PROT_WRITE		2
#define	KVM_PROT_EXECUTE	4

/*
 * Call "cb" for each run of pages, as long as possible: first, in rising
 * kp_kmap_vaddr, for all that the kernel's page tables map; then, with
 * kp_kmap_vaddr 0 and in rising kp_paddr, for all pages that are in the dump,
 * mapped or not, each once.  Where there is a direct map (amd64),
 * kp_dmap_vaddr is the address there of both.
 *
 * Of a full dump without its kernel, the page tables are not known.
 *
 * What is mapped and is not in the dump, a device or a page that was left out
 * or cut off, is told with kp_offset -1.  A compressed dump has its offsets
 * decompressed.  A page can be mapped more than once; what is mapped at address
 * 0 is not told.
 *
 * "cb" returns 1, or 0 to end the walk; it may use kd.  Returns 1 when all was
 * told and 0 when "cb" ended it.  Page tables that cannot be read, damaged or
 * cut off, are passed over: then it returns -1 in place of 1, with the error
 * message for the first of them.
 */
typedef int kvm_walk_pages_cb_t(struct kvm_page *page, void *arg);
int	 kvm_walk_pages(kvm_t *kd, kvm_walk_pages_cb_t *cb, void *arg);

/*
 * Why pages are not there: "*len" bytes, whole pages, that kvm_walk_pages() has
 * told of with kp_offset -1, or has not told of among those of the dump; "va"
 * is then KVM_NOVA.  "*len" becomes for how many of them the answer is true.
 */
enum kvm_absence {
	KVM_ABSENT_MISSING,	/* in the dump, and not wholly in the file */
	KVM_ABSENT_LEFTVA,	/* left out by the kernel for its va ... */
	KVM_ABSENT_LEFTPA,	/* ... or for its pa */
	KVM_ABSENT_OTHER	/* a device, or no memory that is dumped */
};
#define	KVM_NOVA	UINT64_MAX
enum kvm_absence kvm_absence(kvm_t *kd, kvaddr_t va, kpaddr_t pa,
	    uint64_t *len);

/*
 * Look up the symbols of a list, which ends with an n_name that is NULL or "".
 * A name may begin with an underscore that the symbol does not have.  Sets
 * n_value and n_type, both 0 if there is no such symbol.  Returns how many
 * there were none for, or -1 after an error.
 */
int	 kvm_nlist(kvm_t *kd, struct nlist *nl);
int	 kvm_nlist2(kvm_t *kd, struct kvm_nlist *nl);

/*
 * Look up one symbol: its address, and its size in bytes, 0 if "execfile" does
 * not tell.  Returns 0, or -1 if there is none.
 */
int	 kvm_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size);

/*
 * Part n, from 0 on, of the image of "execfile": the segment's address and how
 * many bytes it has in memory.  Returns 0, or -1 if there is no more.
 */
int	 kvm_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size);

/*
 * How many bytes the first member of a compressed dump has, by the first "len"
 * of them; 0 if these are not those of one.  Other gzip files have none.
 */
size_t	 kvm_gzmember(const void *buf, size_t len);

/*
 * The next character of text that somebody else has written, as what a dump has
 * or the name of a file: returns how many of the "len" bytes it has, at least
 * one.  "*show" is 0 if it could control a terminal, if it changes the
 * direction or the line of what comes after it, or if it is no UTF-8: then "*c"
 * is the byte, and otherwise the character.
 */
size_t	 kvm_nextchar(const char *text, size_t len, uint32_t *c, int *show);

#ifdef __cplusplus
}
#endif

#endif /* !_KVM_H_ */
