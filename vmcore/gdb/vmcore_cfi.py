# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Unwind information for the kernel's entry points, which have none: generates
# an ELF file with a section .debug_frame for this kernel, and loads it into
# gdb.
#
# With an unwinder in Python, gdb would take these frames for calls.  In the
# function that was interrupted, it would use the line and the unwind
# information of the byte before the instruction that faulted.  DWARF can mark
# frames as signal frames, which avoids that.

import os
import struct
import tempfile

import gdb

from vmcore_kernel import Missing, is_amd64, symbols, lookup, fields, warn
from vmcore_trap import ENTRY, FIRST, own_frame, skipped, PSL_VM

# DWARF register numbers.
NUMBERS = {
    True: {"rax": 0, "rdx": 1, "rcx": 2, "rbx": 3, "rsi": 4, "rdi": 5,
           "rbp": 6, "rsp": 7, "r8": 8, "r9": 9, "r10": 10, "r11": 11,
           "r12": 12, "r13": 13, "r14": 14, "r15": 15, "rip": 16},
    False: {"eax": 0, "ecx": 1, "edx": 2, "ebx": 3, "esp": 4, "ebp": 5,
            "esi": 6, "edi": 7, "eip": 8}}
CALLEE_SAVED = ("rbx", "rbp", "r12", "r13", "r14", "r15")

# DWARF call frame instructions, and expression operations.
CFA_SET_LOC, CFA_UNDEFINED, CFA_SAME_VALUE = 0x01, 0x07, 0x08
CFA_DEF_CFA, CFA_OFFSET_SF, CFA_VAL_EXPRESSION = 0x0c, 0x11, 0x16
OP_DEREF, OP_CONST4U, OP_DUP, OP_OVER = 0x06, 0x0c, 0x12, 0x14
OP_AND, OP_OR, OP_PLUS_UCONST, OP_BRA = 0x1a, 0x21, 0x23, 0x28
OP_EQ, OP_SKIP, OP_LIT3 = 0x29, 0x2f, 0x33


def uleb(n):
    out = bytearray()
    while n > 0x7f:
        out.append(n & 0x7f | 0x80)
        n >>= 7
    out.append(n)
    return bytes(out)


def sleb(n):
    """For n >= 0 only."""
    out = uleb(n)
    if out[-1] & 0x40:
        out = out[:-1] + bytes((out[-1] | 0x80, 0))
    return out


class Writer:
    """The section .debug_frame: one CIE, and an FDE for each range of code."""

    def __init__(self):
        self.wide = is_amd64()
        self.word = "<Q" if self.wide else "<I"
        self.numbers = NUMBERS[self.wide]
        self.ip = "rip" if self.wide else "eip"
        self.sp = "rsp" if self.wide else "esp"
        self.data = b""
        # The CIE: version 1, signal frame, no alignment factors, the register
        # of the return address.
        self.entry(struct.pack("<IB", 0xffffffff, 1) + b"zS\0" + uleb(1) +
                   sleb(1) + bytes((self.numbers[self.ip], 0)))

    def entry(self, body):
        size = 8 if self.wide else 4
        body += b"\0" * (-(len(body) + 4) % size)       # DW_CFA_nop
        self.data += struct.pack("<I", len(body)) + body

    def range(self, start, end, code):
        self.entry(struct.pack("<I", 0) + struct.pack(self.word, start) +
                   struct.pack(self.word, end - start) + b"\0" + code)

    def set_loc(self, address):
        return bytes((CFA_SET_LOC,)) + struct.pack(self.word, address)

    def cfa(self, register, offset):
        return bytes((CFA_DEF_CFA, self.numbers[register])) + uleb(offset)

    def saved(self, register, offset):
        """The register is saved at this offset from the CFA."""
        return bytes((CFA_OFFSET_SF, self.numbers[register])) + sleb(offset)

    def undefined(self, register):
        return bytes((CFA_UNDEFINED, self.numbers[register]))

    def pushed_sp(self, cs, eflags, esp):
        """i386 pushes the stack pointer only if another ring was interrupted;
        otherwise its value is the address where it would have been pushed."""
        plus = bytes((OP_PLUS_UCONST,))
        there = plus + uleb(esp)
        user = there + bytes((OP_DEREF,))
        kernel = there + bytes((OP_SKIP,)) + struct.pack("<h", len(user))
        code = bytes((OP_DUP,)) + plus + uleb(cs) + \
            bytes((OP_DEREF, OP_LIT3, OP_AND, OP_LIT3, OP_EQ))
        if eflags is not None:
            code += bytes((OP_OVER,)) + plus + uleb(eflags) + \
                bytes((OP_DEREF, OP_CONST4U)) + \
                struct.pack("<I", PSL_VM) + bytes((OP_AND, OP_OR))
        code += bytes((OP_BRA,)) + struct.pack("<h", len(kernel)) + kernel + \
            user
        return bytes((CFA_VAL_EXPRESSION, self.numbers["esp"])) + \
            uleb(len(code)) + code


def trap_rules(w, name, where):
    """The rules for registers in a struct trapframe at the CFA."""
    code = b""
    for register, n in w.numbers.items():
        field = "tf_" + register
        if field not in where:
            raise Missing("struct trapframe has no field %s" % field)
        if register == "esp":
            code += w.pushed_sp(where["tf_cs"], where["tf_eflags"],
                                where["tf_esp"])
        elif name.startswith("Xdblfault") and register not in ("rip", "rsp"):
            # It does not save them, but C saves the callee-saved ones.
            if register in CALLEE_SAVED:
                code += bytes((CFA_SAME_VALUE, n))
            else:
                code += w.undefined(register)
        else:
            code += w.saved(register, where[field])
    return code


def calls(start, end):
    """The calls in this code whose arguments lie below the frame: pairs of an
    address and the size of the arguments from there on."""
    architecture = gdb.selected_inferior().architecture()
    try:
        code = architecture.disassemble(start, end - 1)
    except gdb.MemoryError:
        raise Missing("code at 0x%x is not in the dump" % start)
    found = []
    for i in code:
        if i["asm"].startswith("call"):
            n = skipped(i["addr"] + i["length"])
            if n != 0:
                found.append((i["addr"], n))
                # gdb looks the call up by its return address.
                found.append((i["addr"] + i["length"] + 1, 0))
    return found


def make():
    """The contents of the section."""
    where = fields(lookup("struct trapframe"))
    w = Writer()
    # Unwinding ends in user mode.
    w.range(1, 0x800000000000 if w.wide else 0xbfc00000,
            w.cfa(w.sp, 0) + w.undefined(w.ip))
    labels = symbols().labels
    for i, (start, name, _) in enumerate(labels[:-1]):
        end = labels[i + 1][0]
        if FIRST.match(name):
            w.range(start, end, w.cfa(w.sp, 0) + w.undefined(w.ip))
        elif not ENTRY.match(name):
            continue
        elif own_frame(start):
            # It has pushed ebp, eip, cs and eflags.
            w.range(start, end, w.cfa("ebp", 0) + w.saved("ebp", 0) +
                    w.saved("eip", 4) + w.pushed_sp(8, 12, 16))
        else:
            code = w.cfa(w.sp, 0) + trap_rules(w, name, where)
            for at, n in [] if w.wide else calls(start, end):
                code += w.set_loc(at) + w.cfa(w.sp, n)
            w.range(start, end, code)
    return w.data


def file_of(section, wide):
    """An ELF file with this section."""
    names = b"\0.debug_frame\0.shstrtab\0"
    size = 64 if wide else 52
    entsize = 64 if wide else 40
    header = struct.Struct("<IIQQQQIIQQ" if wide else "<10I")
    data = section + names
    data += b"\0" * (-len(data) % 8)
    sections = header.pack(*([0] * 10)) + \
        header.pack(1, 1, 0, 0, size, len(section), 0, 0, 8, 0) + \
        header.pack(14, 3, 0, 0, size + len(section), len(names), 0, 0, 1, 0)
    head = b"\x7fELF" + bytes((2 if wide else 1, 1, 1)) + b"\0" * 9
    head += struct.pack("<HHIQQQIHHHHHH" if wide else "<HHIIIIIHHHHHH",
                        2, 62 if wide else 3, 1, 0, 0, size + len(data), 0,
                        size, 0, 0, entsize, 3, 2)
    return head + data + sections


def load():
    """Make the file for gdb's kernel, and load it."""
    try:
        add_file()
    except (Missing, gdb.error, OSError) as error:
        warn("backtraces end at traps: %s" % error)


def add_file():
    entry = next((start for start, name, _ in symbols().labels
                  if ENTRY.match(name)), None)
    if entry is None:
        raise Missing("the kernel's file has no symbols of its entry points")
    data = file_of(make(), is_amd64())
    fd, name = tempfile.mkstemp(prefix="vmcore.")
    try:
        with os.fdopen(fd, "wb") as f:
            f.write(data)
        gdb.execute("add-symbol-file %s -o 0" % name.replace(" ", "\\ "),
                    to_string=True)
        # gdb reads the file when it first needs a frame here; after that, the
        # file can be removed.
        frame = gdb.selected_frame()
        gdb.execute("select-frame view 0 %d" % entry, to_string=True)
        frame.select()
    finally:
        os.unlink(name)
