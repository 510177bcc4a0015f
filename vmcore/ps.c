/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore ps: lists the processes and threads of the kernel that crashed.
 */

#include <getopt.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
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

/* Print a thread as a member of an array, without unknown values. */
static void
json_thread(const struct thread *td, void *arg)
{
	struct json *js;

	js = arg;
	json_begin(js, NULL, '{');
	json_number(js, "pid", td->pid);
	if (td->tid != -1)
		json_number(js, "tid", td->tid);
	json_bool(js, "crashed", td->crashed);
	if (td->cpu != -1)
		json_number(js, "cpu", td->cpu);
	json_string(js, "state", td->state);
	if (td->wmesg[0] != '\0')
		json_string(js, "wmesg", td->wmesg);
	json_string(js, "command", td->comm);
	if (td->name[0] != '\0')
		json_string(js, "thread", td->name);
	json_end(js, '}');
}

static int
print_threads(struct kernel *k, struct json *js)
{
	int error;

	if (js == NULL) {
		printf("%6s %7s  %3s %-8s %-8s %s\n", "PID", "TID", "CPU",
		    "STATE", "WMESG", "COMMAND");
		return (kernel_threads(k, print_thread, NULL));
	}
	json_begin(js, NULL, '[');
	error = kernel_threads(k, json_thread, js);
	json_end(js, ']');
	return (error);
}

int
cmd_ps(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json",	no_argument,	NULL,	'j' },
		{ NULL,		0,		NULL,	0 }
	};
	struct json *js, json;
	struct kernel *k;
	kvm_t *kd;
	const char *file, *kernel;
	int ch, error;

	js = NULL;
	while ((ch = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (ch != 'j')
			return (unknown_option(argv));
		memset(&json, 0, sizeof(json));
		js = &json;
	}
	if (argc - optind < 1 || argc - optind > 2)
		return (STATUS_USAGE);
	file = argv[argc - 1];
	kernel = argc - optind == 2 ? argv[optind] : NULL;
	kd = open_dump(kernel, file);
	if (kd == NULL)
		return (STATUS_FAILED);
	error = -1;
	k = kernel_open(kd, file, kernel != NULL);
	if (k != NULL) {
		error = print_threads(k, js);
		kernel_close(k);
	}
	kvm_close(kd);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
