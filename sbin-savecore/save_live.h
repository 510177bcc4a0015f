/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The interface between savecore.c and save_live.c.
 */

#ifndef _SAVE_LIVE_H_
#define	_SAVE_LIVE_H_

#include <sys/types.h>
#include <stdio.h>

struct kerneldumpheader;

struct live_save {
	const char	*dir;		/* current directory, for messages */
	int		bounds;		/* the N of the files */
	int		compress;
	int		verbose;
	int		good;		/* the status of a dump that is */
	/* Functions of savecore.c. */
	int		(*check_space)(const char *dir, off_t size);
	void		(*writebounds)(int bounds);
	void		(*printheader)(FILE *fp,
			    const struct kerneldumpheader *kdh,
			    const char *device, int bounds, const int status);
	FILE		*(*zopen)(const char *name, const char *mode);
};

/*
 * Save a dump of the running kernel, livecore.N, and its info file, info.N.
 * Returns 0, or 1 after logging an error; then neither file is left.
 */
int	save_live(const struct live_save *ls);

#endif /* !_SAVE_LIVE_H_ */
