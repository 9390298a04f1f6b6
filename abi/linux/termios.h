/* SPDX-License-Identifier: MIT */
/* Terminals: modes, sizes and the control calls. */
#pragma once

#include <stdint.h>

#define LINUX_NCCS 19

struct linux_termios {
	uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
	uint8_t c_line;
	uint8_t c_cc[LINUX_NCCS];
};
_Static_assert(sizeof(struct linux_termios) == 36, "termios");

struct linux_termios2 {
	uint32_t c_iflag, c_oflag, c_cflag, c_lflag;
	uint8_t c_line;
	uint8_t c_cc[LINUX_NCCS];
	uint32_t c_ispeed, c_ospeed;
};
_Static_assert(sizeof(struct linux_termios2) == 44, "termios2");

struct linux_winsize {
	uint16_t ws_row, ws_col, ws_xpixel, ws_ypixel;
};
_Static_assert(sizeof(struct linux_winsize) == 8, "winsize");

/* c_cc */
#define VINTR	 0
#define VQUIT	 1
#define VERASE	 2
#define VKILL	 3
#define VEOF	 4
#define VTIME	 5
#define VMIN	 6
#define VSWTC	 7
#define VSTART	 8
#define VSTOP	 9
#define VSUSP	 10
#define VEOL	 11
#define VREPRINT 12
#define VDISCARD 13
#define VWERASE	 14
#define VLNEXT	 15
#define VEOL2	 16

/* c_iflag */
#define IGNBRK	0000001u
#define BRKINT	0000002u
#define IGNPAR	0000004u
#define PARMRK	0000010u
#define INPCK	0000020u
#define ISTRIP	0000040u
#define INLCR	0000100u
#define IGNCR	0000200u
#define ICRNL	0000400u
#define IUCLC	0001000u
#define IXON	0002000u
#define IXANY	0004000u
#define IXOFF	0010000u
#define IMAXBEL 0020000u
#define IUTF8	0040000u

/* c_oflag */
#define OPOST  0000001u
#define OLCUC  0000002u
#define ONLCR  0000004u
#define OCRNL  0000010u
#define ONOCR  0000020u
#define ONLRET 0000040u
#define OFILL  0000100u
#define OFDEL  0000200u
#define TABDLY 0014000u
#define TAB3   0014000u
#define XTABS  0014000u

/* c_cflag */
#define CBAUD	0010017u
#define B0	0000000u
#define B9600	0000015u
#define B19200	0000016u
#define B38400	0000017u
#define B57600	0010001u
#define B115200 0010002u
#define CSIZE	0000060u
#define CS5	0000000u
#define CS6	0000020u
#define CS7	0000040u
#define CS8	0000060u
#define CSTOPB	0000100u
#define CREAD	0000200u
#define PARENB	0000400u
#define PARODD	0001000u
#define HUPCL	0002000u
#define CLOCAL	0004000u
#define CRTSCTS 020000000000u

/* c_lflag */
#define ISIG	0000001u
#define ICANON	0000002u
#define XCASE	0000004u
#define ECHO	0000010u
#define ECHOE	0000020u
#define ECHOK	0000040u
#define ECHONL	0000100u
#define NOFLSH	0000200u
#define TOSTOP	0000400u
#define ECHOCTL 0001000u
#define ECHOPRT 0002000u
#define ECHOKE	0004000u
#define FLUSHO	0010000u
#define PENDIN	0040000u
#define IEXTEN	0100000u
#define EXTPROC 0200000u

/* Control calls. */
#define TCGETS	    0x5401u
#define TCSETS	    0x5402u
#define TCSETSW	    0x5403u
#define TCSETSF	    0x5404u
#define TCSBRK	    0x5409u
#define TCXONC	    0x540au
#define TCFLSH	    0x540bu
#define TIOCEXCL    0x540cu
#define TIOCNXCL    0x540du
#define TIOCSCTTY   0x540eu
#define TIOCGPGRP   0x540fu
#define TIOCSPGRP   0x5410u
#define TIOCOUTQ    0x5411u
#define TIOCSTI	    0x5412u
#define TIOCGWINSZ  0x5413u
#define TIOCSWINSZ  0x5414u
#define TIOCMGET    0x5415u
#define TIOCMBIS    0x5416u
#define TIOCMBIC    0x5417u
#define TIOCMSET    0x5418u
#define TIOCLINUX   0x541cu
#define TIOCCONS    0x541du
#define TIOCNOTTY   0x5422u
#define TIOCSETD    0x5423u
#define TIOCGETD    0x5424u
#define TCSBRKP	    0x5425u
#define TIOCSBRK    0x5427u
#define TIOCCBRK    0x5428u
#define TIOCGSID    0x5429u
#define TCGETS2	    0x802c542au
#define TCSETS2	    0x402c542bu
#define TCSETSW2    0x402c542cu
#define TCSETSF2    0x402c542du
#define TIOCGPTN    0x80045430u
#define TIOCSPTLCK  0x40045431u
#define TIOCGDEV    0x80045432u
#define TIOCVHANGUP 0x5437u

/* TCXONC, TCFLSH */
#define TCOOFF	  0
#define TCOON	  1
#define TCIOFF	  2
#define TCION	  3
#define TCIFLUSH  0
#define TCOFLUSH  1
#define TCIOFLUSH 2
