# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Who holds which lock, who waits for it, and whether they wait for each other.

import gdb

from vmcore_kernel import Command, Missing, at, fields, get, lookup, mask, \
    number, text, variable, warn
from vmcore_proc import threads

# The low bits of a lock's owner are flags.
FLAGS = 7


class Lock:
    """A lock that somebody waits for, or Giant: where its lock_object is."""

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
    """The thread that has it, by the lock itself if it is a mutex, or as far
    as those who wait were told."""
    if lock.kind == "" or "mutex" in lock.kind:
        try:
            mtx = at(lock.address - object_offset(), "struct mtx")
            return number(mtx, "mtx_lock") & mask() & ~FLAGS
        except Missing:
            pass
    return number(turnstile, "ts_owner") & ~FLAGS if turnstile is not None \
        else 0


def object_offset():
    """Where in a mutex the struct is that all locks have."""
    known = fields(lookup("struct mtx"))
    return known.get("mtx_object", known.get("lock_object", 0))


def class_of(lock):
    """What kind of lock it is; "" if the kernel does not tell."""
    try:
        return text(get(lock, "lo_class.lc_name"))
    except Missing:
        return ""


def gather():
    """All threads by address, locks by address, and for each thread that waits
    the lock."""
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
                warn("%s waits for %s, but is on no turnstile" % (td.name(),
                                                                  td.wait))
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
    """What a thread that holds a lock is at."""
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
        return "0x%x, which is no thread that there is" % lock.owner
    td = known[lock.owner]
    return "%s, %s" % (td.name(), doing(td))


def chain(known, waits, td):
    """From a thread along the locks to who holds up all: the words, and
    the threads of a circle, if it is one."""
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
    """Lines: locks, chains, circles."""
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
                # Each circle once; who only leads to it is told apart.
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
    """Who holds the locks that threads wait for: lockinfo

Giant, and each lock that a thread waits for, with who has it and who waits.
Then the chains: who waits for whom, to the end; "circle" if that is where it
began, and none of them will ever run."""

    def run(self, argv):
        for line in report():
            gdb.write(line + "\n")


def load():
    Lockinfo("lockinfo")
