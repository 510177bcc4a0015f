/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header.  Every SYSCTL_* is an entry of the linker set
 * "sysctl_set", which the kernel here prints into its manifest.
 */

#ifndef _SYS_SYSCTL_H_
#define	_SYS_SYSCTL_H_

#include <sys/types.h>
#include <sys/linker_set.h>

#define	CTLTYPE_INT	2
#define	CTLTYPE_ULONG	7
#define	CTLFLAG_RD	0x80000000
#define	CTLFLAG_WR	0x40000000
#define	CTLFLAG_RW	(CTLFLAG_WR | CTLFLAG_RD)
#define	CTLFLAG_SKIP	0x01000000	/* sysctl -a does not list it */

#define	OID_AUTO	(-1)

/*
 * A request: oldfunc() takes the answer.  If oldptr is NULL, only its length is
 * wanted.
 */
struct thread;
struct sysctl_req {
	struct thread	*td;
	int		(*oldfunc)(struct sysctl_req *req, const void *p,
			    size_t len);
	void		*oldptr;
	size_t		oldlen;
};

struct sysctl_oid;

#define	SYSCTL_HANDLER_ARGS						\
	struct sysctl_oid *oidp __unused, void *arg1 __unused,		\
	int arg2 __unused, struct sysctl_req *req
#define	SYSCTL_OUT(req, p, len)	((*(req)->oldfunc)(req, p, len))

struct sysctl_oid {
	const char	*parent;	/* "_debug" */
	const char	*oid_name;
	u_int		oid_kind;	/* CTLTYPE_* | CTLFLAG_* */
	void		*oid_arg1;
	int		oid_arg2;
	int		(*oid_handler)(SYSCTL_HANDLER_ARGS);
	const char	*oid_fmt;
	const char	*descr;
};

int	sysctl_handle_int(SYSCTL_HANDLER_ARGS);

#define	SYSCTL_PROC(parent, nbr, name, kind, arg1, arg2, handler, fmt, descr) \
	static struct sysctl_oid					\
	    __CONCAT(sysctl_, __CONCAT(parent, _##name)) = {		\
		#parent, #name, kind, arg1, arg2, handler, fmt, descr	\
	};								\
	DATA_SET(sysctl_set, __CONCAT(sysctl_, __CONCAT(parent, _##name)))

#define	SYSCTL_INT(parent, nbr, name, access, ptr, val, descr)		\
	SYSCTL_PROC(parent, nbr, name, CTLTYPE_INT | (access), ptr, val, \
	    sysctl_handle_int, "I", descr)

#endif /* !_SYS_SYSCTL_H_ */
