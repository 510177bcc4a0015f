/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * What the dump tells for vmcore report without debug information: see facts.h.
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

/* A number that is a variable of the kernel; -1 if it is not found. */
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

/* A dump and its kernel, for one of these; NULL after a note. */
static struct kernel *
open_kernel(struct items *is, const char *kernel, const char *dump, kvm_t **kd)
{
	struct kernel *k;

	*kd = open_dump(kernel, dump);
	k = *kd != NULL ? kernel_open(*kd, dump, kernel != NULL) : NULL;
	if (k == NULL) {
		item_add(is, ITEM_NOTE, 1, "the dump cannot be opened so: "
		    "standard error says why");
		if (*kd != NULL)
			kvm_close(*kd);
	}
	return (k);
}

/* The first line of a string that is a variable, or that one points to. */
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
	/* What it shows in place of a newline is not asked for. */
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

void
facts_processes(struct items *is, const char *kernel, const char *dump)
{
	struct kernel *k;
	kvm_t *kd;
	int error;

	k = open_kernel(is, kernel, dump, &kd);
	if (k == NULL)
		return;
	item_add(is, ITEM_TABLE, 6, "PID", "TID", "CPU", "state", "waits for",
	    "command");
	error = kernel_threads(k, add_thread, is);
	if (error != 0)
		item_add(is, ITEM_NOTE, 1, error == 1 ? "the kernel does not "
		    "tell where its threads are" : "the list ends early: "
		    "standard error says why");
	kernel_close(k);
	kvm_close(kd);
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

void
facts_modules(struct items *is, const char *kernel, const char *dump)
{
	struct kernel *k;
	kvm_t *kd;
	int error;

	k = open_kernel(is, kernel, dump, &kd);
	if (k == NULL)
		return;
	item_add(is, ITEM_TABLE, 4, "ID", "address", "size", "name");
	error = kernel_modules(k, add_module, is);
	if (error != 0)
		item_add(is, ITEM_NOTE, 1, error == 1 ? "the kernel does not "
		    "tell what modules it has" : "the list ends early: "
		    "standard error says why");
	kernel_close(k);
	kvm_close(kd);
}
