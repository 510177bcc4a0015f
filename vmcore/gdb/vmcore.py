# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# FreeBSD kernels in gdb: "source vmcore.py", once gdb has the kernel and the
# core file that "vmcore elf" made of its dump.  "vmcore gdb" does it by itself.
# Backtraces go on through trap frames; "help vmcore" tells the rest.
#
# It is Python because that is gdb's own language for unwinders.  What is in
# the dump is wrong as soon as something went wrong: it is read with bounds,
# escaped where it is shown, and what is missing is said, not raised.

import os
import sys

import gdb

# Nothing is written to where these files are, which may go away.
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
