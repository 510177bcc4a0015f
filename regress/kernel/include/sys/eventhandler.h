/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: of the many events there is one, that somebody
 * looks up a device that is not there, and one who wants to know.
 */

#ifndef _SYS_EVENTHANDLER_H_
#define	_SYS_EVENTHANDLER_H_

#include <sys/conf.h>

extern dev_clone_fn	*dev_clone_handler;	/* live.c */

#define	EVENTHANDLER_REGISTER(name, func, arg, priority)		\
	(name ## _handler = (func))

#endif /* !_SYS_EVENTHANDLER_H_ */
