# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# The gdb side of "vmcore report": the gdb command "vmcore report FILE" writes a
# file for vmcore/report.c, with one item on each line and fields separated by
# tabs; item.h describes the items.  All text is escaped here.  If a section
# cannot be made, a note in it says why.

import os

import gdb

from vmcore_kernel import Missing, escape, is_amd64, mask, symbols
from vmcore_trap import frame_of
import vmcore_lock
import vmcore_memory
import vmcore_proc
import vmcore_system

# The most frames in a backtrace; after a stack overflow there are thousands.
FRAMES_MAX = 60
# Lines of source before and after the one that faulted.
CONTEXT = 4
# The number of malloc(9) types and zones.
LARGEST = 15


class Writer:
    def __init__(self, f):
        self.f = f
        self.items = []

    def item(self, kind, *fields):
        texts = [escape(str(field).encode("utf-8", "surrogateescape"))
                 for field in fields]
        self.items.append([kind] + texts)

    def section(self, name, make):
        """Write a section; make() adds its items."""
        self.items = []
        try:
            make(self)
        except (Missing, gdb.error, OSError) as error:
            # Drop titles without contents.
            if all(item[0] in ("table", "text") for item in self.items):
                self.items = []
            self.item("note", error)
        for item in [["section", name]] + self.items:
            self.f.write("\t".join(item) + "\n")


def ask(command):
    """The output of a gdb command, as lines."""
    return gdb.execute(command, to_string=True).rstrip("\n").split("\n")


def crashed():
    """Select the thread that crashed, which is gdb's first."""
    found = gdb.selected_inferior().threads()
    if not found:
        raise Missing("the core file has no threads")
    thread = min(found, key=lambda t: t.num)
    thread.switch()
    return thread


def fault_frame():
    """The first trap frame on the stack that is not an interrupt's, with its
    entry point, and the frame that it interrupted.  Without a trap: None, and
    the caller of panic(), or None."""
    frame = gdb.newest_frame()
    panic = None
    n = 0
    while frame is not None and n < FRAMES_MAX:
        if frame.name() in ("panic", "kdb_enter"):
            panic = frame.older()
        try:
            trap, name = frame_of(frame)
        except Missing:
            trap = None
        if trap is not None and trap.what(name).startswith("trap"):
            return (trap, name), frame.older()
        if frame.name() == "dblfault_handler":
            return None, frame.older()
        frame = frame.older()
        n += 1
    return None, panic


FIRST = {True: ("rip", "rsp", "rbp", "rflags", "cs", "rax", "rbx", "rcx",
                "rdx", "rsi", "rdi"),
         False: ("eip", "esp", "ebp", "eflags", "cs", "eax", "ebx", "ecx",
                 "edx", "esi", "edi")}


def registers(frame, trap):
    """The registers of a trap, or those known in a frame."""
    wide = is_amd64()
    if trap is not None:
        names = [name[3:] for name in trap.where]
        names.sort(key=lambda n: (FIRST[wide].index(n) if n in FIRST[wide]
                                  else len(FIRST[wide]), n))
        for name in names:
            value = trap.field("tf_" + name)
            if name in ("esp", "rsp"):
                value = trap.sp()
            elif name in ("isp", "ss") and not wide:
                continue        # not of the interrupted code
            yield name, "0x%x" % value
        return
    for name in FIRST[wide] + ("r12", "r13", "r14", "r15"):
        try:
            value = int(frame.read_register(name))
        except (gdb.error, ValueError):
            continue
        yield name, "0x%x" % (value & mask())


def source(w, sal):
    """The source line, with context if the file is there."""
    if sal.symtab is None or not sal.line:
        return
    name = "%s:%d" % (sal.symtab.filename, sal.line)
    w.item("pair", "line", name)
    path = sal.symtab.fullname()
    if not os.path.isfile(path):
        w.item("note", "source file %s not found" % sal.symtab.filename)
        return
    w.item("text", "source")
    with open(path, "rb") as f:
        for i, line in enumerate(f, 1):
            if i > sal.line + CONTEXT:
                break
            if i >= sal.line - CONTEXT:
                w.item("line", "%s %5d  %s" % (
                    ">" if i == sal.line else " ", i,
                    escape(line.rstrip(b"\r\n").expandtabs())))


def fault(w):
    crashed()
    trap, frame = fault_frame()
    if trap is not None:
        w.item("pair", "what", trap[0].what(trap[1]))
        if "tf_addr" in trap[0].where and trap[0].field("tf_trapno") == 12:
            w.item("pair", "address", "0x%x" % trap[0].field("tf_addr"))
    if frame is None:
        raise Missing("there is no trap or call of panic() on the stack")
    if trap is None:
        w.item("pair", "what", "no trap: panic(), a debugger or a double "
               "fault")
    pc = frame.pc()
    name = frame.name() or symbols().find(pc)[0]
    w.item("pair", "function", name or "none: there is no code at 0x%x" % pc)
    if frame.older() is not None:
        older = frame.older().name() or symbols().find(frame.older().pc())[0]
        if older:
            w.item("pair", "called by", older)
    frame.select()
    try:
        w.item("pair", "instruction",
               " ".join(ask("x/i %d" % pc)[0].replace("=>", "").split()))
    except gdb.error as error:
        w.item("pair", "instruction", error)
    source(w, frame.find_sal())
    w.item("table", "register", "value")
    for row in registers(frame, trap[0] if trap else None):
        w.item("row", *row)
    gdb.newest_frame().select()
    w.item("text", "backtrace")
    for line in ask("backtrace %d" % FRAMES_MAX):
        w.item("line", line)


def backtraces(w):
    """All threads, beginning with those that were running."""
    names = {}
    try:
        for td in vmcore_proc.threads():
            names[td.tid or vmcore_proc.THREAD0] = td
    except (Missing, gdb.error) as error:
        w.item("note", error)
    first = crashed()
    found = sorted(gdb.selected_inferior().threads(), key=lambda t: (
        t.num != first.num, not (t.ptid[1] in names and
                                 names[t.ptid[1]].state == "run"), t.num))
    for thread in found:
        td = names.get(thread.ptid[1])
        title = thread.name or "thread %d" % thread.ptid[1]
        if td is not None:
            title = "%s: %s" % (td.name(), td.state)
            title += " on CPU %d" % td.cpu if td.cpu is not None else ""
            title += " " + td.wait if td.wait else ""
        if thread.num == first.num:
            title += ", crashed"
        w.item("fold", title)
        try:
            thread.switch()
            for line in ask("backtrace %d" % FRAMES_MAX):
                w.item("line", line)
        except gdb.error as error:
            w.item("line", error)
    first.switch()


def running(w):
    w.item("table", "CPU", "PID", "TID", "command")
    for td in vmcore_proc.threads():
        if td.state == "run":
            w.item("row", "-" if td.cpu is None else td.cpu, td.pid, td.tid,
                   td.comm)


def locks(w):
    lines = list(vmcore_lock.report())
    w.item("text", "")
    for line in lines:
        w.item("line", line)


def processes(w):
    w.item("table", "PID", "TID", "CPU", "state", "waits for", "command")
    for process, pid, comm in vmcore_proc.processes():
        n = 0
        for td in vmcore_proc.threads_of(process, pid, comm):
            w.item("row", pid, td.tid, "-" if td.cpu is None else td.cpu,
                   td.state, td.wait or "-", td.comm)
            n += 1
        if n == 0:
            w.item("row", pid, "-", "-", "-", "-", comm)


def modules(w):
    w.item("table", "ID", "address", "size", "name")
    for row in vmcore_system.modules():
        w.item("row", row[0], row[2], row[3], row[4])


def mounts(w):
    w.item("table", "from", "on", "type")
    for row in vmcore_system.mounts():
        w.item("row", *row)


def malloc(w):
    rows = vmcore_memory.malloc_types()
    w.item("table", "type", "bytes", "items", "requests")
    for row in rows[:LARGEST]:
        w.item("row", *row)
    w.item("pair", "all types", "%d bytes" % sum(row[1] for row in rows))


def zones(w):
    found = vmcore_memory.zones()
    w.item("table", "zone", "bytes", "used", "free", "failures")
    for z in found[:LARGEST]:
        w.item("row", z.name, z.memory, z.used, z.free(), z.failures)
    w.item("pair", "all zones", "%d bytes" % sum(z.memory for z in found))


SECTIONS = (("fault", fault), ("running", running), ("locks", locks),
            ("processes", processes), ("modules", modules),
            ("mounts", mounts), ("malloc", malloc), ("zones", zones),
            ("backtraces", backtraces))


class Report(gdb.Command):
    """Write the data for the command "vmcore report": vmcore report FILE"""

    def __init__(self):
        super().__init__("vmcore report", gdb.COMMAND_STATUS)

    def invoke(self, argument, from_tty):
        for setting in ("width 0", "height 0", "print elements 100",
                        "style enabled off"):
            gdb.execute("set " + setting, to_string=True)
        try:
            with open(argument, "w",
                      encoding="utf-8", errors="replace") as f:
                for name, make in SECTIONS:
                    Writer(f).section(name, make)
        except OSError as error:
            raise gdb.GdbError("vmcore report: %s" % error)


def load():
    Report()
