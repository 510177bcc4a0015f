/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The dumps on a medium, for vmcore save: each one at the end of a place, and
 * what is wrong with it.
 */

#ifndef _FIND_H_
#define	_FIND_H_

#include <stdint.h>
#include <stdio.h>
#include <sys/minidump.h>

#include "form.h"
#include "kerneldump.h"
#include "place.h"

/* Possible faults, in the order in which they are reported. */
enum fault {
	/* With these a dump cannot be saved, */
	FAULT_TEXT,		/* it is a textdump */
	FAULT_EMPTY,		/* dumplength 0 */
	FAULT_ROOM,		/* larger than its place */
	FAULT_EXTENT,		/* dumpextent less than dumplength */
	FAULT_ENCRYPTED,
	FAULT_COMPRESSION,	/* unknown, or not supported */
	FAULT_UNREAD,		/* its beginning cannot be read */
	FAULT_NODUMP,		/* the data is not a dump */
	/* with these only by -f, */
	FAULT_VERSION,
	FAULT_PARITY,
	FAULT_NOFIRST,		/* its leading header cannot be read */
	FAULT_DIFFER,		/* the headers differ */
	FAULT_NOLAST,		/* no trailing header */
	FAULT_FORM,		/* of an unknown form */
	/* and these are not damage. */
	FAULT_CLEARED,		/* it was saved before */
	NFAULTS
};
#define	FAULT(name)	(1U << FAULT_##name)

struct found {
	struct place	place;
	u_int		block;		/* size of a header's block */
	uint64_t	first;		/* the leading header */
	uint64_t	ofs;		/* the vmcore */
	uint64_t	len;
	uint64_t	last;		/* the trailing header */
	uint64_t	hdr;		/* the header that was found */
	struct kdh	kdh;		/* the better of the two headers */
	struct contents	contents;
	u_int		faults;		/* FAULT() of each */
	const char	*field;		/* the field that differs */
	uint32_t	parity;		/* of the header found first */
	int		error;		/* errno of the leading header */
	uint64_t	room;		/* bytes of the place */
};

#define	FOUND_MAX	64

struct finding {
	struct places	places;
	struct found	found[FOUND_MAX];
	u_int		n;
	u_int		ntries;		/* leading headers looked at */
	int		more;		/* there are more dumps */
	int		error;		/* errno of the last block, or 0, */
	uint64_t	errofs;		/* and where */
};

/* Find dumps by their trailing headers, at the ends of places. */
void	find_dumps(const struct medium *m, struct finding *fi);

/*
 * Find more dumps by their leading headers, which may be in any block.  This
 * reads the whole medium once.
 */
void	find_leading(const struct medium *m, struct finding *fi);

/* Return whether the dump is compressed, if its header says so. */
int	found_compressed(const struct found *f);

/* Return whether it can be saved, with "force" as with -f. */
int	found_usable(const struct found *f, int force);

/* Return how damaged it is: 0 not at all, 1 already saved, 2 damaged. */
int	found_rank(const struct found *f);

/*
 * Return the fault that best explains why it cannot be saved, or only with -f.
 */
enum fault found_worst(const struct found *f, int force);

/* Describe one of its faults in "buf", for a message. */
void	found_fault(const struct found *f, enum fault fault, char *buf,
	    size_t size);

/* Print a line that describes the dump and where it is. */
void	found_print(FILE *fp, const struct found *f);

#endif /* !_FIND_H_ */
