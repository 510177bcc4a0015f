/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The dumps on a medium, for vmcore save: every one that a place of it ends
 * with, and what is wrong with each.
 */

#ifndef _FIND_H_
#define	_FIND_H_

#include <stdint.h>
#include <stdio.h>
#include <sys/minidump.h>

#include "form.h"
#include "kerneldump.h"
#include "place.h"

/* What may be wrong, in the order in which it is told. */
enum fault {
	/* These nothing can be done about. */
	FAULT_TEXT,		/* it is a textdump */
	FAULT_EMPTY,		/* dumplength 0 */
	FAULT_ROOM,		/* more than its place has room for */
	FAULT_EXTENT,		/* dumpextent less than dumplength */
	FAULT_ENCRYPTED,
	FAULT_COMPRESSION,	/* one that is not known, or is not there */
	FAULT_UNREAD,		/* its beginning cannot be read */
	FAULT_NODUMP,		/* what is there is no dump */
	/* These -f saves nevertheless, */
	FAULT_VERSION,
	FAULT_PARITY,
	FAULT_NOFIRST,		/* its leading header cannot be read */
	FAULT_DIFFER,		/* the headers do */
	FAULT_NOLAST,		/* there is no trailing header */
	FAULT_FORM,		/* of no form that is known */
	/* and these are no damage. */
	FAULT_CLEARED,		/* it was saved before */
	NFAULTS
};
#define	FAULT(name)	(1U << FAULT_##name)

struct found {
	struct place	place;
	u_int		block;		/* bytes that a header takes */
	uint64_t	first;		/* the leading header */
	uint64_t	ofs;		/* the vmcore */
	uint64_t	len;
	uint64_t	last;		/* the trailing header */
	uint64_t	hdr;		/* that which this comes from */
	struct kdh	kdh;		/* the better one of the two */
	struct contents	contents;
	u_int		faults;		/* FAULT() of each */
	const char	*field;		/* which differs */
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
	int		more;		/* there are more than these */
	int		error;		/* errno of the last block, or 0, */
	uint64_t	errofs;		/* and where */
};

/* Find them by their trailing headers, where places end. */
void	find_dumps(const struct medium *m, struct finding *fi);

/*
 * Find more by their leading headers, which may be in any block: this reads
 * all of the medium, once.
 */
void	find_leading(const struct medium *m, struct finding *fi);

/* Whether what is there is compressed, if its header says so. */
int	found_compressed(const struct found *f);

/* Whether it can be saved: as it is, or with -f. */
int	found_usable(const struct found *f, int force);

/* How damaged it is: 0 not at all, 1 saved before, 2 it is. */
int	found_rank(const struct found *f);

/* The fault that tells best why it cannot be saved, or not without -f. */
enum fault found_worst(const struct found *f, int force);

/* Put what this fault of it is into "buf", for a message. */
void	found_fault(const struct found *f, enum fault fault, char *buf,
	    size_t size);

/* Print where it is, and what, in a line. */
void	found_print(FILE *fp, const struct found *f);

#endif /* !_FIND_H_ */
