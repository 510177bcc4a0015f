/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * Copyright (c) 2026 The minidump project authors
 */

/*
 * The host library's reader of kernel files, by libelf: kvm_host.c asks for
 * symbols, and for the initialized data that the kernel was made with.
 */

#include <sys/types.h>

#include <gelf.h>
#include <kvm.h>
#include <libelf.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kvm_private.h"

/* What n_type of nlist(3) can be for a symbol that is defined. */
enum { TYPE_ABS = 2, TYPE_TEXT = 4, TYPE_DATA = 6 };

struct kernel {
	Elf	*elf;
};

int
_kvm_elf_open(kvm_t *kd, const char *arch)
{
	GElf_Ehdr ehdr;
	unsigned int machine;

	kd->kernel = _kvm_malloc(kd, sizeof(*kd->kernel));
	if (kd->kernel == NULL)
		return (-1);
	if (elf_version(EV_CURRENT) != EV_NONE)
		kd->kernel->elf = elf_begin(kd->nlfd, ELF_C_READ, NULL);
	if (kd->kernel->elf == NULL) {
		_kvm_err(kd, kd->program, "%s", elf_errmsg(-1));
		return (-1);
	}
	if (elf_kind(kd->kernel->elf) != ELF_K_ELF ||
	    gelf_getehdr(kd->kernel->elf, &ehdr) == NULL) {
		_kvm_err(kd, kd->program, "not an ELF file, so no kernel");
		return (-1);
	}
	machine = strcmp(arch, "amd64") == 0 ? EM_X86_64 : EM_386;
	if (ehdr.e_machine != machine) {
		_kvm_err(kd, kd->program,
		    "e_machine %u: the dump is of %s, which has %u",
		    ehdr.e_machine, arch, machine);
		return (-1);
	}
	return (0);
}

void
_kvm_elf_close(kvm_t *kd)
{

	if (kd->kernel != NULL)
		elf_end(kd->kernel->elf);
	free(kd->kernel);
	kd->kernel = NULL;
}

/*
 * Find a symbol in one symbol table; a global one goes before a local one.
 */
static int
find_symbol(Elf *elf, Elf_Scn *scn, const GElf_Shdr *shdr, const char *name,
    GElf_Sym *found)
{
	Elf_Data *data;
	GElf_Sym sym;
	const char *str;
	size_t i, n;
	int error, type;

	data = elf_getdata(scn, NULL);
	if (data == NULL || shdr->sh_entsize == 0)
		return (-1);
	error = -1;
	n = data->d_size / shdr->sh_entsize;
	if (n > INT_MAX)
		n = INT_MAX;
	for (i = 0; i < n; i++) {
		if (gelf_getsym(data, i, &sym) == NULL)
			break;
		type = GELF_ST_TYPE(sym.st_info);
		if (sym.st_shndx == SHN_UNDEF || type == STT_FILE ||
		    type == STT_SECTION)
			continue;
		str = elf_strptr(elf, shdr->sh_link, sym.st_name);
		if (str == NULL || strcmp(str, name) != 0)
			continue;
		*found = sym;
		error = 0;
		if (GELF_ST_BIND(sym.st_info) != STB_LOCAL)
			break;
	}
	return (error);
}

/*
 * The first section of a type: a kernel has no more than one symbol table of a
 * kind, and a file with many of the same bytes would take no end of memory.
 */
static Elf_Scn *
find_section(Elf *elf, GElf_Word type, GElf_Shdr *shdr)
{
	Elf_Scn *scn;

	for (scn = elf_nextscn(elf, NULL); scn != NULL;
	    scn = elf_nextscn(elf, scn))
		if (gelf_getshdr(scn, shdr) != NULL && shdr->sh_type == type)
			break;
	return (scn);
}

int
_kvm_elf_symbol(kvm_t *kd, const char *name, kvaddr_t *va, uint64_t *size,
    unsigned char *type)
{
	static const GElf_Word tables[] = { SHT_SYMTAB, SHT_DYNSYM };
	Elf *elf;
	Elf_Scn *scn;
	GElf_Shdr shdr;
	GElf_Sym sym;
	int i;

	elf = kd->kernel->elf;
	for (i = 0; i < 2; i++) {
		scn = find_section(elf, tables[i], &shdr);
		if (scn == NULL ||
		    find_symbol(elf, scn, &shdr, name, &sym) == -1)
			continue;
		*va = sym.st_value;
		*size = sym.st_size;
		*type = TYPE_DATA;
		if (sym.st_shndx == SHN_ABS)
			*type = TYPE_ABS;
		else if (GELF_ST_TYPE(sym.st_info) == STT_FUNC)
			*type = TYPE_TEXT;
		return (0);
	}
	return (-1);
}

size_t
_kvm_elf_read(kvm_t *kd, kvaddr_t va, void *buf, size_t len)
{
	GElf_Phdr phdr;
	ssize_t n;
	size_t i, nphdrs;

	if (elf_getphdrnum(kd->kernel->elf, &nphdrs) != 0)
		return (0);
	for (i = 0; i < nphdrs && i < INT_MAX; i++) {
		if (gelf_getphdr(kd->kernel->elf, i, &phdr) == NULL ||
		    phdr.p_type != PT_LOAD || va < phdr.p_vaddr ||
		    va - phdr.p_vaddr >= phdr.p_filesz)
			continue;
		if (len > phdr.p_filesz - (va - phdr.p_vaddr))
			len = phdr.p_filesz - (va - phdr.p_vaddr);
		n = pread(kd->nlfd, buf, len, phdr.p_offset +
		    (va - phdr.p_vaddr));
		return (n > 0 ? (size_t)n : 0);
	}
	return (0);
}

int
_kvm_elf_segment(kvm_t *kd, unsigned int n, kvaddr_t *va, uint64_t *size)
{
	GElf_Phdr phdr;
	int i;

	for (i = 0; gelf_getphdr(kd->kernel->elf, i, &phdr) != NULL; i++)
		if (phdr.p_type == PT_LOAD && n-- == 0) {
			*va = phdr.p_vaddr;
			*size = phdr.p_memsz;
			return (0);
		}
	return (-1);
}
