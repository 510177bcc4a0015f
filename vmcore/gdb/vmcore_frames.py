# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Decorates backtraces: entry points show the trap or interrupt, and the last
# frame shows the registers of user mode, whose memory is not in the dump.

import gdb
from gdb.FrameDecorator import FrameDecorator, SymValueWrapper

from vmcore_kernel import Missing, symbols
from vmcore_trap import FIRST, frame_of


def readable(frame, variables):
    """Arguments or locals: the reason in place of those that cannot be read,
    at which gdb would end the line.  Of kernels that clang made with DWARF 2
    these are constants, which gdb takes for their addresses."""
    for variable in variables or ():
        symbol = variable.symbol()
        if variable.value() is None and not isinstance(symbol, str):
            try:
                value = frame.read_var(symbol)
                if not value.is_optimized_out:
                    value.fetch_lazy()
            except gdb.error as error:
                variable = SymValueWrapper(symbol, "<%s>" % error)
        yield variable


class Frame(FrameDecorator):
    """A frame as gdb has it."""

    def frame_args(self):
        return readable(self.inferior_frame(), super().frame_args())

    def frame_locals(self):
        return readable(self.inferior_frame(), super().frame_locals())


class Named(Frame):
    """A frame for which gdb has no name, or a wrong one."""

    def __init__(self, base, name):
        super().__init__(base)
        self.name = name

    def function(self):
        return self.name

    def line(self):
        # gdb omits the line of a frame that follows a signal frame.
        return self.inferior_frame().find_sal().line or None


def entry(base, frame, name):
    """An entry point, with the trap or interrupt that used it."""
    what = frame.what(name)
    if what.startswith("trap"):
        what += ", %s 0x%x" % ("rip" if frame.wide else "eip", frame.pc)
    return Named(base, "%s <%s>" % (name, what))


def other(base):
    """Any other frame."""
    frame = base.inferior_frame()
    pc = frame.pc()
    name = symbols().find(pc)[0]
    if name is not None:
        return Named(base, name) if FIRST.match(name) else Frame(base)
    if frame.function() is None and \
            gdb.execute("info symbol %d" % pc, to_string=True).startswith("No"):
        return Named(base, "??")
    return Frame(base)


class User(FrameDecorator):
    """The last frame."""

    def __init__(self, base, frame):
        super().__init__(base)
        ip, sp = ("rip", "rsp") if frame.wide else ("eip", "esp")
        self.name = "<user mode, %s 0x%x, %s 0x%x>" % (ip, frame.pc, sp,
                                                       frame.sp())

    def function(self):
        return self.name

    def address(self):
        return None

    def filename(self):
        return None

    def line(self):
        return None

    def frame_args(self):
        return None

    def frame_locals(self):
        return None


class Filter:
    """Decorates all frames, innermost first."""

    def __init__(self):
        self.name = "vmcore"
        self.enabled = True
        self.priority = 100
        gdb.current_progspace().frame_filters[self.name] = self

    def filter(self, frames):
        trap = None
        for base in frames:
            if trap is not None and trap.user:
                yield User(base, trap)
                return
            try:
                trap, name = frame_of(base.inferior_frame())
                base = other(base) if trap is None else \
                    entry(base, trap, name)
            except (Missing, gdb.error):
                trap = None
                base = Frame(base)
            yield base


def load():
    Filter()
