# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Builds what runs on this host, the library and the command, and puts the
# series into a FreeBSD source tree, where the kernel's part is built.
#
#	bmake		${OBJ}/libkvm.a, libkvm_minidump.so.1, vmcore
#	bmake install	them, the header and the manual pages: DESTDIR, PREFIX
#	bmake demo	a crash, from the kernel to a read dump
#	bmake test	all tests; with SRC=TREE also on a copy of that tree
#	bmake KERNEL=FILE prove	does this kernel dump right? (FreeBSD 6.x;
#			ALL=1: on all machines that the suite knows)
#	bmake bench	what it costs, in one table
#	bmake clean
#
#	bmake SRC=TREE apply	put the series into a source tree
#	bmake SRC=TREE unapply	take it out again
#	bmake SRC=TREE diff	print it as diffs, made from that tree
#	bmake SRC=TREE check	compile what it touches, as that tree does
#
# CC, CFLAGS and LDFLAGS are the user's.  The make of FreeBSD 6.x will do for
# those with SRC.

# bmake would change to obj/ as soon as that exists.
.OBJDIR: ${.CURDIR}

OBJ?=		obj
CC?=		cc
CFLAGS?=	-g
LDFLAGS?=
AR?=		ar

WARNS=		-Wall -Wextra -Wmissing-prototypes -Wstrict-prototypes \
		-Wshadow -Wpointer-arith -Wcast-qual -Wwrite-strings \
		-Wformat=2 -Wundef
# The machine-independent part of the kernel's code, and those of machines.
SYS!=		cd ${.CURDIR} && ls -d sys-*/kern
INCS=		-I${.CURDIR}/libkvm/host -I${.CURDIR}/libkvm \
		-I${.CURDIR}/common ${SYS:H:S,^,-I${.CURDIR}/,}
.if !exists(/usr/include/sys/endian.h)
INCS+=		-I${.CURDIR}/libkvm/host/compat
.endif
COMPILE=	${CC} -std=gnu99 ${WARNS} -D_FILE_OFFSET_BITS=64 ${INCS} \
		-fPIC -O2 ${CFLAGS}
LIBZ?=		-lz
# Without libzstd, dumps that a kernel compressed with it are refused.
.if exists(/usr/include/zstd.h)
LIBZSTD?=	-lzstd
.endif
LIBZSTD?=
.if !empty(LIBZSTD)
COMPILE+=	-DHAVE_ZSTD
.endif

# What is installed has a name of its own: FreeBSD's libkvm stays what it is.
LIBNAME=	kvm_minidump
LIBVERSION=	1
LIBSO=		lib${LIBNAME}.so.${LIBVERSION}
PREFIX?=	/usr/local
SBINDIR?=	${PREFIX}/sbin
LIBDIR?=	${PREFIX}/lib
INCDIR?=	${PREFIX}/include/${LIBNAME}
MANDIR?=	${PREFIX}/share/man
DATADIR?=	${PREFIX}/share/vmcore
# FreeBSD's pkg-config looks elsewhere.
.if exists(/usr/libdata)
PCDIR?=		${PREFIX}/libdata/pkgconfig
.endif
PCDIR?=		${LIBDIR}/pkgconfig

LIBSRCS!=	cd ${.CURDIR} && ls libkvm/*.c libkvm/host/*.c
CMDSRCS=	vmcore/core.c vmcore/dmesg.c vmcore/dynsym.c vmcore/elf.c \
		vmcore/gdb.c vmcore/grid.c vmcore/gzip.c vmcore/info.c \
		vmcore/json.c vmcore/kernel.c vmcore/kinds.c vmcore/list.c \
		vmcore/loaded.c vmcore/map.c vmcore/mapimage.c \
		vmcore/maptext.c vmcore/message.c vmcore/module.c \
		vmcore/msgbuf.c vmcore/offsets.c vmcore/output.c \
		vmcore/pages.c vmcore/ps.c \
		vmcore/read.c vmcore/registers.c vmcore/svg.c vmcore/text.c \
		vmcore/threads.c vmcore/verify.c vmcore/vmcore.c
# vmcore report
CMDSRCS+=	vmcore/ask.c vmcore/facts.c vmcore/item.c vmcore/report.c \
		vmcore/reporthtml.c vmcore/reportjson.c vmcore/reporttext.c
# vmcore save
CMDSRCS+=	vmcore/choose.c vmcore/copy.c vmcore/find.c vmcore/form.c \
		vmcore/found.c vmcore/kerneldump.c vmcore/medium.c \
		vmcore/parttable.c vmcore/place.c vmcore/save.c \
		vmcore/stream.c sys-kern/kern_dumpdeflate.c
# What gdb reads, in the command and in a folder of its own.
GDBSRCS!=	cd ${.CURDIR} && ls vmcore/gdb/*.py
HDRS!=		cd ${.CURDIR} && ls libkvm/*.h libkvm/host/*.h \
		libkvm/host/compat/sys/*.h common/*.h vmcore/*.h \
		sys-*/sys/*.h sys-*/kern/*.h

LIBOBJS=	${LIBSRCS:T:R:S,^,${OBJ}/,:S,$,.o,}
CMDOBJS=	${CMDSRCS:T:R:S,^,${OBJ}/,:S,$,.o,} ${OBJ}/gdbfiles.o

all: ${OBJ}/libkvm.a ${OBJ}/${LIBSO} ${OBJ}/vmcore

.for src in ${LIBSRCS} ${CMDSRCS}
${OBJ}/${src:T:R}.o: ${src} ${HDRS}
	@mkdir -p ${OBJ}
	${COMPILE} ${CPPFLAGS.${src:T}} -c -o ${.TARGET} ${src}
.endfor
CPPFLAGS.elf.c=	-DDATADIR='"${DATADIR}"'

${OBJ}/gdbfiles.o: ${GDBSRCS} vmcore/gdb/embed vmcore/gdbfiles.h
	@mkdir -p ${OBJ}
	sh vmcore/gdb/embed ${GDBSRCS} >${OBJ}/gdbfiles.c
	${COMPILE} -Ivmcore -c -o ${.TARGET} ${OBJ}/gdbfiles.c

${OBJ}/libkvm.a: ${LIBOBJS}
	rm -f ${.TARGET}
	${AR} rc ${.TARGET} ${LIBOBJS}

${OBJ}/${LIBSO}: ${LIBOBJS} libkvm/host/exports
	${CC} ${CFLAGS} ${LDFLAGS} -shared -Wl,-soname,${LIBSO} \
	    -Wl,--version-script,libkvm/host/exports -o ${.TARGET} \
	    ${LIBOBJS} ${LIBZ}

${OBJ}/vmcore: ${CMDOBJS} ${OBJ}/libkvm.a
	${CC} ${CFLAGS} ${LDFLAGS} -o ${.TARGET} ${CMDOBJS} ${OBJ}/libkvm.a \
	    ${LIBZ} ${LIBZSTD}

install: all
	mkdir -p ${DESTDIR}${SBINDIR} ${DESTDIR}${LIBDIR} ${DESTDIR}${INCDIR} \
	    ${DESTDIR}${PCDIR} ${DESTDIR}${MANDIR}/man3 \
	    ${DESTDIR}${MANDIR}/man8 ${DESTDIR}${DATADIR}
	install -m 755 ${OBJ}/vmcore ${DESTDIR}${SBINDIR}
	install -m 644 ${OBJ}/libkvm.a ${DESTDIR}${LIBDIR}/lib${LIBNAME}.a
	install -m 755 ${OBJ}/${LIBSO} ${DESTDIR}${LIBDIR}
	ln -sf ${LIBSO} ${DESTDIR}${LIBDIR}/lib${LIBNAME}.so
	install -m 644 libkvm/host/kvm.h ${DESTDIR}${INCDIR}
	install -m 644 libkvm/host/${LIBNAME}.3 ${DESTDIR}${MANDIR}/man3
	install -m 644 vmcore/vmcore.8 ${DESTDIR}${MANDIR}/man8
	install -m 644 ${GDBSRCS} ${DESTDIR}${DATADIR}
	printf '%s\n' 'prefix=${PREFIX}' 'libdir=${LIBDIR}' \
	    'includedir=${INCDIR}' '' 'Name: ${LIBNAME}' \
	    'Description: kvm(3) for minidumps of FreeBSD kernels' \
	    'Version: ${LIBVERSION}' 'Cflags: -I$${includedir}' \
	    'Libs: -L$${libdir} -l${LIBNAME}' \
	    'Libs.private: ${LIBZ}' > \
	    ${DESTDIR}${PCDIR}/${LIBNAME}.pc

# For regress/reader/run, which says why they are apart.
.for prog in mkdisk mkimage
${OBJ}/reader/${prog}: regress/reader/${prog}.c
	@mkdir -p ${OBJ}/reader
	${COMPILE} ${LDFLAGS} -o ${.TARGET} ${.ALLSRC} ${LIBZ}
.endfor
MKDUMP!=	cd ${.CURDIR} && ls regress/reader/mkdump/*.c
${OBJ}/reader/mkdump: ${MKDUMP} regress/reader/mkdump/mkdump.h
	@mkdir -p ${OBJ}/reader
	${COMPILE} ${LDFLAGS} -o ${.TARGET} ${MKDUMP} ${LIBZ}
# What is tested is a part of the program that does the steps.
TESTED=		api fault format members openfiles probe
.for prog in ${TESTED}
${OBJ}/reader/${prog}.o: regress/reader/${prog}.c regress/report.h ${HDRS}
	@mkdir -p ${OBJ}/reader
	${COMPILE} -Wno-missing-prototypes -Dmain=${prog}_main -c \
	    -o ${.TARGET} regress/reader/${prog}.c
.endfor
${OBJ}/reader/steps.o: regress/reader/steps.c
	@mkdir -p ${OBJ}/reader
	${COMPILE} -c -o ${.TARGET} regress/reader/steps.c
${OBJ}/reader/vmcore.o: vmcore/vmcore.c ${HDRS}
	@mkdir -p ${OBJ}/reader
	${COMPILE} -Wno-missing-prototypes -Dmain=vmcore_main -c \
	    -o ${.TARGET} vmcore/vmcore.c
${OBJ}/reader/model.o: regress/fuzz/model.c regress/fuzz/model.h
	@mkdir -p ${OBJ}/reader
	${COMPILE} -c -o ${.TARGET} regress/fuzz/model.c
# One without libzstd, where there is one.
${OBJ}/reader/stream.o: vmcore/stream.c ${HDRS}
	@mkdir -p ${OBJ}/reader
	${COMPILE} -UHAVE_ZSTD -c -o ${.TARGET} vmcore/stream.c
STEPOBJS=	${TESTED:S,^,${OBJ}/reader/,:S,$,.o,} ${OBJ}/reader/model.o \
		${OBJ}/reader/steps.o ${OBJ}/reader/vmcore.o \
		${CMDOBJS:N*/vmcore.o:N*/stream.o} ${OBJ}/libkvm.a
${OBJ}/reader/steps: ${STEPOBJS} ${OBJ}/stream.o
	${CC} ${CFLAGS} ${LDFLAGS} -o ${.TARGET} ${OBJ}/stream.o ${STEPOBJS} \
	    ${LIBZ} ${LIBZSTD} -ldl
${OBJ}/reader/nozstd: ${STEPOBJS} ${OBJ}/reader/stream.o
	${CC} ${CFLAGS} ${LDFLAGS} -o ${.TARGET} ${OBJ}/reader/stream.o \
	    ${STEPOBJS} ${LIBZ} -ldl
${OBJ}/reader/fault.so: regress/reader/fault.c
	@mkdir -p ${OBJ}/reader
	${COMPILE} -shared -o ${.TARGET} regress/reader/fault.c -ldl

# vmcore as it is where a device tells its size, and such devices.
${OBJ}/reader/chardev.so: regress/reader/chardev.c
	@mkdir -p ${OBJ}/reader
	${COMPILE} -shared -o ${.TARGET} regress/reader/chardev.c -ldl
${OBJ}/reader/vmcore: vmcore/medium.c libkvm/kvm_minidump_file.c ${CMDOBJS} \
    ${OBJ}/libkvm.a
	@mkdir -p ${OBJ}/reader
	${COMPILE} -DDIOCGMEDIASIZE=0x40086481UL ${LDFLAGS} -o ${.TARGET} \
	    vmcore/medium.c libkvm/kvm_minidump_file.c \
	    ${CMDOBJS:N*/medium.o} ${OBJ}/libkvm.a ${LIBZ} ${LIBZSTD}

# For regress/fuzz/run, whose compiler and flags these are; main() is the
# fuzzer's own, and pread() fuzz.c's.
${OBJ}/fuzz: regress/fuzz/fuzz.c regress/fuzz/model.c regress/fuzz/model.h \
    regress/fuzz/packed.c ${CMDOBJS} ${OBJ}/libkvm.a
	${COMPILE} ${LDFLAGS} -o ${.TARGET} regress/fuzz/fuzz.c \
	    regress/fuzz/model.c regress/fuzz/packed.c ${CMDOBJS} ${OBJ}/libkvm.a ${LIBZ} ${LIBZSTD}

# For regress/bench/run; what deflate.c is linked with is the kernel's.
.for prog in mkcore reader
${OBJ}/bench/${prog}: regress/bench/${prog}.c regress/bench/core.h \
    regress/bench/page.h ${OBJ}/libkvm.a
	@mkdir -p ${OBJ}/bench
	${COMPILE} ${LDFLAGS} -o ${.TARGET} regress/bench/${prog}.c \
	    ${OBJ}/libkvm.a ${LIBZ}
.endfor
${OBJ}/bench/deflate: regress/bench/deflate.c ${OBJ}/bench/members.o \
    ${OBJ}/kernel/amd64/dump/kern_dumpcrc.o \
    ${OBJ}/kernel/amd64/dump/kern_dumpdeflate.o \
    ${OBJ}/kernel/amd64/dump/kern_dumpgz.o
	${COMPILE} ${LDFLAGS} -no-pie -o ${.TARGET} ${.ALLSRC} ${LIBZ} -ldl

apply unapply diff:
	@sh ${.CURDIR}/patches/series ${.TARGET} "${SRC}"

check:
	@CC="${CC}" MAKE="${MAKE}" sh ${.CURDIR}/patches/check "${SRC}" \
	    ${.CURDIR}/${OBJ}/check

bench: all
	@OBJ="${OBJ}" sh regress/bench/run

demo: all
	sh regress/demo

prove: all
	@KERNEL="${KERNEL}" ALL="${ALL}" sh regress/real/prove ${ROWS}

test: all
	SRC="${SRC}" KERNEL="${KERNEL}" sh regress/test

clean:
	rm -rf ${OBJ}

.PHONY: all apply bench check clean demo diff install prove test unapply
