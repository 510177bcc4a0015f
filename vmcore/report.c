/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * vmcore report: a report on a crash, the most important facts first.
 *
 * Most sections come from other vmcore commands (ask.h).  Those that need debug
 * information come from gdb (vmcore/gdb/vmcore_report.py).  If a section cannot
 * be made, a note in it says why.
 */

#include <sys/types.h>

#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ask.h"
#include "facts.h"
#include "item.h"
#include "output.h"
#include "vmcore.h"

/* The number of messages that are shown unfolded. */
#define	NMESSAGES	40

struct report {
	const char	*kernel;	/* or NULL */
	const char	*dump;
	const char	*gdb;		/* for vmcore gdb -G */
	const char	*paths;		/* for vmcore gdb -m */
	struct asker	asker;
	struct items	items;		/* the report */
	struct items	fromgdb;
	char		*why;		/* why there is nothing from gdb */
	char		title[256];
};

static struct report report;

static void
section(struct report *r, const char *name, const char *title)
{

	item_add(&r->items, ITEM_SECTION, 2, name, title);
}

static void
note(struct report *r, const char *text)
{

	item_add(&r->items, ITEM_NOTE, 1, text != NULL ? text : "");
}

/* Add a section that gdb has made.  Returns the number of its items. */
static size_t
gdb_section(struct report *r, const char *name, const char *title)
{
	size_t n;

	section(r, name, title);
	n = items_copy(&r->items, &r->fromgdb, name);
	if (n == 0)
		note(r, r->why != NULL ? r->why : "gdb did not report this");
	return (n);
}

/* Add the lines of a text, with tabs as blanks. */
static void
lines(struct report *r, char *text)
{
	char *line, *p;

	while ((line = strsep(&text, "\n")) != NULL) {
		if (line[0] == '\0' && text == NULL)
			break;
		for (p = line; *p != '\0'; p++)
			if (*p == '\t')
				*p = ' ';
		item_add(&r->items, ITEM_LINE, 1, line);
	}
}

static void
ask_gdb(struct report *r)
{
	char command[PATH_MAX + 64];
	FILE *fp;

	if (r->kernel == NULL) {
		r->why = strdup("no kernel file was given: debug information "
		    "is in that file");
		return;
	}
	snprintf(command, sizeof(command), "vmcore report %s",
	    r->asker.file[FILE_GDB]);
	setenv("LC_ALL", "C", 1);
	(void)ask(&r->asker, cmd_gdb, "gdb", "-G", r->gdb, "-m", r->paths,
	    r->kernel, r->dump, "-nx", "-batch", "-ex", command, NULL);
	fp = fopen(r->asker.file[FILE_GDB], "r");
	if (fp != NULL) {
		items_read(&r->fromgdb, fp);
		fclose(fp);
	}
	if (r->fromgdb.n == 0) {
		r->why = ask_complaint(&r->asker);
		if (r->why == NULL)
			r->why = ask_reasons(&r->asker);
	}
}

/* Find a value in the output of vmcore info; NULL if there is none. */
static char *
value_of(char *info, const char *name)
{
	char *p, *value;
	size_t len;

	len = strlen(name);
	for (p = info; p != NULL; p = strchr(p, '\n')) {
		p += *p == '\n';
		if (strncmp(p, name, len) != 0 || strncmp(p + len, ": ", 2) !=
		    0)
			continue;
		value = strdup(p + len + 2);
		if (value != NULL)
			value[strcspn(value, "\n")] = '\0';
		return (value);
	}
	return (NULL);
}

/* Add a value from vmcore info, with another title. */
static void
add_value(struct report *r, char *info, const char *name, const char *title)
{
	char *value;

	value = value_of(info, name);
	if (value != NULL)
		item_add(&r->items, ITEM_PAIR, 2, title, value);
	free(value);
}

static void
summary(struct report *r, char *info)
{
	char *live, *panic, *version;

	/* A running kernel may still have the messages of an older panic. */
	live = value_of(info, "live");
	panic = live != NULL ? NULL : value_of(info, "panic");
	version = value_of(info, "kernel");
	section(r, "summary", "Summary");
	item_add(&r->items, ITEM_PAIR, 2, "file", r->dump);
	if (live != NULL)
		item_add(&r->items, ITEM_PAIR, 2, "live", live);
	if (panic != NULL)
		item_add(&r->items, ITEM_PAIR, 2, "panic", panic);
	add_value(r, info, "kernel", "version");
	facts(&r->items, r->kernel, r->dump, live != NULL || panic != NULL,
	    version != NULL);
	add_value(r, info, "architecture", "architecture");
	add_value(r, info, "format", "dump");
	add_value(r, info, "state", "state");
	if (panic != NULL)
		snprintf(r->title, sizeof(r->title), "panic: %s", panic);
	free(live);
	free(panic);
	free(version);
}

/* Add the last messages, and then all of them, folded. */
static void
messages(struct report *r, char *text)
{
	char *p;
	u_int n;

	section(r, "messages", "Last messages");
	if (text == NULL || text[0] == '\0') {
		note(r, "there are none");
		return;
	}
	p = text + strlen(text);
	for (n = 0; p > text; p--)
		if (p[-1] == '\n' && n++ == NMESSAGES)
			break;
	item_add(&r->items, ITEM_TEXT, 1, "");
	p = strdup(p);
	if (p != NULL)
		lines(r, p);
	free(p);
	if (n > NMESSAGES) {
		item_add(&r->items, ITEM_FOLD, 2, "all messages", "long");
		lines(r, text);
	}
}

/* Instead of gdb's analysis, add the console messages about the fault. */
static void
console_fault(struct report *r, const char *text)
{
	const char *from, *p;
	char *copy;

	if (text == NULL)
		return;
	from = NULL;
	for (p = text; (p = strstr(p, "Fatal ")) != NULL; p++)
		from = p;
	if (from == NULL)
		for (p = text; (p = strstr(p, "panic: ")) != NULL; p++)
			from = p;
	copy = from != NULL ? strdup(from) : NULL;
	if (copy == NULL)
		return;
	item_add(&r->items, ITEM_TEXT, 1, "on the console");
	lines(r, copy);
	free(copy);
}

/*
 * Add a line from the table of vmcore info -v: a name, which may be indented, a
 * number of pages and a size with a unit; or only a name.
 */
static void
add_kind(struct report *r, char *line)
{
	char *end, *p, *size;
	u_int i;

	/* Parse from the right: the unit, the size, the pages. */
	p = size = line + strlen(line);
	for (i = 0; i < 3; i++) {
		while (p > line && p[-1] == ' ')
			p--;
		while (p > line && p[-1] != ' ')
			p--;
		if (i == 1)
			size = p;
	}
	if (strspn(p, "0123456789") == 0) {
		item_add(&r->items, ITEM_ROW, 3, line, "", "");
		return;
	}
	p[strspn(p, "0123456789")] = '\0';
	for (end = p; end > line && end[-1] == ' ';)
		*--end = '\0';
	item_add(&r->items, ITEM_ROW, 3, line, p, size);
}

/*
 * Run a command with -k kernel, which full dumps need, or without it if that
 * fails.  "argument" is that of "option", or NULL.
 */
static int
ask_both(struct report *r, int (*cmd)(int, char **), const char *name,
    const char *option, const char *argument)
{

	if (argument == NULL)
		argument = option;
	if (r->kernel != NULL && ask(&r->asker, cmd, name, option, argument,
	    "-k", r->kernel, r->dump, NULL) == STATUS_OK)
		return (0);
	return (ask(&r->asker, cmd, name, option, argument, r->dump, NULL) ==
	    STATUS_OK ? 0 : -1);
}

/* Add the table of pages by kind, from vmcore info -v, and the map. */
static void
kinds(struct report *r, const char *info)
{
	const char *table;
	char *copy, *from, *line;

	section(r, "kinds", "Contents of the dump");
	table = strstr(info, "\n\n");
	from = copy = table != NULL ? strdup(table + 2) : NULL;
	if (copy != NULL) {
		item_add(&r->items, ITEM_TABLE, 3, "what", "pages", "size");
		(void)strsep(&from, "\n");		/* titles */
		while ((line = strsep(&from, "\n")) != NULL)
			if (line[0] != '\0')
				add_kind(r, line);
	}
	free(copy);
	if (ask_both(r, cmd_map, "map", "-o", r->asker.file[FILE_MAP]) == 0)
		item_add(&r->items, ITEM_PICTURE, 1, r->asker.file[FILE_MAP]);
	else {
		copy = ask_reasons(&r->asker);
		note(r, copy);
		free(copy);
	}
}

static void
whole(struct report *r, char *info)
{
	static const char *const names[] = {
		"state", "filesize", "compressed", "plainsize", "pages",
		"missingpages", "leftout", "notread"
	};
	u_int i;

	section(r, "whole", "Completeness of the dump");
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		add_value(r, info, names[i], names[i]);
}

/* Make the whole report.  Returns -1 if the dump cannot be opened. */
static int
gather(struct report *r)
{
	char *info, *live, *text, *why;

	if (ask_both(r, cmd_info, "info", "-v", NULL) == -1) {
		why = ask_reasons(&r->asker);
		xwarnx("%s", why != NULL ? why : r->dump);
		free(why);
		return (-1);
	}
	info = ask_contents(r->asker.file[FILE_OUT]);
	if (r->kernel == NULL || ask(&r->asker, cmd_dmesg, "dmesg", "-k",
	    r->kernel, r->dump, NULL) != STATUS_OK)
		(void)ask(&r->asker, cmd_dmesg, "dmesg", r->dump, NULL);
	text = ask_contents(r->asker.file[FILE_OUT]);
	ask_gdb(r);
	if (info == NULL) {
		xwarn("%s", r->asker.file[FILE_OUT]);
		free(text);
		return (-1);
	}
	summary(r, info);
	live = value_of(info, "live");
	if (live != NULL) {
		section(r, "fault", "What went wrong");
		note(r, "nothing: this is a dump of a running kernel");
	} else if (gdb_section(r, "fault", "What went wrong") <= 1)
		console_fault(r, text);
	free(live);
	gdb_section(r, "running", "Running threads");
	gdb_section(r, "locks", "Locks");
	if (gdb_section(r, "processes", "Processes") <= 1)
		facts_processes(&r->items, r->kernel, r->dump);
	messages(r, text);
	if (gdb_section(r, "modules", "Modules") <= 1)
		facts_modules(&r->items, r->kernel, r->dump);
	gdb_section(r, "mounts", "File systems");
	gdb_section(r, "malloc", "malloc(9) memory, largest types");
	gdb_section(r, "zones", "Zone memory, largest zones");
	kinds(r, info);
	whole(r, info);
	gdb_section(r, "backtraces", "Backtraces of all threads");
	free(info);
	free(text);
	return (0);
}

enum form { FORM_TEXT, FORM_JSON, FORM_HTML };

static void
show(const struct report *r, enum form form)
{

	switch (form) {
	case FORM_TEXT:
		report_text(&r->items);
		break;
	case FORM_JSON:
		report_json(&r->items);
		break;
	case FORM_HTML:
		report_html(&r->items, r->title);
		break;
	}
}

struct writing {
	const struct report *r;
	enum form	form;
};

/* Write to a file, by making it standard output. */
static int
write_report(void *arg, int fd, const char *file)
{
	const struct writing *w;
	int error, saved;

	w = arg;
	fflush(stdout);
	saved = dup(STDOUT_FILENO);
	if (saved == -1 || dup2(fd, STDOUT_FILENO) == -1) {
		xwarn("%s", file);
		return (-1);
	}
	show(w->r, w->form);
	error = fflush(stdout) == EOF || ferror(stdout) ? -1 : 0;
	if (error == -1)
		xwarn("%s", file);
	if (dup2(saved, STDOUT_FILENO) == -1)
		error = -1;
	close(saved);
	return (error);
}

/* Return the form that a file name implies. */
static enum form
form_of(const char *file, enum form form)
{
	const char *dot;

	dot = strrchr(file, '.');
	if (form == FORM_JSON || (dot != NULL && strcmp(dot, ".json") == 0))
		return (FORM_JSON);
	return (dot != NULL && strcmp(dot, ".txt") == 0 ? FORM_TEXT :
	    FORM_HTML);
}

static int
output(struct report *r, enum form form, const char *file, int force)
{
	struct writing w;
	int error, source;

	w.r = r;
	w.form = file != NULL ? form_of(file, form) : form;
	if (file == NULL || strcmp(file, "-") == 0) {
		show(r, w.form);
		return (0);
	}
	source = open(r->dump, O_RDONLY);
	if (source == -1) {
		xwarn("%s", r->dump);
		return (-1);
	}
	error = write_file(source, file, force, write_report, &w);
	close(source);
	return (error);
}

int
cmd_report(int argc, char **argv)
{
	static const struct option options[] = {
		{ "json",	no_argument,	NULL,	'j' },
		{ NULL,		0,		NULL,	0 }
	};
	struct report *r;
	const char *file;
	enum form form;
	int ch, error, force;

	r = &report;
	form = FORM_TEXT;
	file = NULL;
	force = 0;
	r->gdb = getenv("GDB");
	while ((ch = getopt_long(argc, argv, "fG:m:o:", options, NULL)) != -1) {
		switch (ch) {
		case 'f':
			force = 1;
			break;
		case 'G':
			r->gdb = optarg;
			break;
		case 'j':
			form = FORM_JSON;
			break;
		case 'm':
			r->paths = optarg;
			break;
		case 'o':
			file = optarg;
			break;
		default:
			return (unknown_option(argv));
		}
	}
	argc -= optind;
	argv += optind;
	if (argc < 1 || argc > 2)
		return (STATUS_USAGE);
	if (r->gdb == NULL || r->gdb[0] == '\0')
		r->gdb = "gdb";
	/* gdb -m needs a value; the kernel's directory is always searched. */
	if (r->paths == NULL)
		r->paths = "";
	r->kernel = argc == 2 ? argv[0] : NULL;
	r->dump = argv[argc - 1];
	snprintf(r->title, sizeof(r->title), "%s", r->dump);
	if (ask_begin(&r->asker) == -1)
		return (STATUS_FAILED);
	error = gather(r);
	if (error == 0)
		error = r->items.error ? -1 : output(r, form, file, force);
	ask_end(&r->asker);
	items_free(&r->items);
	items_free(&r->fromgdb);
	free(r->why);
	return (error == 0 ? STATUS_OK : STATUS_FAILED);
}
