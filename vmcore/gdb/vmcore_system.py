# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Modules, file systems, messages.

import gdb

from vmcore_kernel import Command, Missing, escape, get, has, memory, number, \
    table, text, variable, walk, warn

# The largest message buffer.
MSGBUF_MAX = 64 << 20


def modules():
    """ID, references, address, size and name of each module."""
    for f in walk(get(variable("linker_files"), "tqh_first"), "link.tqe_next",
                  "modules"):
        try:
            yield (number(f, "id") if has(f, "id") else "-",
                   number(f, "refs") if has(f, "refs") else "-",
                   "0x%x" % number(f, "address"), number(f, "size"),
                   text(get(f, "filename")))
        except gdb.MemoryError as error:
            warn("module at 0x%x: %s" % (int(f.address), error))


class Kldstat(Command):
    """List the files that the kernel linker has loaded: kldstat"""

    def run(self, argv):
        table(("ID", "REFS", "ADDRESS", "SIZE", "NAME"), modules(), "rrlrl")


def mounts():
    """Source, mount point and type of each file system."""
    for mp in walk(get(variable("mountlist"), "tqh_first"),
                   "mnt_list.tqe_next", "file systems"):
        stat = get(mp, "mnt_stat")
        yield tuple(text(get(stat, field)) for field in
                    ("f_mntfromname", "f_mntonname", "f_fstypename"))


class Mount(Command):
    """List mounted file systems: mount"""

    def run(self, argv):
        for row in mounts():
            gdb.write("%s on %s (%s)\n" % row)


def messages():
    """The message buffer, oldest message first."""
    buffer = get(variable("msgbufp"), "msg_ptr")
    size = number(variable("msgbufp"), "msg_size")
    if not 0 < size <= MSGBUF_MAX:
        raise Missing("msg_size is %d" % size)
    data = memory(number(buffer), size)
    at = number(variable("msgbufp"), "msg_wseq") % size
    return (data[at:] + data[:at]).replace(b"\0", b"")


class Dmesg(Command):
    """Print the kernel's messages: dmesg"""

    def run(self, argv):
        for line in messages().split(b"\n"):
            # Tabs are harmless.
            gdb.write("\t".join(escape(part) for part in line.split(b"\t")) +
                      "\n")


def load():
    Kldstat("kldstat")
    Mount("mount")
    Dmesg("dmesg")
