/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: dump devices.
 */

#ifndef _SYS_CONF_H_
#define	_SYS_CONF_H_

#include <sys/types.h>

/*
 * Writes "length" bytes at "offset" bytes into the medium, or flushes it if
 * "virtual" is NULL and "length" is 0.  Returns 0 or an errno.
 */
typedef int dumper_t(void *priv, void *virtual, vm_offset_t physical,
    off_t offset, size_t length);

struct dumperinfo {
	dumper_t	*dumper;
	void		*priv;		/* handed to the dumper */
	u_int		blocksize;	/* bytes, as are the next two */
	off_t		mediaoffset;	/* of the dump partition */
	off_t		mediasize;
};

extern int	dumping;

int	set_dumper(struct dumperinfo *di);
void	dumpsys(struct dumperinfo *di);

#endif /* !_SYS_CONF_H_ */
