# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# FreeBSD kernels in gdb.  "source vmcore.py" after loading the kernel and the
# core file from "vmcore elf"; "vmcore gdb" does this itself.  Backtraces then
# continue through trap frames, and "help vmcore" lists commands.
#
# gdb only supports unwinders in Python.  The dump is of a kernel that crashed,
# so it is not trusted: reads are bounded, text is escaped, and missing data is
# reported in one line instead of a Python exception.

import os
import sys

import gdb

# Write no bytecode: the directory of these files may be temporary.
sys.dont_write_bytecode = True
folder = os.path.dirname(os.path.abspath(__file__))
if folder not in sys.path:
    sys.path.insert(0, folder)

import vmcore_cfi
import vmcore_frames
import vmcore_kernel
import vmcore_lock
import vmcore_memory
import vmcore_proc
import vmcore_report
import vmcore_system
import vmcore_unwind

vmcore_cfi.load()
vmcore_unwind.load()
vmcore_frames.load()
vmcore_kernel.Prefix()
for module in (vmcore_proc, vmcore_lock, vmcore_memory, vmcore_system,
               vmcore_report):
    module.load()
gdb.set_convenience_variable("vmcore_python", 1)
