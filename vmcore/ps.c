/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore ps: the processes of the kernel that crashed, and their threads.
 */

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kernel.h"
#include "vmcore.h"

static void
print_thread(const struct thread *td, void *arg)
{
	char cpu[16], name[80], tid[16];

	(void)arg;
	snprintf(tid, sizeof(tid), td->tid != -1 ? "%d" : "-", td->tid);
	snprintf(cpu, sizeof(cpu), td->cpu != -1 ? "%d" : "-", td->cpu);
	thread_name(td, name, sizeof(name));
	printf("%6d %7s%c %3s %-8s %-8s %s\n", td->pid, tid,
	    td->crashed ? '*' : ' ', cpu, td->state,
	    td->wmesg[0] != '\0' ? td->wmesg : "-", name);
}

int
cmd_ps(int argc, char **argv)
{
	struct kernel *k;
	kvm_t *kd;
	const char *file, *kernel;
	int error;

	if (getopt(argc, argv, "") != -1 || argc - optind < 1 ||
	    argc - optind > 2)
		return (STATUS_USAGE);
	file = argv[argc - 1];
	kernel = argc - optind == 2 ? argv[optind] : NULL;
	kd = open_dump(kernel, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	error = -1;
	k = kernel_open(kd, file, kernel != NULL);
	if (k != NULL) {
		printf("%6s %7s  %3s %-8s %-8s %s\n", "PID", "TID", "CPU",
		    "STATE", "WMESG", "COMMAND");
		error = kernel_threads(k, print_thread, NULL);
		kernel_close(k);
	}
	kvm_close(kd);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
