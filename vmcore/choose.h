/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

#ifndef _CHOOSE_H_
#define	_CHOOSE_H_

#include "find.h"

struct choice {
	const struct medium *m;
	const char	*place;		/* that is asked for, or NULL */
	int		force;
	struct finding	*fi;
	struct found	*f;		/* the dump that is taken */
};

/*
 * Find the dumps of a disk, whose beginning "whole" tells of, and choose one.
 * Returns 0, with f set and warnings printed, or -1 after printing
 * why not.
 */
int	choose_dump(struct choice *ch, const struct contents *whole);

#endif /* !_CHOOSE_H_ */
