/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What a kernel tells of itself, in its dump, by symbols that it has for this:
 * registers, threads, loaded modules.  Which symbols those are, and what they
 * mean, is said in sys-kern/kern_dumpoffsets.c.
 *
 * Nothing in the dump is trusted: lists end where they are damaged, or longer
 * than the dump could be.  Functions that return an int return 0, or -1 after
 * printing why, unless they say otherwise.
 */

#ifndef _KERNEL_H_
#define	_KERNEL_H_

#include <sys/types.h>

#include <kvm.h>
#include <stdint.h>

struct kernel;

/*
 * The kernel of dump "file".  Its symbols are those of the file that "kd" was
 * opened with if "hasfile", else those that the kernel itself links modules by,
 * which are in the dump.  NULL after printing why not.
 */
struct kernel *kernel_open(kvm_t *kd, const char *file, int hasfile);
void	kernel_close(struct kernel *k);

/* The address of a symbol.  Returns -1 if there is none, and prints nothing. */
int	kernel_symbol(struct kernel *k, const char *name, kvaddr_t *va);

/*
 * Whether the kernel's ELF header names FreeBSD as its OS ABI, as far as the
 * dump tells.
 */
int	kernel_isbranded(struct kernel *k);

/* Whether it ran on while it was dumped: no thread crashed, no CPU stopped. */
int	kernel_islive(const struct kernel *k);

/*
 * The registers of a thread that a switch to another thread saves, all that is
 * known of one that does not run.
 */
enum {
	REG_IP, REG_SP, REG_BP, REG_BX, REG_SI, REG_DI,
	REG_R12, REG_R13, REG_R14, REG_R15, NREGS
};
struct registers {
	uint64_t	reg[NREGS];	/* 0: not one of this architecture */
};

/*
 * Those of the thread that crashed, from "dumppcb", and its number, -1 if that
 * is not known.  Returns 1 if none has crashed.
 */
int	kernel_crashed(struct kernel *k, struct registers *regs, int *tid);

/*
 * A thread; or a process, if "tid" is -1, without a thread that can be read.
 */
struct thread {
	int		pid;
	int		tid;
	char		comm[32];	/* of the process; printable */
	char		name[32];	/* its own, or "" */
	char		wmesg[32];	/* what it sleeps on, or "" */
	const char	*state;
	int		cpu;		/* that it runs on, or -1 */
	int		crashed;
	kvaddr_t	pcb;		/* va of its struct pcb */
};

/* Its name, as ps(1) has it: that of the process, and its own if it differs. */
void	thread_name(const struct thread *td, char *buf, size_t size);

/*
 * Call "cb" for each thread of each process.  Returns 1, after printing why, if
 * the kernel does not tell of its threads; -1 means that some are missing.
 */
typedef void	thread_cb_t(const struct thread *td, void *arg);
int	kernel_threads(struct kernel *k, thread_cb_t *cb, void *arg);

/*
 * Those of any other thread; and those that a thread had when the CPU that it
 * ran on was stopped, if the kernel keeps them.  Nothing is printed; kvm_geterr()
 * tells.
 */
int	kernel_registers(struct kernel *k, kvaddr_t pcb,
	    struct registers *regs);
int	kernel_stopped(struct kernel *k, int cpu, struct registers *regs);

/* A file that the kernel's linker has loaded; the first is the kernel. */
struct module {
	char		name[256];
	kvaddr_t	address;
	uint64_t	size;		/* bytes in memory; 0: not known */
};

/* The same for them as kernel_threads() is for threads. */
typedef void	module_cb_t(const struct module *module, void *arg);
int	kernel_modules(struct kernel *k, module_cb_t *cb, void *arg);

#endif /* !_KERNEL_H_ */
