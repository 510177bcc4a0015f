/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The files of loaded modules, for vmcore gdb: finds where the kernel linker
 * has put their sections.  An i386 module is a shared object, loaded as it is;
 * an amd64 module is a relocatable object, whose sections are loaded one after
 * the other.
 */

#include <sys/types.h>

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "elffield.h"
#include "module.h"
#include "vmcore.h"

/* A larger section header table, or table of names, is not believed. */
#define	TABLE_MAX	(16 * 1024 * 1024)
#define	SECTION_NAME_MAX 255
#define	SHT_UNWIND	0x70000001	/* amd64: .eh_frame */

/* Sizes and fields of ELF structures, for the file "f". */
#define	SIZE(type)	ELF_SIZE(f->is64, type)
#define	FIELD(p, type, field) ELF_FIELD(f->is64, p, type, field)

struct elffile {
	const char	*name;
	int		fd;
	int		is64;
	uint64_t	type;		/* e_type */
	u_char		*sections;
	uint64_t	nsections;
	char		*names;		/* of sections; terminated */
	uint64_t	nameslen;
};

char *
module_find(const struct module *m, char *const *paths, int npaths)
{
	static const char *const suffixes[] = { ".debug", ".symbols", "" };
	const char *base;
	char *name;
	size_t size;
	u_int i;
	int n;

	base = strrchr(m->name, '/');
	base = base != NULL ? base + 1 : m->name;
	if (base[0] == '\0' || strcmp(base, ".") == 0 ||
	    strcmp(base, "..") == 0)
		return (NULL);
	for (n = 0; n < npaths; n++)
		for (i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++) {
			size = strlen(paths[n]) + strlen(base) + 16;
			name = malloc(size);
			if (name == NULL)
				return (NULL);
			snprintf(name, size, "%s/%s%s", paths[n], base,
			    suffixes[i]);
			if (access(name, R_OK) == 0)
				return (name);
			free(name);
		}
	return (NULL);
}

/* Read a part of the file; a short read is an error. */
static int
get(const struct elffile *f, void *buf, size_t len, uint64_t ofs)
{
	ssize_t n;

	n = ofs > INT64_MAX ? 0 : pread(f->fd, buf, len, (off_t)ofs);
	if (n == (ssize_t)len)
		return (0);
	if (n == -1)
		xwarn("%s", f->name);
	else
		xwarnx("%s: %ju bytes at byte %ju: not all in the file",
		    f->name, (uintmax_t)len, (uintmax_t)ofs);
	return (-1);
}

/* The same, into memory that is allocated here. */
static void *
get_table(const struct elffile *f, uint64_t len, uint64_t ofs)
{
	char *p;

	if (len > TABLE_MAX) {
		xwarnx("%s: a table of %ju bytes: no module has that", f->name,
		    (uintmax_t)len);
		return (NULL);
	}
	p = malloc(len + 1);
	if (p == NULL)
		xwarn("%s", f->name);
	else if (get(f, p, len, ofs) == -1) {
		free(p);
		p = NULL;
	} else
		p[len] = '\0';
	return (p);
}

/* Read the tables of the file. */
static int
read_elf(struct elffile *f)
{
	u_char eh[sizeof(Elf64_Ehdr)];
	const u_char *sh;
	uint64_t n;

	if (get(f, eh, sizeof(Elf32_Ehdr), 0) == -1)
		return (-1);
	f->is64 = eh[EI_CLASS] == ELFCLASS64;
	if (memcmp(eh, ELFMAG, SELFMAG) != 0 || eh[EI_DATA] != ELFDATA2LSB) {
		xwarnx("%s: not an ELF file, so no module", f->name);
		return (-1);
	}
	if (get(f, eh, SIZE(Ehdr), 0) == -1)
		return (-1);
	f->type = FIELD(eh, Ehdr, e_type);
	f->nsections = FIELD(eh, Ehdr, e_shnum);
	n = FIELD(eh, Ehdr, e_shstrndx);
	if (FIELD(eh, Ehdr, e_shentsize) != SIZE(Shdr) || n >= f->nsections) {
		xwarnx("%s: no section headers, so no module", f->name);
		return (-1);
	}
	f->sections = get_table(f, f->nsections * SIZE(Shdr),
	    FIELD(eh, Ehdr, e_shoff));
	if (f->sections == NULL)
		return (-1);
	sh = f->sections + n * SIZE(Shdr);
	f->nameslen = FIELD(sh, Shdr, sh_size);
	f->names = get_table(f, f->nameslen, FIELD(sh, Shdr, sh_offset));
	return (f->names != NULL ? 0 : -1);
}

/* Return the name of a section; "" if gdb would not read it as one word. */
static const char *
section_name(const struct elffile *f, const u_char *sh)
{
	const char *name;
	uint64_t ofs;
	u_int i;

	ofs = FIELD(sh, Shdr, sh_name);
	name = ofs < f->nameslen ? f->names + ofs : "";
	for (i = 0; i < SECTION_NAME_MAX && name[i] > ' ' && name[i] <= '~';
	    i++)
		continue;
	return (name[i] == '\0' ? name : "");
}

/* Which sections the kernel linker loads.  This differs between versions. */
enum rule { ALL, NO_DEBUG, ALLOCATED, NRULES };

static int
is_loaded(const struct elffile *f, const u_char *sh, enum rule rule)
{
	uint64_t type;

	type = FIELD(sh, Shdr, sh_type);
	if (type != SHT_PROGBITS && type != SHT_NOBITS &&
	    (rule != ALLOCATED || type != SHT_UNWIND))
		return (0);
	if (rule == ALLOCATED)
		return ((FIELD(sh, Shdr, sh_flags) & SHF_ALLOC) != 0);
	return (rule == ALL ||
	    strncmp(section_name(f, sh), ".debug", 6) != 0);
}

/*
 * Compute the addresses of the sections, if the first is at "address", and
 * write them to fp unless that is NULL.  Returns the size of all of them.
 */
static uint64_t
place_sections(FILE *fp, const struct elffile *f, uint64_t address,
    enum rule rule)
{
	const u_char *sh;
	uint64_t align, i, va;

	va = address;
	for (i = 0; i < f->nsections; i++) {
		sh = f->sections + i * SIZE(Shdr);
		if (!is_loaded(f, sh, rule))
			continue;
		align = FIELD(sh, Shdr, sh_addralign);
		if (align != 0)
			va = (va + align - 1) / align * align;
		if (fp != NULL && FIELD(sh, Shdr, sh_size) != 0 &&
		    (FIELD(sh, Shdr, sh_flags) & SHF_ALLOC) != 0 &&
		    section_name(f, sh)[0] != '\0')
			fprintf(fp, " -s %s 0x%jx", section_name(f, sh),
			    (uintmax_t)va);
		va += FIELD(sh, Shdr, sh_size);
	}
	return (va - address);
}

/* Write the options that give gdb the file's address. */
static int
write_place(FILE *fp, const struct elffile *f, const struct module *m)
{
	enum rule rule;

	if (f->type == ET_DYN) {
		fprintf(fp, " -o 0x%jx", (uintmax_t)m->address);
		return (0);
	}
	if (f->type != ET_REL) {
		xwarnx("%s: e_type %ju: not a module", f->name,
		    (uintmax_t)f->type);
		return (-1);
	}
	/*
	 * The right rule gives the right size.  A loader may add more than
	 * sections to the size, or include sections that have since been
	 * stripped.
	 */
	for (rule = 0; rule < NRULES; rule++)
		if (place_sections(NULL, f, m->address, rule) == m->size)
			break;
	if (rule == NRULES)
		rule = m->size == 0 ? ALLOCATED : NO_DEBUG;
	if (m->size != 0 && place_sections(NULL, f, m->address, rule) >
	    m->size) {
		xwarnx("%s: larger than the module in the dump, which has %ju "
		    "bytes: not its file", f->name, (uintmax_t)m->size);
		return (-1);
	}
	(void)place_sections(fp, f, m->address, rule);
	return (0);
}

/* Write a file name such that gdb reads it as one word. */
static void
write_quoted(FILE *fp, const char *s)
{

	fputc('"', fp);
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			fputc('\\', fp);
		fputc(*s, fp);
	}
	fputc('"', fp);
}

int
module_command(FILE *fp, const struct module *m, const char *file)
{
	struct elffile f;
	char *place;
	FILE *placefp;
	size_t len;
	int error;

	memset(&f, 0, sizeof(f));
	f.name = file;
	f.fd = open(file, O_RDONLY);
	if (f.fd == -1) {
		xwarn("%s", file);
		return (-1);
	}
	error = -1;
	place = NULL;
	placefp = open_memstream(&place, &len);
	if (placefp == NULL)
		xwarn("%s", file);
	else {
		error = read_elf(&f);
		if (error == 0)
			error = write_place(placefp, &f, m);
		if (fclose(placefp) == EOF)
			error = -1;
	}
	if (error == 0) {
		fputs("add-symbol-file ", fp);
		write_quoted(fp, file);
		fprintf(fp, "%s\n", place);
	}
	free(place);
	free(f.sections);
	free(f.names);
	close(f.fd);
	return (error);
}
