/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * Processes and threads, for vmcore ps, elf, gdb and report.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kernel_int.h"
#include "vmcore.h"

/* States of a thread, with 6.x's names. */
enum { TDS_INACTIVE, TDS_INHIBITED, TDS_CAN_RUN, TDS_RUNQ, TDS_RUNNING };
#define	TDI_SUSPENDED	0x0001
#define	TDI_SLEEPING	0x0002
#define	TDI_SWAPPED	0x0004
#define	TDI_LOCK	0x0008
#define	TDI_IWAIT	0x0010
/* Not a CPU, in an int or in an unsigned char. */
#define	NCPUS_MAX	65536
#define	NOCPU_UCHAR	0xff

struct offsets {
	uint64_t	p_pid, p_comm, p_list, p_threads, p_state;
	uint64_t	td_tid, td_oncpu, td_pcb, td_plist;
	uint64_t	td_state, td_inhibitors, td_wmesg, td_lockname;
	uint64_t	td_name;
	uint64_t	size_oncpu;
	int		hasstate;
	int		hasname;
	int		crashed;	/* tid of the thread that crashed */
};

/* Read the offsets: some are required, others optional. */
static const char *
read_offsets(struct kernel *k, struct offsets *o)
{
	const struct constant needed[] = {
		{ "proc_off_p_pid", &o->p_pid },
		{ "proc_off_p_comm", &o->p_comm },
		{ "proc_off_p_list", &o->p_list },
		{ "proc_off_p_threads", &o->p_threads },
		{ "thread_off_td_tid", &o->td_tid },
		{ "thread_off_td_oncpu", &o->td_oncpu },
		{ "thread_off_td_pcb", &o->td_pcb },
		{ "thread_off_td_plist", &o->td_plist },
		{ NULL, NULL }
	};
	const struct constant state[] = {
		{ "proc_off_p_state", &o->p_state },
		{ "thread_off_td_state", &o->td_state },
		{ "thread_off_td_inhibitors", &o->td_inhibitors },
		{ "thread_off_td_wmesg", &o->td_wmesg },
		{ "thread_off_td_lockname", &o->td_lockname },
		{ NULL, NULL }
	};
	const char *missing;

	memset(o, 0, sizeof(*o));
	o->hasstate = read_constants(k, state) == NULL;
	o->hasname = read_constant(k, "thread_off_td_name",
	    &o->td_name) == 0;
	missing = read_constants(k, needed);
	/*
	 * If the kernel does not export its size: up to FreeBSD 10 it is an
	 * unsigned char after another one, and later an int, which is aligned.
	 */
	if (missing == NULL && read_constant(k, "thread_size_td_oncpu",
	    &o->size_oncpu) == -1)
		o->size_oncpu = o->td_oncpu % 4 != 0 ? 1 : 4;
	return (missing);
}

/* Convert a CPU number of "size" bytes; -1 if there is none. */
static int
cpu_number(uint64_t value, uint64_t size)
{

	return (size == 1 ? (value == NOCPU_UCHAR ? -1 : (int)value) :
	    value >= NCPUS_MAX ? -1 : (int)value);
}

/* Read a thread's state, and what it waits for. */
static void
read_state(struct kernel *k, const struct offsets *o, kvaddr_t va,
    struct thread *td)
{
	uint64_t inhibitors, p, state;
	kvaddr_t wmesg;

	td->state = td->cpu != -1 ? "run" : "-";
	if (!o->hasstate ||
	    read_number(k, va + o->td_state, 4, &state) == -1 ||
	    read_number(k, va + o->td_inhibitors, 4, &inhibitors) == -1)
		return;
	wmesg = 0;
	switch (state) {
	case TDS_INACTIVE:
		td->state = "inactive";
		break;
	case TDS_INHIBITED:
		if ((inhibitors & TDI_LOCK) != 0) {
			td->state = "lock";
			wmesg = va + o->td_lockname;
		} else if ((inhibitors & TDI_SLEEPING) != 0) {
			td->state = "sleep";
			wmesg = va + o->td_wmesg;
		} else if ((inhibitors & TDI_IWAIT) != 0)
			td->state = "iwait";
		else if ((inhibitors & TDI_SWAPPED) != 0)
			td->state = "swapped";
		else
			td->state = "stopped";
		break;
	case TDS_CAN_RUN:
		td->state = "canrun";
		break;
	case TDS_RUNQ:
		td->state = "runq";
		break;
	case TDS_RUNNING:
		td->state = "run";
		break;
	}
	/* td_oncpu is not yet valid in a thread that has never run. */
	if (state != TDS_RUNNING)
		td->cpu = -1;
	if (wmesg != 0 && read_pointer(k, wmesg, &p) == 0 && p != 0)
		read_string(k, p, td->wmesg, sizeof(td->wmesg));
}

/* Read a thread; "td" already has the process's data. */
static int
read_thread(struct kernel *k, const struct offsets *o, kvaddr_t va,
    struct thread *td)
{
	uint64_t cpu, tid;

	if (read_number(k, va + o->td_tid, 4, &tid) == -1 ||
	    read_number(k, va + o->td_oncpu, o->size_oncpu, &cpu) == -1 ||
	    read_pointer(k, va + o->td_pcb, &td->pcb) == -1) {
		xwarnx("%s: process %d: thread at 0x%jx: %s", k->file, td->pid,
		    (uintmax_t)va, kvm_geterr(k->kd));
		return (-1);
	}
	/* It can be 0 in the first process. */
	if (tid > INT32_MAX) {
		xwarnx("%s: process %d: thread at 0x%jx: td_tid 0x%jx: no "
		    "number of a thread", k->file, td->pid, (uintmax_t)va,
		    (uintmax_t)tid);
		return (-1);
	}
	td->tid = tid;
	td->crashed = td->tid == o->crashed;
	td->cpu = cpu_number(cpu, o->size_oncpu);
	td->name[0] = td->wmesg[0] = '\0';
	if (o->hasname)
		read_string(k, va + o->td_name, td->name, sizeof(td->name));
	read_state(k, o, va, td);
	return (0);
}

/* Call "cb" for the threads of the process at va. */
static int
walk_process(struct kernel *k, const struct offsets *o, kvaddr_t va,
    thread_cb_t *cb, void *arg)
{
	struct list l;
	struct thread td;
	uint64_t pid, state;
	int error, more;

	memset(&td, 0, sizeof(td));
	if (read_number(k, va + o->p_pid, 4, &pid) == -1) {
		xwarnx("%s: process at 0x%jx: %s", k->file, (uintmax_t)va,
		    kvm_geterr(k->kd));
		return (-1);
	}
	td.pid = (int32_t)pid;
	td.tid = td.cpu = -1;
	read_string(k, va + o->p_comm, td.comm, sizeof(td.comm));
	td.state = "-";
	if (o->hasstate && read_number(k, va + o->p_state, 4, &state) == 0)
		td.state = state == 0 ? "new" : state == 2 ? "zombie" : "-";
	list_init(&l, "threads", va + o->p_threads, o->td_plist);
	error = 0;
	while ((more = list_next(k, &l)) == 1) {
		if (read_thread(k, o, l.va, &td) == -1)
			error = -1;
		else
			(*cb)(&td, arg);
	}
	if (td.tid == -1)
		(*cb)(&td, arg);
	return (more == -1 ? -1 : error);
}

void
thread_name(const struct thread *td, char *buf, size_t size)
{

	snprintf(buf, size, "%s%s%s", td->comm,
	    td->name[0] != '\0' && strcmp(td->name, td->comm) != 0 ? "/" : "",
	    strcmp(td->name, td->comm) != 0 ? td->name : "");
}

int
kernel_threads(struct kernel *k, thread_cb_t *cb, void *arg)
{
	struct offsets o;
	struct list l;
	const char *missing;
	kvaddr_t va;
	uint64_t value;
	int error, more;

	if (!k->hasfile && kernel_dynsym(k) == NULL) {
		xwarnx("%s: the kernel's symbols are not found in the dump, nor "
		    "where its threads are: name the kernel", k->file);
		return (1);
	}
	missing = read_offsets(k, &o);
	if (missing == NULL && kernel_symbol(k, "allproc", &va) == -1)
		missing = "allproc";
	if (missing != NULL) {
		xwarnx("%s: the kernel does not tell where its threads are: it "
		    "has no symbol %s", k->file, missing);
		return (1);
	}
	list_init(&l, "processes", va, o.p_list);
	o.crashed = -1;
	if (!kernel_islive(k) && kernel_symbol(k, "dumptid", &va) == 0 &&
	    read_number(k, va, 4, &value) == 0)
		o.crashed = (int32_t)value;
	error = 0;
	while ((more = list_next(k, &l)) == 1)
		if (walk_process(k, &o, l.va, cb, arg) == -1)
			error = -1;
	return (more == -1 ? -1 : error);
}
