/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Printing of text from a dump and of file names.  Characters that
 * kvm_nextchar() says must not be printed are shown as \ooo, byte by byte.
 */

#ifndef _TEXT_H_
#define	_TEXT_H_

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/*
 * Print text from a dump: non-ASCII characters are escaped, and NULs are left
 * out.  print_line() prints a string of at most "size" bytes and a newline.
 */
void	print_text(FILE *fp, const char *text, size_t len);
void	print_line(FILE *fp, const char *text, size_t size);

/* Print a file name, or a message that may contain one. */
void	print_name(FILE *fp, const char *name);

/* Escape a name to ASCII, truncated to fit. */
void	ascii_name(char *buf, size_t size, const char *name);

/* Format seconds since 1970 as local date and time, or only time. */
void	text_date(char *buf, size_t size, uint64_t seconds);
void	text_clock(char *buf, size_t size, uint64_t seconds);

#endif /* !_TEXT_H_ */
