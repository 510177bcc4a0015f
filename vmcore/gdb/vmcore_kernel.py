# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Access to a kernel file and its dump: types and fields by name, assembly
# symbols, text, lists.  All other files here use this one; only this raises
# Missing for absent data, with a message that says what is absent.

import bisect
import struct

import gdb

# No list in a 6.x kernel is longer than this, unless it is damaged.
LIST_MAX = 200000


class Missing(Exception):
    """Something is not in the debug information or in the dump."""


def warn(text):
    gdb.write("vmcore: %s\n" % text, gdb.STDERR)


# ---- Text

# The same ranges as in libkvm/host/kvm_text.c, including both ends.
HIDDEN = ((0x00, 0x1f), (0x7f, 0x9f), (0x61c, 0x61c), (0x200e, 0x200f),
          (0x2028, 0x202e), (0x2066, 0x2069))


def escape(data):
    """Convert bytes to text that can be printed."""
    out = []
    for c in data.decode("utf-8", "surrogateescape"):
        code = ord(c)
        if 0xdc80 <= code <= 0xdcff:
            out.append("\\%03o" % (code - 0xdc00))
        elif any(low <= code <= high for low, high in HIDDEN):
            out += ["\\%03o" % byte for byte in c.encode("utf-8")]
        else:
            out.append(c)
    return "".join(out)


def memory(address, size):
    """Bytes of the dump."""
    try:
        return bytes(gdb.selected_inferior().read_memory(address, size))
    except (gdb.MemoryError, OverflowError):
        raise Missing("memory at 0x%x is not in the dump" % address)


def string_at(address, limit=256):
    """The string there, escaped, as far as it can be read."""
    data = b""
    while len(data) < limit:
        # Stop at the page boundary: the next page may be absent.
        size = min(limit - len(data), 4096 - (address + len(data)) % 4096)
        try:
            data += memory(address + len(data), size)
        except Missing:
            if not data:
                raise
            break
        if b"\0" in data:
            break
    return escape(data.split(b"\0")[0])


def text(value, limit=256):
    """A char array or pointer, escaped; "" for NULL."""
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_ARRAY:
        return string_at(int(value.address), min(limit, value.type.sizeof))
    address = int(value) & mask()
    return string_at(address, limit) if address != 0 else ""


# ---- Types and fields

types = {}


def lookup(name):
    """The type of this name, "struct x" or a typedef."""
    if name not in types:
        try:
            types[name] = gdb.lookup_type(name)
        except gdb.error:
            types[name] = None
    if types[name] is None:
        raise Missing("the kernel's debug information has no %s" % name)
    return types[name]


def fields(kind):
    """The names of a struct's fields, and their offsets."""
    kind = kind.strip_typedefs()
    key = ("fields", kind.tag)
    if kind.tag is None or key not in types:
        found = {}
        for f in kind.fields():
            if not hasattr(f, "bitpos"):
                continue
            if f.name:
                found[f.name] = f.bitpos // 8
            else:
                # Members of an unnamed struct or union.
                for name, at in fields(f.type).items():
                    found[name] = f.bitpos // 8 + at
        if kind.tag is None:
            return found
        types[key] = found
    return types[key]


def has(value, *names):
    known = fields(value.type)
    return all(name in known for name in names)


def get(value, path):
    """value.a.b, following pointers."""
    for name in path.split("."):
        kind = value.type.strip_typedefs()
        if kind.code == gdb.TYPE_CODE_PTR:
            if int(value) == 0:
                raise Missing("a NULL pointer to %s" % kind.target())
            value = value.dereference()
            kind = value.type.strip_typedefs()
        if kind.code not in (gdb.TYPE_CODE_STRUCT, gdb.TYPE_CODE_UNION) or \
                name not in fields(kind):
            raise Missing("%s has no field %s" % (kind, name))
        value = value[name]
    return value


def number(value, path=None):
    """The value of an integer or a pointer."""
    if path is not None:
        value = get(value, path)
    try:
        n = int(value)
    except gdb.MemoryError:
        raise Missing("memory at %s is not in the dump" % value.address)
    except gdb.error as error:
        raise Missing(str(error))
    if value.type.strip_typedefs().code == gdb.TYPE_CODE_PTR:
        n &= mask()
    return n


def at(address, name):
    """The struct of this type there."""
    kind = lookup(name)
    memory(address, 1)
    return gdb.Value(address).cast(kind.pointer()).dereference()


def variable(name):
    """A variable of the kernel."""
    for find in (gdb.lookup_global_symbol, gdb.lookup_static_symbol):
        try:
            symbol = find(name)
            # gdb does not call a symbol a variable if it found only its
            # declaration, but value() works.
            if symbol is not None and not symbol.is_function:
                return symbol.value()
        except gdb.error:
            pass
    raise Missing("the kernel's debug information has no variable %s" % name)


def word():
    """The size of a pointer."""
    return gdb.lookup_type("long").sizeof if is_amd64() else 4


def mask():
    return (1 << (64 if is_amd64() else 32)) - 1


def is_amd64():
    name = gdb.selected_inferior().architecture().name()
    return name.startswith("i386:x86-64")


def read_word(address):
    size = 8 if is_amd64() else 4
    return int.from_bytes(memory(address, size), "little")


# ---- Lists

def walk(first, link, what):
    """The elements of the list that "first" points to; "link" is the field with
    the next pointer.  If the list is damaged, it ends with a warning."""
    seen = set()
    try:
        address = number(first)
        element = first
        while address != 0:
            if address in seen:
                warn("%s: circular list: 0x%x is followed by 0x%x" %
                     (what, last, address))
                return
            if len(seen) >= LIST_MAX:
                warn("%s: more than %d" % (what, LIST_MAX))
                return
            memory(address, 1)
            seen.add(address)
            last = address
            yield element.dereference()
            element = get(element, link)
            address = number(element)
    except (gdb.MemoryError, Missing) as error:
        warn("%s: ends early: %s" % (what, error))


# ---- Symbols

class Symbols:
    """Labels of the kernel's code, from its file: gdb's Python interface lacks
    symbols without debug information."""

    def __init__(self, filename):
        self.labels = []        # (address, name, isfunction), sorted
        self.low = self.high = 0
        try:
            with open(filename, "rb") as f:
                self.read(f)
        except (OSError, struct.error, IndexError):
            pass
        self.starts = [label[0] for label in self.labels]

    def read(self, f):
        ident = f.read(16)
        if ident[:4] != b"\x7fELF" or ident[5] != 1:
            return
        wide = ident[4] == 2
        f.seek(40 if wide else 32)
        offset, = struct.unpack("<Q" if wide else "<I",
                                f.read(8 if wide else 4))
        f.seek(58 if wide else 46)
        entsize, count = struct.unpack("<HH", f.read(4))
        f.seek(offset)
        raw = f.read(entsize * count)
        header = struct.Struct("<IIQQQQIIQQ" if wide else "<10I")
        sections = [header.unpack_from(raw, i * entsize)
                    for i in range(count)]
        # Allocated and executable.
        code = {i for i, s in enumerate(sections) if s[2] & 6 == 6}
        if code:
            self.low = min(sections[i][3] for i in code)
            self.high = max(sections[i][3] + sections[i][5] for i in code)
        for s in sections:
            if s[1] == 2:
                self.table(f, s, sections[s[6]], wide, code)

    def table(self, f, section, strings, wide, code):
        f.seek(strings[4])
        names = f.read(strings[5])
        f.seek(section[4])
        raw = f.read(section[5])
        row = struct.Struct("<IBBHQQ" if wide else "<IIIBBH")
        found = {}
        for entry in row.iter_unpack(raw[:len(raw) // row.size * row.size]):
            if wide:
                name, info, _, index, value, _ = entry
            else:
                name, value, _, info, _, index = entry
            # Assembly may define untyped labels instead of functions.
            if index not in code or info & 15 not in (0, 2):
                continue
            label = names[name:names.find(b"\0", name)].decode("latin-1")
            isfunction = info & 15 == 2 or info >> 4 == 1
            if label and (value not in found or isfunction):
                found[value] = (value, label, isfunction)
        self.labels = sorted(found.values())

    def find(self, pc, function=False):
        """The name and address of the last label, or function, up to pc;
        None, None if pc is not in the kernel's code."""
        if self.low <= pc < self.high:
            i = bisect.bisect_right(self.starts, pc) - 1
            while i >= 0:
                address, name, isfunction = self.labels[i]
                if isfunction or not function:
                    return name, address
                i -= 1
        return None, None


tables = {}


def symbols():
    filename = gdb.current_progspace().filename
    if filename not in tables:
        tables[filename] = Symbols(filename or "")
    return tables[filename]


# ---- Commands

def table(titles, rows, sides):
    """Print rows in columns; sides has the alignment of each, "l" or "r"."""
    rows = [tuple(str(cell) for cell in row) for row in rows]
    widths = [max(len(row[i]) for row in [titles] + rows)
              for i in range(len(titles))]
    for row in [titles] + rows:
        line = "  ".join(cell.ljust(width) if side == "l" else
                         cell.rjust(width) for cell, width, side in
                         zip(row, widths, sides))
        gdb.write(line.rstrip() + "\n")


class Prefix(gdb.Command):
    """Support for FreeBSD kernels, from vmcore.py.

Backtraces continue through traps and interrupts to the function that faulted.
See "help" for each command:
  acttrace      backtraces of the running threads
  dmesg         kernel messages
  kldstat       loaded modules
  lockinfo      owners of contended locks
  mount         mounted file systems
  netstat       mbufs
  pcpu          CPUs and their threads
  proc, tid     select a process, a thread
  ps            processes and threads
  vmstat-m      malloc(9) memory by type
  vmstat-z      zone memory"""

    def __init__(self):
        super().__init__("vmcore", gdb.COMMAND_STATUS, prefix=True)

    def invoke(self, argument, from_tty):
        gdb.execute("help vmcore")


class Command(gdb.Command):
    """A command that reports missing data as a one-line error."""

    def __init__(self, name):
        super().__init__(name, gdb.COMMAND_STATUS)
        self.name = name

    def invoke(self, argument, from_tty):
        try:
            self.run(gdb.string_to_argv(argument))
        except Missing as error:
            raise gdb.GdbError("%s: %s" % (self.name, error))
        except gdb.error as error:      # gdb.MemoryError is one
            raise gdb.GdbError("%s: %s" % (self.name, error))
