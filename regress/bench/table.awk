# SPDX-License-Identifier: BSD-2-Clause
#
# Copyright (c) 2026 The minidump project authors
#
# table.awk samples rows: print the table that "run" describes.  Units: ns
# (nanoseconds), bytes, count, float.

function median(string,	i, j, list, n, t)
{
	n = split(string, list, " ")
	for (i = 2; i <= n; i++)
		for (j = i; j > 1 && list[j - 1] + 0 > list[j] + 0; j--) {
			t = list[j]
			list[j] = list[j - 1]
			list[j - 1] = t
		}
	if (n % 2 == 1)
		return list[(n + 1) / 2]
	return (list[n / 2] + list[n / 2 + 1]) / 2
}

# Return the samples of a key.
function all(key)
{
	if (!(key in samples)) {
		print "table: nothing was measured as " key > "/dev/stderr"
		exit 1
	}
	return samples[key]
}

# Return the ratios of the samples of two keys, or of their medians if their
# numbers differ.
function ratios(key, other,	a, b, i, n, string)
{
	n = split(all(key), a, " ")
	if (split(all(other), b, " ") != n)
		return median(all(key)) / median(all(other))
	for (i = 1; i <= n; i++)
		string = string " " a[i] / b[i]
	return string
}

# Format with three digits, and a prefix of the unit.
function scaled(value, units,	i, n, unit)
{
	n = split(units, unit, " ")
	for (i = 1; i < n && value >= 1000; i++)
		value /= 1000
	return digits(value) " " unit[i]
}

function digits(value)
{
	return sprintf(value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : \
	    value >= 0.1 ? "%.2f" : "%.4f", value)
}

function show(value, unit)
{
	if (unit == "ns")
		return scaled(value, "ns us ms s")
	if (unit == "bytes")
		return scaled(value, "B kB MB GB")
	if (unit == "count")
		return sprintf("%.0f", value)
	return digits(value)
}

FNR == NR {
	samples[$1] = samples[$1] " " $2
	next
}

FNR == 1 {
	print "| what | ours | against | ratio | target | met? |"
	print "| --- | --- | --- | --- | --- | --- |"
}

{
	split($0, field, "|")
	ratio = median(ratios(field[3], field[5]))
	limit = field[6]
	printf "| %s | %s | %s: %s | %s | %s | %s |\n", field[1],
	    show(median(all(field[3])), field[2]), field[4],
	    show(median(all(field[5])), field[2]),
	    sprintf(ratio < 0.1 ? "%.4f" : "%.2f", ratio),
	    limit == "" ? "" : "<= " limit,
	    limit == "" ? "" : ratio <= limit + 0 ? "yes" : "**no**"
}
