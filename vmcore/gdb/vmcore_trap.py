# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# The kernel's assembly entry points for traps, interrupts and system calls, and
# the struct trapframe that they build.
#
# The frame is at the stack pointer at the time of the call to C, after the
# arguments.  The instruction after the call, which removes the arguments, has
# their size.

import re

import gdb

from vmcore_kernel import Missing, memory, is_amd64, symbols, lookup, fields

ENTRY = re.compile(r"X[a-z]\w*$|calltrap|nmi_calltrap|alltraps|doreti|"
                   r"fast_syscall_common|int0x80_syscall_common")
# The outermost functions on a stack.
FIRST = re.compile(r"(fork_trampoline|begin|btext|mp_begin|bootMP\w*|"
                   r"mptramp\w*)$")

RPL_USER = 3
PSL_VM = 0x20000

# Names of trap numbers.
TRAPS = {0: "divide error (old)", 1: "privileged instruction",
         3: "breakpoint", 6: "arithmetic trap", 9: "general protection fault",
         10: "trace trap", 12: "page fault", 14: "alignment fault",
         18: "integer divide fault", 19: "non-maskable interrupt",
         20: "overflow", 21: "bound", 22: "device not available",
         23: "double fault", 24: "coprocessor operand", 25: "invalid TSS",
         26: "segment not present", 27: "stack fault", 28: "machine check",
         29: "SIMD exception", 30: "reserved trap"}


def entry_name(pc):
    """The label of the entry point at pc, or None."""
    name = symbols().find(pc)[0]
    return name if name is not None and ENTRY.match(name) else None


def skipped(pc):
    """The size of the arguments between the stack pointer and the frame when
    a call returns to pc."""
    if is_amd64():
        return 0
    try:
        code = memory(pc, 3)
    except Missing:
        return 0
    # addl $n,%esp
    return code[2] if code[:2] == b"\x83\xc4" else 0


def own_frame(start):
    """Whether this entry point has a C frame instead of a struct trapframe, as
    i386's for stopping a CPU does."""
    try:
        return not is_amd64() and memory(start, 3) in (b"\x55\x89\xe5",
                                                       b"\x55\x8b\xec")
    except Missing:
        return False


class Frame:
    """A struct trapframe in the dump."""

    def __init__(self, address):
        kind = lookup("struct trapframe")
        self.address = address
        self.where = fields(kind)
        self.sizes = {f.name: f.type.sizeof for f in kind.fields() if f.name}
        self.data = memory(address, kind.sizeof)
        self.wide = is_amd64()
        self.pc = self.field("tf_rip" if self.wide else "tf_eip")
        self.user = self.field("tf_cs") & RPL_USER == RPL_USER or \
            not self.wide and self.field("tf_eflags") & PSL_VM != 0

    def field(self, name):
        if name not in self.where:
            raise Missing("struct trapframe has no field %s" % name)
        start = self.where[name]
        return int.from_bytes(self.data[start:start + self.sizes[name]],
                              "little")

    def sp(self):
        """The stack pointer; i386 pushes it only for another ring."""
        if self.wide:
            return self.field("tf_rsp")
        if self.user:
            return self.field("tf_esp")
        return self.address + self.where["tf_esp"]

    def what(self, name):
        """What happened, in words."""
        if name.startswith("doreti"):
            return "return"
        if not name.startswith(("alltraps", "calltrap", "nmi_calltrap",
                                "Xdblfault")):
            return "system call" if "syscall" in name else "interrupt"
        number = self.field("tf_trapno")
        return "trap %d: %s" % (number, TRAPS.get(number, "unknown"))


def frame_of(frame):
    """The struct trapframe of a gdb frame, and its entry point; None, None if
    there is none."""
    pc = frame.pc()
    name = entry_name(pc)
    if name is None or own_frame(symbols().find(pc)[1]):
        return None, None
    sp = int(frame.read_register("rsp" if is_amd64() else "esp"))
    mask = (1 << (64 if is_amd64() else 32)) - 1
    return Frame((sp + skipped(pc)) & mask), name
