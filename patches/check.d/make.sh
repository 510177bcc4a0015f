# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# What the tree's own makefiles say.  Part of patches/check.
#
# The tree's share/mk is read by the make that called us (bmake, or make on
# FreeBSD), which builds nothing: -n shows a command with its variables put in.

cat >"$work/ask.mk" <<'MAKEFILE'
.include "${ASKED}"
check-ask: ${SRCS}
	: sources ${.ALLSRC}
	: cflags ${CFLAGS}
	: libraries ${LDADD}
	: directories ${LDIRS} ${LSUBDIRS} ${LSUBSUBDIRS}
	: headers ${INCS}
MAKEFILE
cat >"$work/askkern.mk" <<'MAKEFILE'
.include "$S/conf/kern.pre.mk"
.include "$S/conf/kern.mk"
check-ask:
	: cflags ${CFLAGS}
MAKEFILE

# ask VIEW DIR OUT [VARIABLE=value ...]: what the makefile in DIR of the view
# says for this machine, into OUT.  Fails if it cannot be read.
ask()
{
	ask_view=$1 ask_dir=$2 ask_out=$3
	shift 3
	case $ask_dir in
	sys)	set -- -f "$work/askkern.mk" "S=$ask_view/sys" \
		    KERN_IDENT=CHECK "$@" ;;
	*)	set -- -f "$work/ask.mk" \
		    "ASKED=$ask_view/$ask_dir/Makefile" "$@" ;;
	esac
	(cd "$ask_view/$ask_dir" && env -i PATH="$PATH" \
	    "$MAKE" -n -m "$ask_view/share/mk" "$@" __MAKE_CONF=/dev/null \
	    MACHINE="$machine" MACHINE_ARCH="$arch" check-ask) \
	    >"$ask_out" 2>"$ask_out.err" && grep -q '^: cflags' "$ask_out"
}

# said WHAT FILE: one line of what ask has written, less what quotes it for sh.
said()
{
	sed -n "s/^: $1 *//p" "$2" | tr -d "\\\\'"
}

# The flags of $@ that this compiler knows, for $target.  Warnings are never
# made errors: what counts is which of them are new.
known_flags()
{
	[ $# -gt 0 ] || return 0
	while [ $# -gt 0 ]; do
		case $1 in
		-I-|-Werror|-c|-g|-pipe)
			;;
		-include)
			printf '%s ' "$1 $2"
			shift ;;
		--param)
			! try_flag "$1" "$2" || printf '%s ' "$1 $2"
			shift ;;
		-[DIU]*)
			printf '%s ' "$1" ;;
		*)
			! try_flag "$1" || printf '%s ' "$1" ;;
		esac
		shift
	done
}

# What is known of each flag is kept, in $gen/known.
try_flag()
{
	word=$(grep -s -e "^[a-z]* $*\$" "$gen/known") || {
		word=no
		! $CC $target -Werror "$@" -c -o "$gen/empty.o" \
		    "$gen/empty.c" >"$gen/empty.log" 2>&1 ||
		    [ -s "$gen/empty.log" ] || word=yes
		echo "$word $*" >>"$gen/known"
	}
	[ "${word%% *}" = yes ]
}
