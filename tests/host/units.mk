# SPDX-License-Identifier: MIT
# What each host test links: the units under test, and nothing else.

units-test_list :=
units-test_bits :=
units-test_atomic_ref :=
units-test_ring :=
units-test_hash := lib/string
units-test_bitmap := lib/bitmap
units-test_rbtree := lib/rbtree
units-test_timerq := lib/timerq lib/rbtree
units-test_radix := lib/radix
units-test_string := lib/string
units-test_fmt := lib/fmt
units-test_num := lib/num
units-test_err := lib/err
units-test_cmdline := lib/cmdline lib/string
units-test_rng := lib/rng lib/string
units-test_cpio := lib/cpio lib/string
units-test_elf := lib/elf
units-test_fault :=

# The same for the fuzz targets in tests/fuzz.
units-fuzz_elf := lib/elf
units-fuzz_cpio := lib/cpio lib/string

# These run once more under the thread sanitizer.
tsan-tests := test_ring test_atomic_ref
