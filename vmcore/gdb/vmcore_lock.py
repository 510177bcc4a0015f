# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Locks: their owners, the threads that wait for them, and deadlocks.

import gdb

from vmcore_kernel import Command, Missing, at, fields, get, lookup, mask, \
    number, text, variable, warn
from vmcore_proc import threads

# The low bits of a lock's owner are flags.
FLAGS = 7


class Lock:
    """A contended lock, or Giant; the address is that of its lock_object."""

    def __init__(self, address, name, kind):
        self.address = address
        self.name = name
        self.kind = kind
        self.owner = 0          # address of a thread
        self.waiters = []

    def title(self):
        return "%s%s at 0x%x" % (self.kind + " " if self.kind else "",
                                 self.name or "(no name)", self.address)


def owner_of(lock, turnstile):
    """The owner: from the lock if it is a mutex, else from the turnstile, which
    does not always know it."""
    if lock.kind == "" or "mutex" in lock.kind:
        try:
            mtx = at(lock.address - object_offset(), "struct mtx")
            return number(mtx, "mtx_lock") & mask() & ~FLAGS
        except Missing:
            pass
    return number(turnstile, "ts_owner") & ~FLAGS if turnstile is not None \
        else 0


def object_offset():
    """The offset of the lock_object in a mutex."""
    known = fields(lookup("struct mtx"))
    return known.get("mtx_object", known.get("lock_object", 0))


def class_of(lock):
    """The name of its lock class; "" if unknown."""
    try:
        return text(get(lock, "lo_class.lc_name"))
    except Missing:
        return ""


def gather():
    """All threads and locks by address, and the lock that each thread waits
    for."""
    known, locks, waits = {}, {}, {}
    for td in threads():
        known[td.address] = td
    try:
        giant = variable("Giant")
        lock = Lock(int(giant.address) + object_offset(), "Giant",
                    "sleep mutex")
        lock.owner = owner_of(lock, None)
        locks[lock.address] = lock
    except Missing as error:
        warn("Giant: %s" % error)
    for td in known.values():
        if td.state != "lock":
            continue
        try:
            turnstile = get(td.value, "td_blocked")
            if number(turnstile) == 0:
                warn("%s waits for %s, but is not on a turnstile" %
                     (td.name(), td.wait))
                continue
            address = number(turnstile, "ts_lockobj")
            if address not in locks:
                lock = Lock(address, td.wait, class_of(at(
                    address, "struct lock_object")))
                lock.owner = owner_of(lock, turnstile)
                locks[address] = lock
            locks[address].waiters.append(td)
            waits[td.address] = locks[address]
        except (Missing, gdb.MemoryError) as error:
            warn("%s: %s" % (td.name(), error))
    return known, locks, waits


def doing(td):
    """What a thread is doing, in words."""
    if td.state == "run":
        return "running" if td.cpu is None else "running on CPU %d" % td.cpu
    if td.wait:
        return "%s %s" % ("sleeps on" if td.state == "sleep" else
                          "waits for", td.wait)
    return td.state


def holder(known, lock):
    if lock.owner == 0:
        return "nobody"
    if lock.owner not in known:
        return "0x%x, which is not a thread" % lock.owner
    td = known[lock.owner]
    return "%s, %s" % (td.name(), doing(td))


def chain(known, waits, td):
    """The threads and locks that a thread waits for, in words, and the set of
    threads in a circle if there is one."""
    words, seen = [td.name()], [td.address]
    while td.address in waits:
        lock = waits[td.address]
        words.append(lock.name or "0x%x" % lock.address)
        if lock.owner not in known:
            words.append(holder(known, lock))
            break
        td = known[lock.owner]
        words.append(td.name())
        if td.address in seen:
            return words, frozenset(seen[seen.index(td.address):])
        seen.append(td.address)
    else:
        words[-1] += ", " + doing(td)
    return words, None


def report():
    """Generate the lines of lockinfo."""
    known, locks, waits = gather()
    for lock in locks.values():
        yield "%s: held by %s" % (lock.title(), holder(known, lock))
        for td in lock.waiters:
            yield "    waits: %s" % td.name()
    owners = {lock.owner for lock in locks.values() if lock.waiters}
    circles = set()
    for address in waits:
        words, circle = chain(known, waits, known[address])
        if circle is not None:
            if circle in circles or address not in circle:
                # Report each circle once, and chains that lead to it.
                if address not in circle:
                    yield "chain: " + " -> ".join(words)
                continue
            circles.add(circle)
            yield "circle: " + " -> ".join(words)
        elif address not in owners:
            yield "chain: " + " -> ".join(words)
    if not waits:
        yield "no thread waits for a lock"


class Lockinfo(Command):
    """Show the owners of contended locks: lockinfo

Lists Giant and each lock that a thread waits for, with its owner and the
waiting threads.  Then lists the chains of threads and locks.  A "circle" is a
deadlock."""

    def run(self, argv):
        for line in report():
            gdb.write(line + "\n")


def load():
    Lockinfo("lockinfo")
