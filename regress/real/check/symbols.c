/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The symbols of the kernel: addresses, and which objects belong to the dump
 * code.
 */

#include <errno.h>
#include <fcntl.h>
#include <gelf.h>
#include <string.h>

#include "../../promise.h"
#include "check.h"

/*
 * Files whose variables the dump code uses: this project's, and those of trees
 * without it.
 */
static const char *const dumpers[] = {
	"kern_dump", "kern_minidump", "minidump_machdep", "dump_machdep",
	"kern_shutdown", NULL
};

static Elf_Data *table;
static size_t nsymbols, strings;
static Elf *elf;

void
symbols_open(const char *file, struct machine *m)
{
	Elf_Scn *scn;
	GElf_Ehdr ehdr;
	GElf_Shdr shdr;
	int fd;

	fd = open(file, O_RDONLY);
	if (fd == -1)
		die("%s: %s", file, strerror(errno));
	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	if (elf == NULL || gelf_getehdr(elf, &ehdr) == NULL)
		die("%s: %s", file, elf_errmsg(-1));
	m->word = ehdr.e_machine == EM_X86_64 ? 8 : 4;
	for (scn = NULL; (scn = elf_nextscn(elf, scn)) != NULL;)
		if (gelf_getshdr(scn, &shdr) != NULL &&
		    shdr.sh_type == SHT_SYMTAB) {
			table = elf_getdata(scn, NULL);
			nsymbols = shdr.sh_size / shdr.sh_entsize;
			strings = shdr.sh_link;
			return;
		}
	die("%s: no symbols", file);
}

static const char *
get(size_t i, GElf_Sym *sym)
{
	const char *name;

	if (gelf_getsym(table, i, sym) == NULL)
		return ("");
	name = elf_strptr(elf, strings, sym->st_name);
	return (name == NULL ? "" : name);
}

int
symbol(const char *name, struct object *object)
{
	GElf_Sym sym;
	size_t i;

	object->va = object->size = 0;
	for (i = 0; i < nsymbols; i++)
		if (strcmp(get(i, &sym), name) == 0 &&
		    sym.st_shndx != SHN_UNDEF) {
			object->va = sym.st_value;
			object->size = sym.st_size;
			return (1);
		}
	return (0);
}

/* Return the variable that has "va", and its start; NULL if there is none. */
const char *
symbol_at(uint64_t va, uint64_t *start)
{
	GElf_Shdr shdr;
	GElf_Sym sym;
	Elf_Scn *scn;
	const char *name;
	size_t i;

	for (i = 0; i < nsymbols; i++) {
		name = get(i, &sym);
		if (GELF_ST_TYPE(sym.st_info) != STT_OBJECT ||
		    va < sym.st_value || va - sym.st_value >= sym.st_size)
			continue;
		scn = elf_getscn(elf, sym.st_shndx);
		if (scn == NULL || gelf_getshdr(scn, &shdr) == NULL ||
		    (shdr.sh_flags & SHF_WRITE) == 0)
			continue;
		*start = sym.st_value;
		return (name);
	}
	return (NULL);
}

/* Local symbols follow the symbol of their file. */
void
symbols_of_dumper(symbol_t *tell, void *arg)
{
	struct object object;
	GElf_Sym sym;
	const char *name;
	size_t i;
	int j, inside;

	inside = 0;
	for (i = 0; i < nsymbols; i++) {
		name = get(i, &sym);
		if (GELF_ST_TYPE(sym.st_info) == STT_FILE) {
			inside = 0;
			for (j = 0; dumpers[j] != NULL; j++)
				if (strncmp(name, dumpers[j],
				    strlen(dumpers[j])) == 0)
					inside = 1;
		} else if (inside && GELF_ST_BIND(sym.st_info) == STB_LOCAL &&
		    GELF_ST_TYPE(sym.st_info) == STT_OBJECT) {
			object.va = sym.st_value;
			object.size = sym.st_size;
			tell(arg, &object);
		}
	}
}

/* Return the value of a variable at the end of the dump. */
uint64_t
symbol_value(const struct machine *m, const char *name, size_t size)
{
	struct object object;
	uint64_t value;

	value = 0;
	if (!symbol(name, &object) ||
	    !walk_read(m, &m->end, object.va, &value, size))
		die("the kernel has no %s", name);
	return (value);
}
