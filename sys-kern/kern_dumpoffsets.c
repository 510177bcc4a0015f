/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a reader of crash dumps needs to know of this kernel's structures to
 * list processes, threads and loaded modules, and to find the registers of a
 * thread that does not run.  Nothing in the kernel uses it.
 *
 * All are ints that never change: offsets and sizes in bytes.  They are looked
 * up by name, in the kernel's file or in the symbols that modules are linked
 * to, which are in the dump.  A name, once it is here, keeps its meaning; where
 * FreeBSD's later kernels tell the same, it has their name.
 *
 * With these the way is:
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

#include <machine/pcb.h>

#define	OFFSET(name, type, field)					\
	extern const int name;						\
	const int name = offsetof(type, field)

OFFSET(proc_off_p_comm, struct proc, p_comm);
OFFSET(proc_off_p_list, struct proc, p_list);
OFFSET(proc_off_p_pid, struct proc, p_pid);
OFFSET(proc_off_p_state, struct proc, p_state);
OFFSET(proc_off_p_threads, struct proc, p_threads);

OFFSET(thread_off_td_inhibitors, struct thread, td_inhibitors);
OFFSET(thread_off_td_lockname, struct thread, td_lockname);
OFFSET(thread_off_td_oncpu, struct thread, td_oncpu);
OFFSET(thread_off_td_pcb, struct thread, td_pcb);
OFFSET(thread_off_td_plist, struct thread, td_plist);
OFFSET(thread_off_td_state, struct thread, td_state);
OFFSET(thread_off_td_tid, struct thread, td_tid);
OFFSET(thread_off_td_wmesg, struct thread, td_wmesg);
/* An int in later kernels, which do not tell. */
extern const int thread_size_td_oncpu;
const int thread_size_td_oncpu = sizeof(((struct thread *)0)->td_oncpu);

extern const int pcb_size;
const int pcb_size = sizeof(struct pcb);
/* Those that cpu_switch() and savectx() save. */
#ifdef __amd64__
OFFSET(pcb_off_pcb_r12, struct pcb, pcb_r12);
OFFSET(pcb_off_pcb_r13, struct pcb, pcb_r13);
OFFSET(pcb_off_pcb_r14, struct pcb, pcb_r14);
OFFSET(pcb_off_pcb_r15, struct pcb, pcb_r15);
OFFSET(pcb_off_pcb_rbp, struct pcb, pcb_rbp);
OFFSET(pcb_off_pcb_rbx, struct pcb, pcb_rbx);
OFFSET(pcb_off_pcb_rip, struct pcb, pcb_rip);
OFFSET(pcb_off_pcb_rsp, struct pcb, pcb_rsp);
#else
OFFSET(pcb_off_pcb_ebp, struct pcb, pcb_ebp);
OFFSET(pcb_off_pcb_ebx, struct pcb, pcb_ebx);
OFFSET(pcb_off_pcb_edi, struct pcb, pcb_edi);
OFFSET(pcb_off_pcb_eip, struct pcb, pcb_eip);
OFFSET(pcb_off_pcb_esi, struct pcb, pcb_esi);
OFFSET(pcb_off_pcb_esp, struct pcb, pcb_esp);
#endif

OFFSET(kld_off_address, struct linker_file, address);
OFFSET(kld_off_filename, struct linker_file, filename);
OFFSET(kld_off_next, struct linker_file, link.tqe_next);
OFFSET(kld_off_size, struct linker_file, size);
