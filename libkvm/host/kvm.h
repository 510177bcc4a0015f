/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * kvm(3) for crash dumps, on any host.  The dump determines the architecture.
 *
 * The functions are those of FreeBSD's libkvm, and additions.  kvaddr_t,
 * kvm_read2(), kvm_nlist2() and kvm_walk_pages() come from its newer versions;
 * the first three are for hosts whose unsigned long is too short for the
 * kernel's addresses, and the last reports runs of pages here.  Hosts without
 * <nlist.h> use libelf's.
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
 * Open dump "corefile" of kernel "execfile".  If "execfile" is NULL, symbols
 * are unknown, and in a full dump so are virtual addresses.  "swapfile" is not
 * used, and "flags" must be O_RDONLY.  Returns NULL on failure.
 * kvm_openfiles() stores the error message in "errbuf", which has
 * _POSIX2_LINE_MAX bytes or is NULL.  kvm_open() prints this and all later
 * error messages to stderr, after "errstr" and a colon, unless "errstr" is
 * NULL.
 */
kvm_t	*kvm_open(const char *execfile, const char *corefile,
	    const char *swapfile, int flags, const char *errstr);
kvm_t	*kvm_openfiles(const char *execfile, const char *corefile,
	    const char *swapfile, int flags, char *errbuf);
int	 kvm_close(kvm_t *kd);

/* Return the last error message; "" if there was none. */
char	*kvm_geterr(kvm_t *kd);

/*
 * Return the nth warning about an open dump, from 0 on, or NULL if there are no
 * more: that it is truncated, that part of it is invalid, or that "execfile" is
 * not the kernel that crashed.
 */
const char *kvm_warning(kvm_t *kd, unsigned int n);

/*
 * A description of a dump and its sections.  Offsets are relative to the
 * decompressed dump.  Names follow struct minidumphdr.
 */
struct kvm_section {
	uint64_t	ks_offset;
	uint64_t	ks_size;	/* bytes in use, not whole pages */
};

struct kvm_range {
	uint64_t	kr_start;
	uint64_t	kr_end;		/* exclusive */
};

/* Pages that the kernel left out because the device was too small. */
struct kvm_leftout {
	char		kl_name[32];	/* printable ASCII */
	int		kl_physical;	/* the addresses are pa, not va */
	uint64_t	kl_start;
	uint64_t	kl_end;		/* exclusive */
	uint32_t	kl_pages;	/* number of pages */
};

struct kvm_dumpinfo {
	unsigned int	ki_infoversion;	/* KVM_DUMPINFO_VERSION */
	const char	*ki_arch;	/* MACHINE_ARCH: "amd64" or "i386" */
	int		ki_full;	/* a full dump, not a minidump */
	unsigned int	ki_version;	/* of the minidump */
	int		ki_truncated;	/* the file ends before the dump */
	int		ki_paemode;	/* i386 with PAE */
	unsigned int	ki_ptrsize;	/* size of a kernel pointer */
	unsigned int	ki_entsize;	/* size of a page table entry */
	uint64_t	ki_filesize;	/* bytes in the file */
	uint64_t	ki_size;	/* bytes of the dump in the file */
	uint64_t	ki_members;	/* of a compressed dump, else 0 */
	kvaddr_t	ki_kernbase;	/* start of what page tables map */
	kvaddr_t	ki_kernlast;	/* its last address; 0: unknown */
	kvaddr_t	ki_dmapbase;	/* the direct map, if there is one */
	kvaddr_t	ki_dmapend;	/* exclusive */
	struct kvm_section ki_header;	/* the header's fields */
	struct kvm_section ki_lefttable; /* these are in the header page; */
	struct kvm_section ki_losttable; /* size 0: none */
	struct kvm_section ki_liverecord; /* size 0: the kernel crashed */
	uint64_t	ki_opened;	/* a live dump: seconds since 1970 */
	struct kvm_section ki_msgbuf;	/* a full dump has none of these, */
	struct kvm_section ki_avail;
	struct kvm_section ki_bitmap;
	struct kvm_section ki_ptes;
	struct kvm_section ki_pages;	/* only this */
	uint64_t	ki_npages;	/* pages of memory */
	uint64_t	ki_nmissing;	/* of these, not fully in the file */
	kpaddr_t	ki_firstpage;	/* lowest page */
	kpaddr_t	ki_lastpage;	/* highest page */
	kpaddr_t	ki_physend;	/* end of possible memory */
	unsigned int	ki_nranges;
	const struct kvm_range *ki_ranges; /* of physical memory */
	unsigned int	ki_nleft;
	const struct kvm_leftout *ki_left;
	unsigned int	ki_nlost;	/* bytes of the dump that were not */
	const struct kvm_range *ki_lost; /* read when it was saved */
};
#define	KVM_DUMPINFO_VERSION	1

const struct kvm_dumpinfo *kvm_dumpinfo(kvm_t *kd);

/*
 * Read up to "len" bytes of the dump at byte "ofs".  Returns the number of
 * bytes read, which is less than "len" only at the end; -1 if any of them
 * cannot be read.
 */
ssize_t	 kvm_pread(kvm_t *kd, void *buf, size_t len, uint64_t ofs);

/*
 * Return the offset in the dump of kernel virtual address "va"; -1 if it is not
 * in the dump.
 */
int64_t	 kvm_offset(kvm_t *kd, kvaddr_t va);

/*
 * Read "len" bytes at kernel virtual address "va".  Returns the number of bytes
 * read; if it is less than "len", the error message says why the next one
 * cannot be read.  Returns -1 if there are none.
 */
ssize_t	 kvm_read(kvm_t *kd, unsigned long va, void *buf, size_t len);
ssize_t	 kvm_read2(kvm_t *kd, kvaddr_t va, void *buf, size_t len);

/*
 * After kvm_read2() has failed at "va": return the number of bytes, up to the
 * end of the page, that cannot be read for the same reason.
 */
size_t	 kvm_gap(kvm_t *kd, kvaddr_t va);

/*
 * A run of pages that are contiguous in virtual and physical address and in the
 * dump.
 */
struct kvm_page {
	unsigned int	kp_version;	/* KVM_PAGE_VERSION */
	kpaddr_t	kp_paddr;	/* physical address of the first */
	kvaddr_t	kp_kmap_vaddr;	/* va by the page tables, or 0 */
	kvaddr_t	kp_dmap_vaddr;	/* va in the direct map, or 0 */
	int		kp_prot;	/* KVM_PROT_* */
	int64_t		kp_offset;	/* in the dump; -1: not in it */
	uint64_t	kp_len;		/* bytes, whole pages */
};
#define	KVM_PAGE_VERSION	1
#define	KVM_PROT_READ		1
#define	KVM_PROT_WRITE		2
#define	KVM_PROT_EXECUTE	4

/*
 * Call "cb" for each run of pages; runs are as long as possible.  First come
 * all mappings in the kernel's page tables, by ascending kp_kmap_vaddr; a full
 * dump opened without its kernel has none.  Then come all pages in the dump,
 * mapped or not, once each, by ascending kp_paddr and with kp_kmap_vaddr 0.
 *
 * Mappings of pages that are not in the dump, such as device memory or pages
 * that were left out or truncated, have kp_offset -1.  A page can be mapped
 * more than once.  A mapping at address 0 is not reported.
 *
 * "cb" returns 1 to continue or 0 to end the walk; it may use kd.
 * kvm_walk_pages() returns 1 after all pages, 0 if "cb" ended the walk, or -1
 * if page tables were damaged or truncated.  Those are skipped, and the error
 * message is about the first one.
 */
typedef int kvm_walk_pages_cb_t(struct kvm_page *page, void *arg);
int	 kvm_walk_pages(kvm_t *kd, kvm_walk_pages_cb_t *cb, void *arg);

/*
 * Return why pages are absent, for "*len" bytes of them: either a mapping that
 * kvm_walk_pages() reported with kp_offset -1, or pages that it did not report
 * as being in the dump; then "va" is KVM_NOVA.  "*len" is reduced to the number
 * of bytes for which the answer is the same.
 */
enum kvm_absence {
	KVM_ABSENT_MISSING,	/* dumped, but not fully in the file */
	KVM_ABSENT_LEFTVA,	/* left out by the kernel for its va, */
	KVM_ABSENT_LEFTPA,	/* or for its pa */
	KVM_ABSENT_OTHER	/* a device, or memory that is not dumped */
};
#define	KVM_NOVA	UINT64_MAX
enum kvm_absence kvm_absence(kvm_t *kd, kvaddr_t va, kpaddr_t pa,
	    uint64_t *len);

/*
 * Look up the symbols in a list, which ends with an n_name of NULL or "".  A
 * name may have a leading underscore that the symbol does not have.  Sets
 * n_value and n_type, to 0 if there is no such symbol.  Returns the number of
 * symbols that were not found, or -1 on failure.
 */
int	 kvm_nlist(kvm_t *kd, struct nlist *nl);
int	 kvm_nlist2(kvm_t *kd, struct kvm_nlist *nl);

/*
 * Look up a symbol's address, and its size in bytes, which is 0 if unknown.
 * Returns 0, or -1 if there is no such symbol.
 */
int	 kvm_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size);

/*
 * Get the address and the size in memory of segment n, from 0 on, of
 * "execfile".  Returns 0, or -1 if there are no more.
 */
int	 kvm_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size);

/*
 * Return the size of the first member of a compressed dump, whose first "len"
 * bytes are in "buf"; 0 if they are not one's, but, for example, those of any
 * other gzip file.
 */
size_t	 kvm_gzmember(const void *buf, size_t len);

/*
 * Decode the next character of untrusted text, such as a string from a dump or
 * a file name.  Returns how many of the "len" bytes it has, at least one.
 * "*show" is 0 if the character must not be printed, since it could control a
 * terminal or change the direction of text or the line, or if it is not UTF-8:
 * then "*c" is the byte, else the character.
 */
size_t	 kvm_nextchar(const char *text, size_t len, uint32_t *c, int *show);

#ifdef __cplusplus
}
#endif

#endif /* !_KVM_H_ */
