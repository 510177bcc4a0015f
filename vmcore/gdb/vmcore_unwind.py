# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Unwinds frames without unwind information, except for entry points
# (vmcore_cfi.py): assembly functions, by what they have pushed; calls to an
# address without code; and i386's double fault, which runs in its own task: the
# registers are in the TSS of the interrupted task.

import re

import gdb
import gdb.unwinder

from vmcore_kernel import Missing, memory, mask, is_amd64, read_word, \
    symbols, number, get, variable
from vmcore_trap import ENTRY, FIRST

# The longest assembly function that is disassembled.
ASM_MAX = 4096

PUSH = re.compile(r"push[lq]? +%?([er][a-z0-9]+)?")
POP = re.compile(r"pop[lq]? +")
ADD = re.compile(r"(sub|add)[lq]? +(?:\$(0x[0-9a-f]+|\d+),%[er]sp|"
                 r"[er]sp,(0x[0-9a-f]+|\d+))$")
RETURN = re.compile(r"(repz |rep )?ret|jmp")


def pushed(start, pc):
    """What the function at start has pushed when it is at pc: the number of
    bytes, and for each register the number of bytes pushed before it."""
    if pc - start > ASM_MAX:
        raise Missing("an assembly function that is too long")
    if pc == start:
        return 0, {}
    architecture = gdb.selected_inferior().architecture()
    try:
        code = architecture.disassemble(start, pc - 1)
    except gdb.MemoryError:
        raise Missing("code at 0x%x is not in the dump" % start)
    word = 8 if is_amd64() else 4
    depth, saved = 0, {}
    before = None       # the state before the first pop
    for instruction in code:
        asm = instruction["asm"].strip()
        push = PUSH.match(asm)
        add = ADD.match(asm)
        if push:
            if push.group(1) is not None:
                saved.setdefault(push.group(1), depth)
            depth += word
        elif POP.match(asm) or add and add.group(1) == "add":
            if before is None:
                before = depth, dict(saved)
            depth -= word if not add else int(add.group(2) or add.group(3), 0)
        elif add:
            depth += int(add.group(2) or add.group(3), 0)
        elif RETURN.match(asm) and before is not None:
            # Code after a return is reached by a jump from before the pops.
            depth, saved = before
            before = None
    return max(depth, 0), saved


class Id:
    """A frame ID for gdb."""

    def __init__(self, sp, pc):
        self.sp = sp
        self.pc = pc


class Caller:
    """The known registers of a frame's caller."""

    def __init__(self, frame):
        self.frame = frame
        self.wide = is_amd64()
        self.sp = self.register("sp")
        self.pc = self.register("ip")
        self.set = {}

    def full(self, name):
        return ("r" if self.wide else "e") + name

    def register(self, name):
        return int(self.frame.read_register(self.full(name))) & mask()

    def info(self, start):
        kind = self.frame.read_register(self.full("sp")).type
        info = self.frame.create_unwind_info(
            Id(gdb.Value(self.sp).cast(kind), gdb.Value(start).cast(kind)))
        for name, value in self.set.items():
            old = self.frame.read_register(name)
            info.add_saved_register(name, gdb.Value(value).cast(old.type))
        return info

    def same(self):
        """The callee-saved registers are unchanged."""
        for name in (("rbx", "rbp", "r12", "r13", "r14", "r15") if self.wide
                     else ("ebx", "ebp", "esi", "edi")):
            try:
                self.set[name] = int(self.frame.read_register(name)) & mask()
            except gdb.error:
                pass

    def returns(self, depth, saved):
        """The frame was called normally, and has pushed this."""
        word = 8 if self.wide else 4
        top = self.sp + depth       # where the return address is
        self.same()
        for name, at in saved.items():
            if name in self.set:
                self.set[name] = read_word(top - at - word)
        self.set[self.full("ip")] = read_word(top)
        self.set[self.full("sp")] = (top + word) & mask()


def is_assembly(pc):
    """Whether code has no unwind information from a compiler."""
    if gdb.block_for_pc(pc) is None:
        return True
    symtab = gdb.find_pc_line(pc).symtab
    return symtab is not None and symtab.filename.endswith((".s", ".S"))


def kernel_base():
    return 1 << 63 if is_amd64() else symbols().low & ~0x3fffff


def double_fault(caller):
    """Get the registers of the interrupted task."""
    tss = None
    tid = gdb.selected_thread().ptid[1] if gdb.selected_thread() else 0
    try:
        cpus = variable("cpuid_to_pcpu")
        low, high = cpus.type.range()
    except Missing:
        cpus, low, high = None, 0, -1
    for i in range(low, min(high, 255) + 1):
        if number(cpus[i]) == 0:
            continue
        found = get(cpus[i], "pc_common_tss")
        if tss is None or number(cpus[i], "pc_curthread.td_tid") == tid:
            tss = found
    if tss is None:
        tss = variable("common_tss")
    for name in ("ebx", "ebp", "esi", "edi", "esp", "eip"):
        caller.set[name] = number(tss, "tss_" + name) & mask()


class Unwinder(gdb.unwinder.Unwinder):
    def __init__(self):
        super().__init__("vmcore")
        # Looking up a type may unwind a frame: avoid recursion.
        self.busy = False

    def __call__(self, pending):
        if self.busy:
            return None
        self.busy = True
        try:
            return self.unwind(pending)
        except (Missing, gdb.error, ValueError):
            return None         # let gdb try its own unwinders
        finally:
            self.busy = False

    def unwind(self, pending):
        caller = Caller(pending)
        table = symbols()
        if table.low == table.high:
            return None
        if not table.low <= caller.pc < table.high:
            # If this is no code, not even a module's, it was just called.
            if caller.sp < kernel_base():
                return None
            if caller.pc >= kernel_base():
                try:
                    memory(caller.pc, 1)
                    return None
                except Missing:
                    pass
            caller.returns(0, {})
            return caller.info(caller.pc)
        name, start = table.find(caller.pc, True)
        if name == "dblfault_handler" and not caller.wide:
            double_fault(caller)
            return caller.info(start)
        if name is None:
            return None
        label = table.find(caller.pc)[0]
        if not is_assembly(caller.pc) or ENTRY.match(label) or \
                FIRST.match(label) or FIRST.match(name):
            return None
        caller.returns(*pushed(start, caller.pc))
        return caller.info(start)


def load():
    gdb.unwinder.register_unwinder(None, Unwinder(), replace=True)
