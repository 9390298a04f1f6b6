/* SPDX-License-Identifier: MIT */
/*
 * What the loader said: memory map, command line, initrd, RSDP.  Two forms:
 * hvm_start_info of PVH (xen/include/public/arch-x86/hvm/start_info.h) and
 * multiboot2 (specification 3.6).  Everything is copied, so the loader's
 * memory can be reused.  Runs on the identity map.
 */
#include <arch/impl/asm.h>
#include <arch/impl/boot_impl.h>
#include <lib/assert.h>
#include <lib/minmax.h>
#include <lib/string.h>

struct pvh_info {
	uint32_t magic, version, flags, nmodules;
	uint64_t modules, cmdline, rsdp;
	/* From version 1 on: */
	uint64_t memmap;
	uint32_t nmemmap, reserved;
};

struct pvh_module {
	uint64_t start, size, cmdline, reserved;
};

struct pvh_mem {
	uint64_t start, size;
	uint32_t type, reserved;
};

#define PVH_MAGIC 0x336ec578u

struct mb2_tag {
	uint32_t type, size;
};

struct mb2_module {
	struct mb2_tag tag;
	uint32_t start, end;
};

struct mb2_mmap {
	struct mb2_tag tag;
	uint32_t entry_size, entry_version;
};

struct mb2_mem {
	uint64_t start, size;
	uint32_t type, reserved;
};

enum {
	MB2_END = 0,
	MB2_CMDLINE = 1,
	MB2_MODULE = 3,
	MB2_MMAP = 6,
	MB2_RSDP_OLD = 14,
	MB2_RSDP_NEW = 15,
};

struct boot_info boot_info;

static void add_mem(uint64_t start, uint64_t size, uint32_t type)
{
	struct boot_mem *m;

	if (boot_info.nmem == BOOT_MAX_MAP || size == 0)
		return;
	m = &boot_info.mem[boot_info.nmem++];
	m->start = start;
	m->end = start + size;
	m->type = type;
}

static void take_cmdline(const char *text)
{
	(void)str_copy(boot_info.cmdline, sizeof(boot_info.cmdline), text);
}

static void read_pvh(const struct pvh_info *info)
{
	const struct pvh_mem *mem = phys_to_virt(info->memmap);
	const struct pvh_module *mod = phys_to_virt(info->modules);
	uint32_t i;

	boot_info.protocol = "pvh";
	if (info->magic != PVH_MAGIC || info->version < 1)
		panic("boot: PVH start info has no memory map");
	for (i = 0; i < info->nmemmap; i++)
		add_mem(mem[i].start, mem[i].size, mem[i].type);
	if (info->nmodules != 0 && mod->size != 0) {
		boot_info.initrd_start = mod->start;
		boot_info.initrd_end = mod->start + mod->size;
	}
	if (info->cmdline != 0)
		take_cmdline(phys_to_virt(info->cmdline));
	boot_info.rsdp = info->rsdp;
}

static void read_mb2_mmap(const struct mb2_mmap *map)
{
	const void *at = map + 1;
	const void *end = (const void *)map + map->tag.size;

	for (; at + sizeof(struct mb2_mem) <= end; at += map->entry_size) {
		const struct mb2_mem *m = at;

		add_mem(m->start, m->size, m->type);
	}
}

/* The RSDP comes inside the tag; acpi.c takes a physical address. */
static paddr_t keep_rsdp(const struct mb2_tag *tag)
{
	static uint8_t copy[64] __aligned(16);

	memcpy(copy, tag + 1,
	       min_t(size_t, tag->size - sizeof(*tag), sizeof(copy)));
	return (vaddr_t)copy - KERNEL_BASE;
}

static void read_mb2_tag(const struct mb2_tag *tag)
{
	const struct mb2_module *mod = (const void *)tag;

	switch (tag->type) {
	case MB2_CMDLINE:
		take_cmdline((const char *)(tag + 1));
		break;
	case MB2_MODULE:
		if (boot_info.initrd_end != 0)
			break;
		boot_info.initrd_start = mod->start;
		boot_info.initrd_end = mod->end;
		break;
	case MB2_MMAP:
		read_mb2_mmap((const void *)tag);
		break;
	case MB2_RSDP_OLD:
		if (boot_info.rsdp == 0)
			boot_info.rsdp = keep_rsdp(tag);
		break;
	case MB2_RSDP_NEW:
		boot_info.rsdp = keep_rsdp(tag);
		break;
	default:
		break;
	}
}

static void read_mb2(const void *info)
{
	const uint32_t *head = info;
	const void *at = info + 8, *end = info + head[0];

	boot_info.protocol = "multiboot2";
	while (at + sizeof(struct mb2_tag) <= end) {
		const struct mb2_tag *tag = at;

		if (tag->type == MB2_END || tag->size < sizeof(*tag))
			break;
		read_mb2_tag(tag);
		at += align_up(tag->size, 8u);
	}
}

void boot_info_read(unsigned protocol, paddr_t info)
{
	if (protocol == BOOT_PVH)
		read_pvh(phys_to_virt(info));
	else
		read_mb2(phys_to_virt(info));
	if (boot_info.nmem == 0)
		panic("boot: no memory map");
}

const char *boot_cmdline(void)
{
	return boot_info.cmdline;
}

void boot_initrd_range(paddr_t *start, paddr_t *end)
{
	*start = boot_info.initrd_start;
	*end = boot_info.initrd_end;
}

const void *boot_initrd(size_t *size)
{
	*size = boot_info.initrd_end - boot_info.initrd_start;
	return *size != 0 ? phys_to_virt(boot_info.initrd_start) : NULL;
}

/* Is @word one of the words before "--"? */
bool boot_word(const char *word)
{
	const char *p = boot_info.cmdline;
	size_t n = strlen(word);

	for (;;) {
		size_t len = 0;

		while (*p == ' ')
			p++;
		while (p[len] != '\0' && p[len] != ' ')
			len++;
		if (len == 0 || (len == 2 && p[0] == '-' && p[1] == '-'))
			return false;
		if (len == n && strncmp(p, word, n) == 0)
			return true;
		p += len;
	}
}
