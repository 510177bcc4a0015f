/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The host library's kvm_private.h.  The members up to "minidump", and the
 * functions, are those of 6.x's kvm_private.h that the shared files use.
 */

#ifndef _KVM_PRIVATE_H_
#define	_KVM_PRIVATE_H_

#ifndef __printflike
#define	__printflike(fmt, first)					\
	__attribute__((__format__(__printf__, fmt, first)))
#endif

/* The most warnings a dump can have: the reader's, and two about a kernel. */
#define	NWARNINGS	6

struct __kvm {
	const char	*program;	/* of kvm_open(), or NULL */
	char		errbuf[_POSIX2_LINE_MAX];
	int		pmfd;		/* the dump */
	int		nlfd;		/* the kernel, -1 if there is none */
	struct vmstate	*vmst;
	int		minidump;	/* vmst is kvm_minidump.c's */

	char		*dumpname;
	char		*kernelname;
	const char	*file;		/* the file that messages are about */
	struct kernfile	*kernel;	/* kvm_elf.c's */
	struct fulldump	*full;		/* kvm_full.c's */
	struct dumpinfo	*info;		/* kvm_info.c's */
	unsigned int	nwarnings;
	char		warning[NWARNINGS][_POSIX2_LINE_MAX];
};

void	 _kvm_err(kvm_t *kd, const char *program, const char *fmt, ...)
	    __printflike(3, 4);
void	 _kvm_syserr(kvm_t *kd, const char *program, const char *fmt, ...)
	    __printflike(3, 4);
void	*_kvm_malloc(kvm_t *kd, size_t size);

int	 _kvm_minidump_probe(kvm_t *kd);
int	 _kvm_minidump_initvtop(kvm_t *kd);
int	 _kvm_minidump_kvatop(kvm_t *kd, u_long va, off_t *pa);
void	 _kvm_minidump_freevtop(kvm_t *kd);

/*
 * For kvm_read(), instead of a read from pmfd, as the file may be compressed:
 * read up to len bytes at the offset that kvatop() returned.  Returns the
 * number of bytes, or -1 with the error message set, but never 0.
 */
ssize_t	 _kvm_minidump_read(kvm_t *kd, off_t ofs, void *buf, size_t len);

/*
 * kvm_full.c: full dumps.  kernel() reads what address translation needs, by
 * the kernel's symbols if there are any.  Returns 0, or -1 with the error
 * message set.
 */
struct minidump_ops;
const struct minidump_ops *_kvm_full_format(const u_char *buf, size_t n);
int	 _kvm_full_kernel(kvm_t *kd);
void	 _kvm_full_close(kvm_t *kd);

/* kvm_info.c: fill in kd->info, when the dump is completely open. */
int	 _kvm_info_make(kvm_t *kd);

/*
 * kvm_elf.c: the kernel file kd->nlfd.  open() refuses a kernel of another
 * architecture than "arch".  read() reads initialized data at va and returns
 * the number of bytes that the file has.  segment() returns the nth segment of
 * the kernel's image, or -1 if there are no more.
 */
int	 _kvm_elf_open(kvm_t *kd, const char *arch);
void	 _kvm_elf_close(kvm_t *kd);
int	 _kvm_elf_symbol(kvm_t *kd, const char *name, kvaddr_t *va,
	    uint64_t *size, unsigned char *type);
size_t	 _kvm_elf_read(kvm_t *kd, kvaddr_t va, void *buf, size_t len);
int	 _kvm_elf_segment(kvm_t *kd, unsigned int n, kvaddr_t *va,
	    uint64_t *size);

#endif /* !_KVM_PRIVATE_H_ */
