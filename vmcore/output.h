/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Large files that a command makes: they appear under their names when they are
 * whole, and blocks of zeros take no space in them.
 *
 * Functions that return an int return 0, or -1 after printing why, unless they
 * say otherwise.
 */

#ifndef _OUTPUT_H_
#define	_OUTPUT_H_

#include <stddef.h>
#include <stdint.h>

/* Whether write_file() may make "file": 1, or 0 after printing why not. */
int	may_write(int source, const char *file, int force);

/*
 * Make "file": "writer" writes it to "fd".  It is readable by its owner alone,
 * and replaces another only with "force", and never the one open as "source".
 */
typedef int	writer_t(void *arg, int fd, const char *file);
int	write_file(int source, const char *file, int force, writer_t *writer,
	    void *arg);

/* Write "len" bytes at byte "ofs"; errno tells why not, nothing is printed. */
int	write_all(int fd, const char *buf, size_t len, uint64_t ofs);

/* The same, but blocks of zeros are left out. */
int	write_sparse(int fd, const char *buf, size_t len, uint64_t ofs);

/* Tell a person who waits that "done" bytes of "whole" are done; at the end. */
void	progress(uint64_t done, uint64_t whole);
void	progress_end(void);

#endif /* !_OUTPUT_H_ */
