# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# The part of patches/check for headers: of those that the series adds, only
# the ones in the list next to this file are for users of the system.

# The directories of sys/ all of whose headers "make includes" installs.
installed_directories()
{
	machine=$1 arch=$2
	ask "$work/after" include "$work/ask.include" || {
		layout=headers
		could_not "include/Makefile cannot be read:" \
		    "$(tail -n 1 "$work/ask.include.err")"
	}
	said directories "$work/ask.include" | tr ' ' '\n'
	awk '!/^#/ { print $2 "/include"; print $3 "/include" }' \
	    "$patches/check.d/layouts"
}

check_headers()
{
	installed_directories i386 i386 | sort -u |
	    sed -n 's,^..*,sys/&,p' >"$work/directories"
	layout=headers
	awk '$1 == "A" && /\.h$/ { print $2 }' "$work/files" |
	while read -r path; do
		if grep -qx "$(dirname "$path")" "$work/directories"; then
			if grep -qx "$path" "$patches/check.d/headers"; then
				tell "$path" "ok: installed"
			else
				tell "$path" "FAILED: is installed, for users"
			fi
		fi
	done
}
