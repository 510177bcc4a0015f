/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a guest said its dump must hold (manifest.c), what the disk holds
 * (device.c, header.c, contents.c; gz.c if it is compressed; live.c what was
 * read from /dev/minidump), what was told of it (told.c), and the promises that
 * are checked against these.
 */

#ifndef _CHECK_H_
#define	_CHECK_H_

#include <stddef.h>
#include <stdint.h>

#include "../../disk.h"
#include "../../promise.h"

#define	PAGESIZE	4096
#define	METADATA	65536		/* never written, at the start */
#define	HEADER		512		/* before and after the dump */
#define	MB		((uint64_t)1 << 20)
#define	PTE_V		0x001ULL
#define	PTE_FRAME	0x000ffffffffff000ULL
#define	PTE_SUPER	0x063ULL	/* of each page of a superpage */

/* One frame of physical memory. */
struct frame {
	enum {
		F_UNKNOWN,		/* must not be in the dump */
		F_FILL,
		F_TEXT,
		F_SUM,
		F_BITS,
		F_LOG,
		F_DIRTY,
		F_WORK			/* must not be either */
	}		content;
	unsigned int	avail : 1;	/* in dump_avail */
	unsigned int	kept : 1;	/* needs no mapping to be in it */
	unsigned int	loose : 1;	/* may be in it, or not */
	unsigned int	own : 1;	/* must not be in what is read live */
	unsigned int	table : 1;	/* a page table, not mapped */
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

/*
 * What the kernel may leave out, in this order: addresses [start, end), none
 * if both are 0.
 */
#define	NKINDS	4
struct kind {
	const char	*name;
	int		physical;
	uint64_t	start;
	uint64_t	end;
};

/* A line "KIND NAME TEXT". */
struct word {
	const char	*kind;
	const char	*name;
	char		*text;
};

struct manifest {
	int		shown;		/* slots may show its page tables */
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
	struct kind	kind[NKINDS];
	uint64_t	mediaoffset;	/* bytes, as are the next ones */
	uint64_t	mediasize;
	uint64_t	writes;		/* of the last dump */
	uint64_t	flushes;
	uint64_t	written;
	int		ndumps;
	uint64_t	nloose;
	uint64_t	liveoffset;	/* what was read of /dev/minidump: */
	uint64_t	livesize;	/* bytes of the disk; 0: nothing, */
	uint64_t	livetime;	/* and when it was opened */
	uint64_t	skipped;	/* page tables */
	struct word	word[64];
	int		nwords;
};

/* A member of a compressed dump: its size, and its place in the plain one. */
struct member {
	uint64_t	size;
	uint64_t	ofs;
	uint64_t	len;
};

/* The last dump of the guest, and what it printed. */
struct dump {
	struct disk	disk;
	const uint8_t	*stored;	/* the vmcore as it is on the disk, */
	uint64_t	storedlen;
	const uint8_t	*core;		/* and decompressed */
	uint64_t	length;
	struct member	*member;	/* if it is compressed */
	uint64_t	nmembers;
	int		bare;		/* nothing is mapped, no log there */
	int		live;		/* from /dev/minidump */
	int		nleft;		/* kinds that are left out */
	uint64_t	left;		/* pages of them */
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

/*
 * Set "wanted" of all frames for a dump without the first "nleft" kinds, and
 * say how many there are.
 */
uint64_t manifest_want(struct manifest *m, int nleft);
const char *manifest_text(const struct manifest *m, const char *kind,
	    const char *name);
uint64_t manifest_number(const struct manifest *m, const char *kind,
	    const char *name);

uint64_t little(const uint8_t *p, int n);
void	*read_file(const char *file, size_t *len);

/* Is "page" what the manifest says of this frame?  If not, says why. */
const char *frame_differs(const struct manifest *m, const struct dump *d,
	    uint64_t pfn, const uint8_t *page);

/* The headers before and after the dump.  Sets d->stored if they are good. */
int	 check_device(const struct manifest *m, struct dump *d);
void	 check_form(const struct manifest *m, struct dump *d);
void	 check_writes(const struct manifest *m, const struct dump *d);
void	 check_untouched(const struct manifest *m, const struct dump *d,
	    uint64_t start, int fill);
void	 check_nothing(const struct manifest *m, const struct dump *d,
	    int fill);
void	 check_guard(const struct dump *d, int fill);

/* How large a device is needed for a vmcore of so many bytes. */
uint64_t needed(uint64_t length);

/*
 * The header's fields, and the sizes that follow from them, which are filled
 * in; and all that comes behind the header.
 */
void	 text_field(const uint8_t *p, size_t size, const char *what,
	    const char *text);
int	 check_header(const struct manifest *m, struct dump *d);
void	 check_leftout(struct manifest *m, struct dump *d);
void	 check_memory(struct manifest *m, const struct dump *d);
void	 check_text(const struct manifest *m, const char *kernel);

/* What the kernel says of it. */
void	 check_asking(const struct manifest *m);
void	 check_size(const struct manifest *m, const struct dump *d);
void	 check_small(struct manifest *m, const struct dump *d);
void	 check_stopped(const struct manifest *m);
void	 check_skipped(const struct manifest *m, const struct dump *d);

/* The dump, in a file for the library to open. */
void	 write_core(const struct dump *d, const char *file);

/* What was read from /dev/minidump before, if anything was. */
void	 check_live(struct manifest *m, const struct dump *d);

/* Take a compressed dump apart: sets d->core, unless it cannot be. */
void	 check_members(struct dump *d);
void	 check_gunzip(const struct dump *d, const char *core);
void	 check_growth(const struct manifest *m, const struct dump *d);

void	 check_kvm(const struct manifest *m, const struct dump *d,
	    const char *kernel, const char *core);

#endif /* !_CHECK_H_ */
