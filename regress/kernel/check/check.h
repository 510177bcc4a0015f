/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a guest said its dump must hold (manifest.c), what the disk holds
 * (dump.c), and the promises that are checked against both.
 */

#ifndef _CHECK_H_
#define	_CHECK_H_

#include <stddef.h>
#include <stdint.h>

#define	PAGESIZE	4096
#define	PTE_V		0x001ULL
#define	PTE_FRAME	0x000ffffffffff000ULL
#define	PTE_SUPER	0x063ULL	/* of each page of a superpage */

/* One frame of physical memory. */
struct frame {
	enum {
		F_UNKNOWN,		/* must not be in the dump */
		F_FILL,
		F_SUM,
		F_BITS,
		F_LOG,
		F_DIRTY
	}		content;
	unsigned int	avail : 1;	/* in dump_avail */
	unsigned int	wanted : 1;	/* must be in the dump */
	uint32_t	index;		/* F_BITS, F_LOG: which page of it */
	uint64_t	sum;		/* F_SUM, F_BITS */
	const uint8_t	*page;		/* in the dump, NULL if it is not */
};

/* One page of kernel address space. */
struct kva {
	uint64_t	pte;		/* maps if PTE_V is set */
	int		window;		/* maps anything at any time */
};

/* A line "KIND NAME TEXT". */
struct word {
	const char	*kind;
	const char	*name;
	char		*text;
};

struct manifest {
	char		*layout;
	int		amd64;
	int		ptesize;	/* bytes of an entry */
	uint64_t	kernbase;
	uint64_t	kvaend;
	uint64_t	dmapbase;
	uint64_t	dmapend;
	uint64_t	memend;		/* of dump_avail */
	struct frame	*frame;		/* of all memory up to there */
	uint64_t	nframes;
	struct kva	*kva;		/* whole pages of entries */
	uint64_t	nkva;
	uint64_t	mediaoffset;	/* bytes, as are the next ones */
	uint64_t	mediasize;
	uint64_t	writes;		/* of the last dump */
	uint64_t	flushes;
	uint64_t	written;
	int		ndumps;
	struct word	word[64];
	int		nwords;
};

/* The last dump of the guest, and what it printed. */
struct dump {
	uint8_t		*disk;		/* mapped */
	uint64_t	disksize;
	uint64_t	length;		/* of the vmcore */
	const uint8_t	*core;
	char		*console;
	size_t		consolelen;
	uint64_t	msgbufsize;	/* from the header, as are these */
	uint64_t	bitmapsize;
	uint64_t	ptesize;
	uint64_t	msgbufofs;
	uint64_t	bitmapofs;
	uint64_t	pteofs;
	uint64_t	pageofs;
};

void	 manifest_read(struct manifest *m, const char *file);
const char *manifest_text(const struct manifest *m, const char *kind,
	    const char *name);
uint64_t manifest_number(const struct manifest *m, const char *kind,
	    const char *name);

void	*read_file(const char *file, size_t *len);
void	 die(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2), __noreturn__));

/*
 * A promise: promise("..."), then fail() as often as it is broken, then
 * kept(), which prints the line and, if it is kept, the numbers.
 */
void	 promise(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));
int	 fail(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));
int	 kept(const char *fmt, ...)
	    __attribute__((__format__(__printf__, 1, 2)));

/* Is "page" what the manifest says of this frame?  If not, says why. */
const char *frame_differs(const struct manifest *m, const struct dump *d,
	    uint64_t pfn, const uint8_t *page);

void	 check_kvm(const struct manifest *m, const struct dump *d,
	    const char *kernel, const char *core);

#endif /* !_CHECK_H_ */
