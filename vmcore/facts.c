/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What vmcore report shows without debug information; see facts.h.
 */

#include <sys/types.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "facts.h"
#include "kernel_int.h"
#include "vmcore.h"

#define	PAGE_BYTES	4096

/* Read an integer variable.  Returns -1 if it is not found. */
static int
number(struct kernel *k, const char *name, u_int size, uint64_t *value)
{
	kvaddr_t va;

	return (kernel_symbol(k, name, &va) == -1 ? -1 :
	    read_number(k, va, size, value));
}

static void
add_time(struct items *is, struct kernel *k)
{
	char buf[64];
	struct tm tm;
	time_t when;
	uint64_t value;

	/* A time_t is as large as a pointer on these architectures. */
	if (number(k, "time_second", k->ptrsize, &value) == -1)
		return;
	when = value;
	if ((uint64_t)when == value && gmtime_r(&when, &tm) != NULL &&
	    strftime(buf, sizeof(buf), "%Y-%m-%d %H:%M:%S UTC", &tm) > 0)
		item_add(is, ITEM_PAIR, 2, "time", buf);
}

static void
add_uptime(struct items *is, struct kernel *k)
{
	char buf[64];
	uint64_t value;

	if (number(k, "time_uptime", k->ptrsize, &value) == -1)
		return;
	snprintf(buf, sizeof(buf), "%ju days %02u:%02u:%02u",
	    (uintmax_t)(value / 86400), (u_int)(value / 3600 % 24),
	    (u_int)(value / 60 % 60), (u_int)(value % 60));
	item_add(is, ITEM_PAIR, 2, "uptime", buf);
}

/* Open a dump and its kernel.  Returns NULL after adding a note. */
static struct kernel *
open_kernel(struct items *is, const char *kernel, const char *dump, kvm_t **kd)
{
	struct kernel *k;

	*kd = open_dump(kernel, dump);
	k = *kd != NULL ? kernel_open(*kd, dump, kernel != NULL) : NULL;
	if (k == NULL) {
		item_add(is, ITEM_NOTE, 1, "the dump cannot be opened: see "
		    "standard error");
		if (*kd != NULL)
			kvm_close(*kd);
	}
	return (k);
}

/* Add the first line of a string variable, or of one that it points to. */
static void
add_string(struct items *is, struct kernel *k, const char *name,
    const char *title, int pointer)
{
	char buf[256];
	kvaddr_t va;

	if (kernel_symbol(k, name, &va) == -1 ||
	    (pointer && (read_pointer(k, va, &va) == -1 || va == 0)))
		return;
	read_string(k, va, buf, sizeof(buf));
	/* read_string() has replaced the newline. */
	buf[strcspn(buf, "?")] = '\0';
	item_add(is, ITEM_PAIR, 2, title, buf[0] != '\0' ? buf : "-");
}

void
facts(struct items *is, const char *kernel, const char *dump, int panic,
    int version)
{
	char buf[64];
	const char *warning;
	struct kernel *k;
	kvm_t *kd;
	uint64_t value;
	u_int i;

	k = open_kernel(is, kernel, dump, &kd);
	if (k == NULL)
		return;
	if (!panic)
		add_string(is, k, "panicstr", "panic", 1);
	if (!version)
		add_string(is, k, "version", "version", 0);
	add_string(is, k, "hostname", "host", 0);
	add_time(is, k);
	add_uptime(is, k);
	if (number(k, "physmem", k->ptrsize, &value) == 0) {
		snprintf(buf, sizeof(buf), "%ju MB",
		    (uintmax_t)(value * PAGE_BYTES >> 20));
		item_add(is, ITEM_PAIR, 2, "memory", buf);
	}
	if (number(k, "mp_ncpus", 4, &value) == 0) {
		snprintf(buf, sizeof(buf), "%ju", (uintmax_t)value);
		item_add(is, ITEM_PAIR, 2, "CPUs", buf);
	}
	for (i = 0; (warning = kvm_warning(kd, i)) != NULL; i++)
		item_add(is, ITEM_NOTE, 1, warning);
	kernel_close(k);
	kvm_close(kd);
}

static void
add_thread(const struct thread *td, void *arg)
{
	char cpu[16], name[80], pid[16], tid[16];

	thread_name(td, name, sizeof(name));
	snprintf(pid, sizeof(pid), "%d", td->pid);
	snprintf(tid, sizeof(tid), td->tid != -1 ? "%d%s" : "-", td->tid,
	    td->crashed ? "*" : "");
	snprintf(cpu, sizeof(cpu), td->cpu != -1 ? "%d" : "-", td->cpu);
	item_add(arg, ITEM_ROW, 6, pid, tid, cpu, td->state,
	    td->wmesg[0] != '\0' ? td->wmesg : "-", name);
}

static int
add_threads(struct items *is, struct kernel *k)
{

	item_add(is, ITEM_TABLE, 6, "PID", "TID", "CPU", "state", "waits for",
	    "command");
	return (kernel_threads(k, add_thread, is));
}

static void
add_module(const struct module *m, void *arg)
{
	char address[32], size[32];

	snprintf(address, sizeof(address), "0x%jx", (uintmax_t)m->address);
	snprintf(size, sizeof(size), "%ju", (uintmax_t)m->size);
	item_add(arg, ITEM_ROW, 4, "-", address, m->size != 0 ? size : "-",
	    m->name);
}

static int
add_modules(struct items *is, struct kernel *k)
{

	item_add(is, ITEM_TABLE, 4, "ID", "address", "size", "name");
	return (kernel_modules(k, add_module, is));
}

/* Add a list by "list", which returns the same as kernel_threads(). */
static void
add_list(struct items *is, const char *kernel, const char *dump,
    int (*list)(struct items *, struct kernel *))
{
	struct kernel *k;
	kvm_t *kd;
	int error;

	k = open_kernel(is, kernel, dump, &kd);
	if (k == NULL)
		return;
	error = (*list)(is, k);
	if (error != 0)
		item_add(is, ITEM_NOTE, 1, error == 1 ? "the kernel does not "
		    "export the offsets that this needs" :
		    "the list is incomplete: see standard error");
	kernel_close(k);
	kvm_close(kd);
}

void
facts_processes(struct items *is, const char *kernel, const char *dump)
{

	add_list(is, kernel, dump, add_threads);
}

void
facts_modules(struct items *is, const char *kernel, const char *dump)
{

	add_list(is, kernel, dump, add_modules);
}
