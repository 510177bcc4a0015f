/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: what every kernel source may use.
 */

#ifndef _SYS_SYSTM_H_
#define	_SYS_SYSTM_H_

#include <sys/types.h>
#include <sys/libkern.h>
#include <machine/stdarg.h>

#ifndef CTASSERT
#define	CTASSERT(x)	__CTASSERT1(x, __LINE__)
#define	__CTASSERT1(x, line) \
	typedef char __CONCAT(ctassert_, line)[(x) ? 1 : -1] __unused
#endif

extern const char	*panicstr;
extern char		version[];

/* 0 if the thread is root's; see env.c. */
struct thread;
int	suser(struct thread *td);

void	bcopy(const void *from, void *to, size_t len);
void	bzero(void *to, size_t len);
void	*memcpy(void *to, const void *from, size_t len);
void	*memset(void *to, int c, size_t len);

void	panic(const char *fmt, ...) __dead2 __printflike(1, 2);
int	printf(const char *fmt, ...) __printflike(1, 2);
int	vprintf(const char *fmt, va_list ap) __printflike(1, 0);
int	snprintf(char *, size_t, const char *fmt, ...) __printflike(3, 4);
int	vsnprintf(char *, size_t, const char *fmt, va_list) __printflike(3, 0);

void	DELAY(int usec);

/* Timers, which never expire here. */
#define	hz			100
#define	CALLOUT_RETURNUNLOCKED	0x0010
typedef void timeout_t(void *arg);
struct callout {
	int		set;
};
#define	callout_init_mtx(c, mtx, flags)	((c)->set = 0)
#define	callout_reset(c, ticks, func, arg) \
	((void)(timeout_t *)(func), (c)->set = 1)
#define	callout_stop(c)		((c)->set = 0)

char	*getenv(const char *name);
int	getenv_int(const char *name, int *data);
int	getenv_quad(const char *name, quad_t *data);

#endif /* !_SYS_SYSTM_H_ */
