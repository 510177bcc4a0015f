# SPDX-License-Identifier: BSD-2-Clause
# Copyright (c) 2026 The minidump project authors
#
# Reads the tree's own makefiles.  Part of patches/check.
#
# The make that called us (bmake, or make on FreeBSD) reads the tree's share/mk
# and builds nothing: -n shows a command with its variables expanded.

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

# ask VIEW DIR OUT [VARIABLE=value ...]: write to OUT what the makefile in DIR
# of the view gives for this machine.  Fails if it cannot be read.
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

# said WHAT FILE: print one line written by ask, without the quotes for sh.
said()
{
	sed -n "s/^: $1 *//p" "$2" | tr -d "\\\\'"
}

# Print the flags of $@ that this compiler knows, for $target.  Warnings are
# never made errors: what counts is which of them are new.
known_flags()
{
	[ $# -gt 0 ] || return 0
	load_known
	unknown=
	eat_flags : "$@"
	[ -z "$unknown" ] || try_flags
	eat_flags 'printf %s\040' "$@"
}

# eat_flags COMMAND FLAG ...: run COMMAND with each flag that is known, or that
# needs no compiler to decide; the others are put into $unknown.
eat_flags()
{
	print=$1
	shift
	while [ $# -gt 0 ]; do
		flag=$1
		case $flag in
		-I-|-Werror|-c|-g|-pipe)
			shift
			continue ;;
		-include|--param)
			flag="$1 $2"
			shift ;;
		esac
		shift
		case $flag in
		-include*|-[DIU]*)
			$print "$flag"
			continue ;;
		esac
		case $known in
		*"|yes $flag|"*)
			$print "$flag" ;;
		*"|no $flag|"*)
			;;
		*)	unknown="$unknown|$flag" ;;
		esac
	done
}

# The results for each flag are kept, for all layouts with the same pointer
# size.
load_known()
{
	known='|'
	[ ! -f "$work/known.$bits" ] || while IFS= read -r line; do
		known="$known$line|"
	done <"$work/known.$bits"
}

# Usually the compiler knows all of $unknown; if not, each is tried.
try_flags()
{
	(
		IFS='|'
		set -f
		set -- ${unknown#|}
		unset IFS
		if try_flag "$@"; then
			[ $# -eq 0 ] || printf 'yes %s\n' "$@"
		else
			for flag; do
				if try_flag "$flag"; then
					echo "yes $flag"
				else
					echo "no $flag"
				fi
			done
		fi
	) >>"$work/known.$bits"
	load_known
}

try_flag()
{
	$CC $target -Werror $* -c -o "$gen/empty.o" "$gen/empty.c" \
	    >"$gen/empty.log" 2>&1 && [ ! -s "$gen/empty.log" ]
}
