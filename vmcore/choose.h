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
	const char	*place;		/* asked for, or NULL */
	int		force;
	struct finding	*fi;
	struct found	*f;		/* the dump that was chosen */
};

/*
 * Find the dumps of a disk and choose one; "whole" describes the beginning of
 * the disk.  Returns 0 with f set and warnings printed, or -1 after printing
 * the reason.
 */
int	choose_dump(struct choice *ch, const struct contents *whole);

#endif /* !_CHOOSE_H_ */
