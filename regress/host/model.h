/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the dump of a layout must be, byte for byte, and what must be printed.
 * Nothing here shares code or headers with the dump code: the facts of the
 * format are stated a second time, as numbers.
 */

#ifndef _MODEL_H_
#define	_MODEL_H_

#include "layout.h"

#define	METADATA	65536		/* bytes of the medium kept free */
#define	KDH_SIZE	512
#define	WRITE_SIZE	65536		/* bytes of a write, but the last */

enum section {
	S_HEADER,
	S_MSGBUF,
	S_BITMAP,
	S_TABLES,
	S_PAGES,
	NSECTIONS
};

struct model {
	unsigned char	in[MAXFRAMES];	/* frames in the dump */
	unsigned	npages;
	unsigned	skipped;
	unsigned	nleft;		/* kinds that are left out, */
	unsigned	left[KERN_KINDS];	/* and pages of each */
	int		msgbuf_found;
	uint64_t	msgbuf_ptr;
	uint32_t	msgbuf_size;
	uint32_t	bitmap_size;
	uint64_t	end[NSECTIONS];	/* where each ends in the dump */
	uint64_t	length;
};

/*
 * The shape of the dump: the pages, found through these pieces, without the
 * first "nleft" kinds; then the message buffer, and the length.  Both use
 * memory as it is now.
 */
void	model_pages(struct model *m, const struct layout *l,
	    const struct piece *piece, unsigned nleft);
void	model_shape(struct model *m, const struct layout *l,
	    const struct piece *piece);

/*
 * The dump, m->length bytes, of memory as it is now.  Where a broken message
 * buffer includes the arena, in which the dump code works, there are zeros;
 * model_forget() writes these into a dump.
 */
struct image {
	unsigned char	*mem;
	size_t		size;		/* of mem */
};
void	model_image(struct image *image, const struct model *m,
	    const struct layout *l, const struct piece *piece);

void	model_forget(unsigned char *dump, const struct model *m,
	    const struct layout *l, const struct piece *piece);

/* The kernel dump header of a dump of "length" bytes. */
void	model_kdh(const struct layout *l, uint64_t length, unsigned blocksize,
	    unsigned char kdh[KDH_SIZE]);

/* Return the frame that va is mapped to, or -1 if it is not memory. */
int	model_frame(const struct layout *l, const struct piece *piece,
	    uint64_t va);

/* The form of the dump on the device. */
struct form {
	int		gz;
	unsigned	nmembers;		/* compressed: the members */
	unsigned	size[KERN_MEMBERS];	/* first to last */
	uint64_t	length;			/* bytes */
};

/*
 * How the dump ended.  The calls of the dumper are: write the trailer, flush,
 * the writes of the dump, flush, write the trailer, flush.
 */
struct ending {
	unsigned	fail_call;	/* counted from 1; 0: none */
	int		fail_errno;
	unsigned	key_poll;	/* counted from 1; 0: none */
	int		key;
};
unsigned model_writes(const struct form *f);	/* of the dump alone */

/*
 * What is printed by then, and the calls of the dumper and polls of the
 * keyboard.
 */
struct telling {
	char		text[CONSOLE_SIZE];
	unsigned	calls;
	unsigned	polls;
	int		deciding;	/* it did not fit as it was */
};

/*
 * Append what an attempt to write the dump in this form prints and does, with
 * room for so many bytes, and how it ended.  Returns 1 if there was not enough
 * room: then another attempt follows, unless all kinds are left out.
 */
int	model_console(const struct model *m, const struct layout *l,
	    const struct form *f, uint64_t room, const struct ending *e,
	    struct telling *t);

#endif /* !_MODEL_H_ */
