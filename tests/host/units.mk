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
units-test_tty := dev/ldisc dev/tty_out lib/string

# The same for the fuzz targets in tests/fuzz.
units-fuzz_elf := lib/elf
units-fuzz_cpio := lib/cpio lib/string

# These run once more under the thread sanitizer.
tsan-tests := test_ring test_atomic_ref

# kernel/mm: all of it together, on the machine of stubs/mm_*.c.
units-mm := mm/frame mm/slab mm/slab_info mm/kmalloc mm/kstack mm/tlb \
	mm/uio mm/ucopy mm/vmobj mm/region mm/aspace mm/aspace_map \
	mm/aspace_fault mm/aspace_table mm/aspace_copy mm/aspace_zap \
	mm/aspace_brk mm/aspace_remap mm/aspace_advise mm/aspace_info \
	lib/rbtree lib/radix lib/string
units-test_frame := $(units-mm)
units-test_slab := $(units-mm)
units-test_vmobj := $(units-mm)
units-test_aspace := $(units-mm)
units-test_uio := $(units-mm)

# kernel/obj, ns and fs together, on tests/host/stubs/vfs_machine.h.
units-vfs := obj/cred obj/desc obj/handles obj/poll ns/attr ns/chardev \
	ns/dirops ns/fs_type ns/fsctx ns/mount ns/node ns/node_dir \
	ns/node_file ns/open ns/path_string ns/rename ns/walk fs/ramfs \
	fs/ramfs_dir fs/ramfs_change fs/ramfs_rename fs/ramfs_file fs/unpack \
	fs/pipe fs/fifo fs/fs mm/vmobj mm/uio lib/radix lib/bitmap lib/cpio \
	lib/num lib/fmt lib/string
units-test_handles := $(units-vfs)
units-test_walk := $(units-vfs)
units-test_ramfs := $(units-vfs)
units-test_pipe := $(units-vfs)
units-test_requests :=

# kernel/sched: what knows neither cores nor clocks.
units-test_runq := sched/runq lib/rbtree
