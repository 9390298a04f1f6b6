/* SPDX-License-Identifier: MIT */
/* Directory entries as getdents and getdents64 pack them. */
#pragma once

#include <stdint.h>

#define DT_UNKNOWN 0
#define DT_FIFO	   1
#define DT_CHR	   2
#define DT_DIR	   4
#define DT_BLK	   6
#define DT_REG	   8
#define DT_LNK	   10
#define DT_SOCK	   12

/* The name follows, ended by NUL; the record is padded to 8 bytes. */
struct linux_dirent64 {
	uint64_t d_ino;
	int64_t d_off;
	uint16_t d_reclen;
	uint8_t d_type;
	char d_name[5]; /* as many as fill the struct; really longer */
};
_Static_assert(sizeof(struct linux_dirent64) == 24, "dirent64");
#define DIRENT64_NAME_OFFSET 19u
_Static_assert(__builtin_offsetof(struct linux_dirent64, d_name) ==
		       DIRENT64_NAME_OFFSET,
	       "dirent64");

/* The older call: name from byte 18, the type in the record's last byte. */
struct linux_dirent {
	uint64_t d_ino;
	uint64_t d_off;
	uint16_t d_reclen;
	char d_name[6];
};
_Static_assert(sizeof(struct linux_dirent) == 24, "dirent");
#define DIRENT_NAME_OFFSET 18u
