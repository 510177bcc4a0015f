/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The structure offsets that a reader of crash dumps needs to list processes,
 * threads and loaded modules, and to find the registers of a thread that does
 * not run (the machine parts describe these).  Nothing in the kernel uses them.
 *
 * All are constant ints: offsets and sizes in bytes.  Readers look them up by
 * name, in the kernel's file or in the symbols that modules are linked to,
 * which are in the dump.  A name keeps its meaning once it is here; where later
 * FreeBSD kernels export the same value, it has their name.
 *
 * A reader proceeds as follows:
 *	allproc			the first process; then p_list
 *	p_threads		the first thread of one; then td_plist
 *	td_pcb			its registers, if td_oncpu is NOCPU
 *	dumppcb, dumptid	registers and number of the thread that dumped
 *	linker_kernel_file	the first loaded file; then kld_off_next
 * The register that is the stack pointer points to the return address that is
 * also saved as the instruction pointer.
 */

#include <sys/cdefs.h>
__FBSDID("$FreeBSD$");

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/linker.h>
#include <sys/lock.h>
#include <sys/mutex.h>
#include <sys/proc.h>

#include <vm/vm.h>
#include <vm/pmap.h>

#include <machine/pcb.h>

#include <kern/minidump_md.h>

MINIDUMP_OFFSET(proc_off_p_comm, struct proc, p_comm);
MINIDUMP_OFFSET(proc_off_p_list, struct proc, p_list);
MINIDUMP_OFFSET(proc_off_p_pid, struct proc, p_pid);
MINIDUMP_OFFSET(proc_off_p_state, struct proc, p_state);
MINIDUMP_OFFSET(proc_off_p_threads, struct proc, p_threads);

MINIDUMP_OFFSET(thread_off_td_inhibitors, struct thread, td_inhibitors);
MINIDUMP_OFFSET(thread_off_td_lockname, struct thread, td_lockname);
MINIDUMP_OFFSET(thread_off_td_oncpu, struct thread, td_oncpu);
MINIDUMP_OFFSET(thread_off_td_pcb, struct thread, td_pcb);
MINIDUMP_OFFSET(thread_off_td_plist, struct thread, td_plist);
MINIDUMP_OFFSET(thread_off_td_state, struct thread, td_state);
MINIDUMP_OFFSET(thread_off_td_tid, struct thread, td_tid);
MINIDUMP_OFFSET(thread_off_td_wmesg, struct thread, td_wmesg);
/* td_oncpu is an int in later kernels, which do not export its size. */
extern const int thread_size_td_oncpu;
const int thread_size_td_oncpu = sizeof(((struct thread *)0)->td_oncpu);

extern const int pcb_size;
const int pcb_size = sizeof(struct pcb);

MINIDUMP_OFFSET(kld_off_address, struct linker_file, address);
MINIDUMP_OFFSET(kld_off_filename, struct linker_file, filename);
MINIDUMP_OFFSET(kld_off_next, struct linker_file, link.tqe_next);
MINIDUMP_OFFSET(kld_off_size, struct linker_file, size);
