/* SPDX-License-Identifier: MIT */
/* Control calls that are not a terminal's (those: termios.h). */
#pragma once

#define FIONREAD       0x541bu
#define FIONBIO	       0x5421u
#define FIONCLEX       0x5450u
#define FIOCLEX	       0x5451u
#define FIOASYNC       0x5452u
#define FIOQSIZE       0x5460u
#define FIGETBSZ       2u
#define FIBMAP	       1u
#define FICLONE	       0x40049409u
#define BLKGETSIZE     0x1260u
#define BLKSSZGET      0x1268u
#define BLKGETSIZE64   0x80081272u
#define RNDGETENTCNT   0x80045200u
#define RNDADDTOENTCNT 0x40045201u
#define SIOCGIFCONF    0x8912u

/* The parts of a number: direction, size, type, number. */
#define LINUX_IOC_WRITE	  1u
#define LINUX_IOC_READ	  2u
#define LINUX_IOC_DIR(c)  (((c) >> 30) & 3u)
#define LINUX_IOC_SIZE(c) (((c) >> 16) & 0x3fffu)
