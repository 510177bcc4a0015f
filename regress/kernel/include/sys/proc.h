/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Stand-in for the 6.x header: processes and threads, with the fields that a
 * debugger is told of, in an order of its own.  TAILQ and LIST entries are
 * spelt out, as nothing else here needs <sys/queue.h>.
 */

#ifndef _SYS_PROC_H_
#define	_SYS_PROC_H_

#include <sys/types.h>

#define	MAXCOMLEN	19
#define	NOCPU		0xff

struct pcb;
struct proc;
struct turnstile;

struct thread {
	int		td_spare[5];
	int		td_tid;
	struct proc	*td_proc;
	int		td_flags;
#define	TDF_NEEDRESCHED	0x00010000
	int		td_pinned;	/* sched_pin() */
	u_int		td_maps;	/* of pmap_kenter_temporary() */
	enum {
		TDS_INACTIVE = 0,
		TDS_INHIBITED,
		TDS_CAN_RUN,
		TDS_RUNQ,
		TDS_RUNNING
	} td_state;
	int		td_inhibitors;
#define	TDI_SLEEPING	0x0002
#define	TDI_LOCK	0x0008
#define	TDI_IWAIT	0x0010
	struct {
		struct thread	*tqe_next;
		struct thread	**tqe_prev;
	} td_plist;
	const char	*td_wmesg;
	const char	*td_lockname;
	u_char		td_lastcpu;
	u_char		td_oncpu;
	struct pcb	*td_pcb;
	struct turnstile *td_blocked;
};

struct proc {
	struct {
		struct thread	*tqh_first;
		struct thread	**tqh_last;
	} p_threads;
	char		p_comm[MAXCOMLEN + 1];
	enum {
		PRS_NEW = 0,
		PRS_NORMAL,
		PRS_ZOMBIE
	} p_state;
	int		p_pid;
	struct {
		struct proc	*le_next;
		struct proc	**le_prev;
	} p_list;
};

struct proclist {
	struct proc	*lh_first;
};

extern struct proclist	allproc;

#endif /* !_SYS_PROC_H_ */
