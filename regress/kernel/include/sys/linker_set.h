/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: pointers that the linker gathers from all
 * objects into the array from __start_SET to __stop_SET.
 */

#ifndef _SYS_LINKER_SET_H_
#define	_SYS_LINKER_SET_H_

#define	DATA_SET(set, sym)						\
	static void *const __CONCAT(set##_, sym) __used			\
	    __section(#set) = &sym

#endif /* !_SYS_LINKER_SET_H_ */
