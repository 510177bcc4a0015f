/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: string functions and the like.
 */

#ifndef _SYS_LIBKERN_H_
#define	_SYS_LIBKERN_H_

#include <sys/types.h>

int	ffs(int mask);
int	fls(int mask);
size_t	strlcpy(char *dst, const char *src, size_t size);
size_t	strlen(const char *s);
int	strcmp(const char *a, const char *b);
int	strncmp(const char *a, const char *b, size_t len);

static __inline u_int
min(u_int a, u_int b)
{

	return (b < a ? b : a);
}

#endif /* !_SYS_LIBKERN_H_ */
