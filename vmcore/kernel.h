/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * A kernel's own structures in its dump: registers, threads, loaded modules.
 * They are found by symbols that the kernel exports for this purpose, which
 * sys-kern/kern_dumpoffsets.c describes.
 *
 * The dump is not trusted: a list ends where it is damaged, or if it has more
 * elements than the dump can hold.  Functions that return an int return 0, or
 * -1 after printing the reason, unless noted.
 */

#ifndef _KERNEL_H_
#define	_KERNEL_H_

#include <sys/types.h>

#include <kvm.h>
#include <stdint.h>

struct kernel;

/*
 * Open the kernel of dump "file".  With "hasfile", symbols come from the kernel
 * file that "kd" was opened with; otherwise from the dynamic symbol table that
 * the kernel uses to link modules, which is in the dump.  Returns NULL after
 * printing the reason.
 */
struct kernel *kernel_open(kvm_t *kd, const char *file, int hasfile);
void	kernel_close(struct kernel *k);

/* Look up a symbol.  Returns -1, without a message, if there is none. */
int	kernel_symbol(struct kernel *k, const char *name, kvaddr_t *va);

/*
 * Return whether the kernel's ELF header has FreeBSD's OS ABI, as far as the
 * dump has it.
 */
int	kernel_isbranded(struct kernel *k);

/* Return whether this is a live dump: no thread crashed, no CPU was stopped. */
int	kernel_islive(const struct kernel *k);

/*
 * The registers that are saved when a thread is switched out.  No others are
 * known of a thread that does not run.
 */
enum {
	REG_IP, REG_SP, REG_BP, REG_BX, REG_SI, REG_DI,
	REG_R12, REG_R13, REG_R14, REG_R15, NREGS
};
struct registers {
	uint64_t	reg[NREGS];	/* 0: not on this architecture */
};

/*
 * Get the registers, from "dumppcb", and the tid, -1 if unknown, of the thread
 * that crashed.  Returns 1 if none has crashed.
 */
int	kernel_crashed(struct kernel *k, struct registers *regs, int *tid);

/* A thread; if "tid" is -1, a process without a readable thread. */
struct thread {
	int		pid;
	int		tid;
	char		comm[32];	/* of the process; printable */
	char		name[32];	/* its own, or "" */
	char		wmesg[32];	/* what it sleeps on, or "" */
	const char	*state;
	int		cpu;		/* on which it runs, or -1 */
	int		crashed;
	kvaddr_t	pcb;		/* va of its struct pcb */
};

/* Format a thread's name: that of the process, and its own if it differs. */
void	thread_name(const struct thread *td, char *buf, size_t size);

/*
 * Call "cb" for each thread of each process.  Returns -1 if some are missing,
 * or 1 if the kernel does not export the offsets; both after printing the
 * reason.
 */
typedef void	thread_cb_t(const struct thread *td, void *arg);
int	kernel_threads(struct kernel *k, thread_cb_t *cb, void *arg);

/*
 * Get the registers of any other thread from its pcb, or those of a thread that
 * was running on a CPU when it was stopped, if the kernel keeps them.  No
 * message is printed, but kvm_geterr() has it.
 */
int	kernel_registers(struct kernel *k, kvaddr_t pcb,
	    struct registers *regs);
int	kernel_stopped(struct kernel *k, int cpu, struct registers *regs);

/* A file that the kernel linker has loaded; the first is the kernel. */
struct module {
	char		name[256];
	kvaddr_t	address;
	uint64_t	size;		/* bytes in memory; 0: unknown */
};

/* Call "cb" for each module.  Returns the same as kernel_threads(). */
typedef void	module_cb_t(const struct module *module, void *arg);
int	kernel_modules(struct kernel *k, module_cb_t *cb, void *arg);

#endif /* !_KERNEL_H_ */
