# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors

# Users of kernel memory: malloc(9) types, zones, mbufs.

import gdb

from vmcore_kernel import Command, Missing, at, get, number, table, text, \
    variable, walk, warn

PAGE_SIZE = 4096
NCPUS_MAX = 1024


def ncpus():
    """The number of per-CPU slots."""
    try:
        return min(max(number(variable("mp_maxid")), 0) + 1, NCPUS_MAX)
    except Missing:
        return 1


def malloc_types():
    """Name, bytes, items and requests of each type, largest first."""
    rows = []
    for kind in walk(variable("kmemstatistics"), "ks_next", "malloc types"):
        try:
            name = text(get(kind, "ks_shortdesc"))
            address = number(kind, "ks_handle")
            if address == 0:
                continue
            stats = get(at(address, "struct malloc_type_internal"),
                        "mti_stats")
            low, high = stats.type.range()
            used = items = requests = 0
            for i in range(low, min(high + 1, low + ncpus())):
                used += number(stats[i], "mts_memalloced") - \
                    number(stats[i], "mts_memfreed")
                items += number(stats[i], "mts_numallocs") - \
                    number(stats[i], "mts_numfrees")
                requests += number(stats[i], "mts_numallocs")
            rows.append((name, used, items, requests))
        except gdb.MemoryError as error:
            warn("malloc type at 0x%x: %s" % (int(kind.address), error))
    rows.sort(key=lambda row: (-row[1], row[0]))
    return rows


class Zone:
    """The statistics of a zone."""

    def __init__(self, keg, zone):
        self.name = text(get(zone, "uz_name"))
        self.size = number(keg, "uk_size")
        pages = number(keg, "uk_pages")
        each = number(keg, "uk_ppera")
        items = number(keg, "uk_ipers")
        self.memory = pages * PAGE_SIZE
        self.total = pages // each * items if each else 0
        limit = number(keg, "uk_maxpages")
        self.limit = limit // each * items if each else 0
        allocs, frees = number(zone, "uz_allocs"), number(zone, "uz_frees")
        # The array is larger than its declaration.
        first = get(zone, "uz_cpu")[0].address
        for i in range(ncpus()):
            cache = (first + i).dereference()
            allocs += number(cache, "uc_allocs")
            frees += number(cache, "uc_frees")
        self.used = allocs - frees
        self.requests = allocs
        self.failures = number(zone, "uz_fails")

    def free(self):
        return max(self.total - self.used, 0)


def zones():
    """All zones, largest first.  The memory of a keg counts for its first
    zone."""
    found = []
    for keg in walk(get(variable("uma_kegs"), "lh_first"), "uk_link.le_next",
                    "kegs"):
        first = True
        for zone in walk(get(keg, "uk_zones.lh_first"), "uz_link.le_next",
                         "zones of a keg"):
            try:
                z = Zone(keg, zone)
            except gdb.MemoryError as error:
                warn("zone at 0x%x: %s" % (int(zone.address), error))
                continue
            if not first:
                z.memory = 0
            first = False
            found.append(z)
    found.sort(key=lambda z: (-z.memory, z.name))
    return found


class VmstatM(Command):
    """List malloc(9) memory by type, largest first: vmstat-m"""

    def run(self, argv):
        table(("TYPE", "BYTES", "ITEMS", "REQUESTS"), malloc_types(), "lrrr")


class VmstatZ(Command):
    """List zone memory, largest first: vmstat-z"""

    def run(self, argv):
        table(("ZONE", "BYTES", "SIZE", "LIMIT", "USED", "FREE", "REQUESTS",
               "FAILURES"),
              [(z.name, z.memory, z.size, z.limit or "-", z.used, z.free(),
                z.requests, z.failures) for z in zones()], "lrrrrrrr")


class Netstat(Command):
    """Count mbufs and clusters: netstat"""

    def run(self, argv):
        by_name = {z.name: z for z in zones()}
        rows = []
        for name in sorted(by_name):
            if name.startswith("mbuf"):
                z = by_name[name]
                rows.append((name, z.used, z.free(), z.total, z.limit or "-",
                             z.failures))
        if not rows:
            raise Missing("no zone has a name that begins with mbuf")
        table(("ZONE", "USED", "FREE", "TOTAL", "LIMIT", "FAILURES"), rows,
              "lrrrrr")


def load():
    VmstatM("vmstat-m")
    VmstatZ("vmstat-z")
    Netstat("netstat")
