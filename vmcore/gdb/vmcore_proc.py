# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Processes, threads and CPUs, and the commands that list or select them.

import gdb

from vmcore_kernel import Command, Missing, get, has, number, table, text, \
    variable, walk, warn

NOCPU = 255
NCPUS_MAX = 1024
# The core file has this instead of tid 0, which gdb does not allow.
THREAD0 = 99999

# Why a thread cannot run, in order of precedence.
TDI_LOCK, TDI_SLEEPING, TDI_IWAIT, TDI_SWAPPED = 0x08, 0x02, 0x10, 0x04
STATES = {"TDS_INACTIVE": "inactive", "TDS_CAN_RUN": "canrun",
          "TDS_RUNQ": "runq", "TDS_RUNNING": "run"}


class Thread:
    """A thread; value is its struct."""

    def __init__(self, value, pid, comm):
        self.value = value
        self.address = int(value.address)
        self.pid = pid
        self.tid = number(value, "td_tid")
        self.comm = comm
        self.wait = ""
        if has(value, "td_name"):
            name = text(value["td_name"])
            if name and name != comm:
                self.comm += "/" + name
        oncpu = get(value, "td_oncpu")
        cpu = number(oncpu)
        none = cpu < 0 or cpu >= NCPUS_MAX or \
            oncpu.type.sizeof == 1 and cpu == NOCPU
        self.cpu = None if none else cpu
        self.state = self.word()
        if self.state != "run":
            self.cpu = None

    def word(self):
        """Its state, as in vmcore ps; also sets what it waits for."""
        name = str(get(self.value, "td_state")).split("::")[-1]
        if name in STATES:
            return STATES[name]
        why = number(self.value, "td_inhibitors")
        if why & TDI_LOCK:
            self.wait = text(get(self.value, "td_lockname"))
            return "lock"
        if why & TDI_SLEEPING:
            self.wait = text(get(self.value, "td_wmesg"))
            return "sleep"
        return "iwait" if why & TDI_IWAIT else \
            "swapped" if why & TDI_SWAPPED else "stopped"

    def name(self):
        return "%s (pid %d, tid %d)" % (self.comm, self.pid, self.tid)


def processes():
    """The struct, pid and name of each process."""
    for p in walk(get(variable("allproc"), "lh_first"), "p_list.le_next",
                  "processes"):
        try:
            yield p, number(p, "p_pid"), text(get(p, "p_comm"))
        except Missing as error:
            warn("process at 0x%x: %s" % (int(p.address), error))


def threads_of(process, pid, comm):
    for td in walk(get(process, "p_threads.tqh_first"), "td_plist.tqe_next",
                   "threads of process %d" % pid):
        try:
            yield Thread(td, pid, comm)
        except gdb.MemoryError as error:
            warn("thread at 0x%x: %s" % (int(td.address), error))


def threads():
    for process, pid, comm in processes():
        yield from threads_of(process, pid, comm)


def cpus():
    """The struct pcpu of each CPU, by number."""
    try:
        known = variable("cpuid_to_pcpu")
    except Missing:
        known = None
    if known is not None:
        low, high = known.type.range()
        for i in range(low, min(high, NCPUS_MAX) + 1):
            if number(known[i]) != 0:
                yield known[i].dereference()
        return
    yield from walk(get(variable("cpuhead"), "slh_first"),
                    "pc_allcpu.sle_next", "CPUs")


def go_to(tid):
    """Select a thread in gdb.  Returns False if there is none."""
    for thread in gdb.selected_inferior().threads():
        if thread.ptid[1] == (tid or THREAD0):
            gdb.execute("thread %d" % thread.num)
            return True
    return False


def argument(argv, what):
    try:
        if len(argv) != 1:
            raise ValueError
        return int(argv[0], 0)
    except ValueError:
        raise Missing("the argument is the number of a %s" % what)


class Ps(Command):
    """List processes and threads: ps

Shows for each thread the process, the thread, the CPU that it was running on,
its state, the wait channel or lock that it waits for, and its name."""

    def run(self, argv):
        rows = []
        for process, pid, comm in processes():
            n = len(rows)
            for td in threads_of(process, pid, comm):
                cpu = "-" if td.cpu is None else td.cpu
                rows.append((pid, td.tid, cpu, td.state, td.wait or "-",
                             td.comm))
            if len(rows) == n:
                rows.append((pid, "-", "-", "-", "-", comm))
        table(("PID", "TID", "CPU", "STATE", "WMESG", "COMMAND"), rows,
              "rrrlll")


class Proc(Command):
    """Select the first thread of a process: proc PID"""

    def run(self, argv):
        wanted = argument(argv, "process")
        for process, pid, comm in processes():
            if pid != wanted:
                continue
            for td in threads_of(process, pid, comm):
                if go_to(td.tid):
                    return
            raise Missing("process %d has no thread in the core file" % pid)
        raise Missing("there is no process %d" % wanted)


class Tid(Command):
    """Select a thread: tid TID"""

    def run(self, argv):
        wanted = argument(argv, "thread")
        if not go_to(wanted):
            raise Missing("there is no thread %d" % wanted)


class Pcpu(Command):
    """List the CPUs: pcpu

Shows for each CPU its number, the address of its struct pcpu, the thread that
was running on it, and its idle thread."""

    def run(self, argv):
        rows = []
        for cpu in cpus():
            row = [number(cpu, "pc_cpuid"), "0x%x" % int(cpu.address)]
            for field in ("pc_curthread", "pc_idlethread"):
                try:
                    td = get(cpu, field)
                    if number(td) == 0:
                        row.append("-")
                        continue
                    row.append("%d %s" % (number(td, "td_tid"), text(
                        get(td, "td_proc.p_comm"))))
                except Missing as error:
                    row.append("? %s" % error)
            rows.append(row)
        table(("CPU", "ADDRESS", "THREAD", "IDLE THREAD"), rows, "rlll")


class Acttrace(Command):
    """Print backtraces of the threads that were running: acttrace"""

    def run(self, argv):
        selected = gdb.selected_thread()
        frame = gdb.selected_frame()
        try:
            crashed = number(variable("dumptid"))
        except Missing:
            crashed = None
        try:
            for td in threads():
                if td.state != "run" and td.tid != crashed:
                    continue
                gdb.write("\n%s%s%s\n" % (td.name(), "" if td.cpu is None else
                                          ", on CPU %d" % td.cpu,
                                          ", which crashed"
                                          if td.tid == crashed else ""))
                for thread in gdb.selected_inferior().threads():
                    if thread.ptid[1] == (td.tid or THREAD0):
                        thread.switch()
                        gdb.execute("backtrace")
        finally:
            if selected is not None:
                selected.switch()
                frame.select()


def load():
    Ps("ps")
    Proc("proc")
    Tid("tid")
    Pcpu("pcpu")
    Acttrace("acttrace")
