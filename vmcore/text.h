/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Text that comes out of a dump, and names of files, for a person to read: what
 * kvm_nextchar() says is not to be shown is shown as \ooo, byte by byte.
 */

#ifndef _TEXT_H_
#define	_TEXT_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Print text from a dump, of which only ASCII is shown as it is; NULs are left
 * out.  print_line() prints a string of at most "size" bytes, as a line.
 */
void	print_text(FILE *fp, const char *text, size_t len);
void	print_line(FILE *fp, const char *text, size_t size);

/* Print the name of a file, or a message that has one in it. */
void	print_name(FILE *fp, const char *name);

/* A name with nothing but ASCII in it, cut off where "buf" ends. */
void	ascii_name(char *buf, size_t size, const char *name);

/*
 * Seconds since 1970, in this host's time: the date and the time, or only the
 * latter.
 */
void	text_date(char *buf, size_t size, uint64_t seconds);
void	text_clock(char *buf, size_t size, uint64_t seconds);

#endif /* !_TEXT_H_ */
