/* SPDX-License-Identifier: MIT */
/* mount, umount2, statfs, reboot. */
#pragma once

#include <stdint.h>

#define MS_RDONLY      0x00000001u
#define MS_NOSUID      0x00000002u
#define MS_NODEV       0x00000004u
#define MS_NOEXEC      0x00000008u
#define MS_SYNCHRONOUS 0x00000010u
#define MS_REMOUNT     0x00000020u
#define MS_NOATIME     0x00000400u
#define MS_NODIRATIME  0x00000800u
#define MS_BIND	       0x00001000u
#define MS_MOVE	       0x00002000u
#define MS_REC	       0x00004000u
#define MS_SILENT      0x00008000u
#define MS_UNBINDABLE  0x00020000u
#define MS_PRIVATE     0x00040000u
#define MS_SLAVE       0x00080000u
#define MS_SHARED      0x00100000u
#define MS_RELATIME    0x00200000u
#define MS_STRICTATIME 0x01000000u
#define MS_MGC_VAL     0xc0ed0000u
#define MS_MGC_MSK     0xffff0000u

#define MNT_FORCE	1u
#define MNT_DETACH	2u
#define MNT_EXPIRE	4u
#define UMOUNT_NOFOLLOW 8u

struct linux_statfs {
	int64_t f_type, f_bsize;
	uint64_t f_blocks, f_bfree, f_bavail, f_files, f_ffree;
	int32_t f_fsid[2];
	int64_t f_namelen, f_frsize, f_flags, f_spare[4];
};
_Static_assert(sizeof(struct linux_statfs) == 120, "statfs");
#define ST_VALID    0x0020
#define ST_RELATIME 0x1000

#define REBOOT_MAGIC1	     0xfee1deadu
#define REBOOT_MAGIC2	     672274793u
#define REBOOT_MAGIC2A	     85072278u
#define REBOOT_MAGIC2B	     369367448u
#define REBOOT_MAGIC2C	     537993216u
#define REBOOT_CMD_RESTART   0x01234567u
#define REBOOT_CMD_HALT	     0xcdef0123u
#define REBOOT_CMD_CAD_ON    0x89abcdefu
#define REBOOT_CMD_CAD_OFF   0x00000000u
#define REBOOT_CMD_POWER_OFF 0x4321fedcu
#define REBOOT_CMD_RESTART2  0xa1b2c3d4u
