# Out: the declarations; sys/minidump.h has all that is left.
g/vm_page_dump/d
g/dump_add_page/d
g/dump_drop_page/d
g/minidumpsys/d
