/* SPDX-License-Identifier: MIT */
/*
 * The frame of a Linux signal handler, and the way back from it.
 *
 * From high to low addresses: the 128 bytes below the stack pointer that the
 * interrupted function may use; the FPU image, 64-byte aligned; struct
 * linux_rt_sigframe so that the handler finds the stack as after a call.
 * What comes back is the program's word: segments and flags are cleaned, the
 * FPU image is checked before it can be loaded.
 */
#include <abi/linux/signal.h>
#include <arch/context.h>
#include <arch/mmu.h>
#include <lib/atomic.h>
#include <mm/slab.h>
#include <proc/signal.h>

#include "linux_impl.h"

#define FLAG_TF	  UINT64_C(0x100)
#define FLAG_DF	  UINT64_C(0x400)
#define FLAG_RF	  UINT64_C(0x10000)
#define FPU_ALIGN 64u
#define TRAP_PAGE 14u

static bool on_stack(const struct sig_stack *s, vaddr_t sp)
{
	return s->size != 0 && sp > s->sp && sp - s->sp <= s->size;
}

/*
 * Where the frame goes: *@fp for the FPU image, *@frame for the rest.
 * -EFAULT when an alternate stack is too small.
 */
static err_t place(const struct regs *r, const struct sig_action *act,
		   const struct sig_stack *alt, vaddr_t *fp, vaddr_t *frame)
{
	bool armed = (alt->flags & SS_DISABLE) == 0 && alt->size != 0;
	bool on_alt = armed && (alt->flags & INT32_MIN) == 0 &&
		      on_stack(alt, r->rsp);
	vaddr_t sp = r->rsp - LINUX_RED_ZONE;

	if ((act->flags & SA_ONSTACK) && armed && !on_alt) {
		sp = alt->sp + alt->size;
		on_alt = true;
	}
	*fp = align_down(sp - fpu_user_size(), FPU_ALIGN);
	*frame = align_down(*fp - sizeof(struct linux_rt_sigframe), 16) - 8;
	if (on_alt && !on_stack(alt, *frame))
		return -EFAULT;
	return *frame < sp ? 0 : -EFAULT;
}

static void fill_context(struct linux_sigcontext *c, const struct regs *r,
			 const struct sig_info *info)
{
	*c = (struct linux_sigcontext){
		.r8 = r->r8,
		.r9 = r->r9,
		.r10 = r->r10,
		.r11 = r->r11,
		.r12 = r->r12,
		.r13 = r->r13,
		.r14 = r->r14,
		.r15 = r->r15,
		.rdi = r->rdi,
		.rsi = r->rsi,
		.rbp = r->rbp,
		.rbx = r->rbx,
		.rdx = r->rdx,
		.rax = r->rax,
		.rcx = r->rcx,
		.rsp = r->rsp,
		.rip = r->rip,
		.eflags = r->rflags,
		.cs = (uint16_t)r->cs,
		.ss = (uint16_t)r->ss,
	};
	if (info->kind != SIG_KIND_FAULT)
		return;
	c->trapno = info->trapno;
	if (r->vector == info->trapno)
		c->err = r->error;
	if (info->trapno == TRAP_PAGE)
		c->cr2 = info->value;
}

static err_t push_fpu(vaddr_t to)
{
	size_t size = fpu_user_size();
	void *image = kmalloc(size);
	err_t err;

	if (image == NULL)
		return -EFAULT;
	thread_fpu_sync();
	fpu_to_user_image(image, current_thread()->fpu);
	err = copy_to_user(UPTR(void, to), image, size);
	kfree(image);
	return err;
}

static err_t push_frame(struct regs *r, const struct sig_info *info,
			const struct sig_action *act, sigset_bits old_mask,
			const struct sig_stack *alt, bool on_alt)
{
	struct linux_rt_sigframe f;
	vaddr_t fp, frame;
	err_t err;

	(void)on_alt;
	if ((act->flags & SA_RESTORER) == 0)
		return -EFAULT;
	err = place(r, act, alt, &fp, &frame);
	if (err)
		return err;
	f.pretcode = act->restorer;
	f.uc.uc_flags = UC_FP_XSTATE | UC_SIGCONTEXT_SS | UC_STRICT_RESTORE_SS;
	f.uc.uc_link = 0;
	f.uc.uc_stack =
		(struct linux_stack){ alt->sp, alt->flags, 0, alt->size };
	fill_context(&f.uc.uc_mcontext, r, info);
	f.uc.uc_mcontext.oldmask = old_mask;
	f.uc.uc_mcontext.fpstate = fp;
	f.uc.uc_sigmask = old_mask;
	siginfo_to_linux(info, &f.info);
	err = copy_to_user(UPTR(void, frame), &f, sizeof(f));
	if (err == 0)
		err = push_fpu(fp);
	if (err)
		return err;
	/* The handler starts with the reset state, as on Linux. */
	fpu_init_state(current_thread()->fpu);
	thread_fpu_changed();
	r->rdi = (uint64_t)info->signo;
	r->rsi = frame + offsetof(struct linux_rt_sigframe, info);
	r->rdx = frame + offsetof(struct linux_rt_sigframe, uc);
	r->rax = 0;
	r->rip = act->handler;
	r->rsp = frame;
	r->rflags &= ~(FLAG_DF | FLAG_RF | FLAG_TF);
	regs_touch(r);
	return 0;
}

static void take_context(struct regs *r, const struct linux_sigcontext *c)
{
	r->r8 = c->r8;
	r->r9 = c->r9;
	r->r10 = c->r10;
	r->r11 = c->r11;
	r->r12 = c->r12;
	r->r13 = c->r13;
	r->r14 = c->r14;
	r->r15 = c->r15;
	r->rdi = c->rdi;
	r->rsi = c->rsi;
	r->rbp = c->rbp;
	r->rbx = c->rbx;
	r->rdx = c->rdx;
	r->rax = c->rax;
	r->rcx = c->rcx;
	r->rsp = c->rsp;
	r->rip = c->rip;
	r->rflags = c->eflags;
	/* No restart of whatever rax looks like. */
	r->error = UINT64_MAX;
	regs_touch(r);
	regs_sanitize_user(r);
}

static err_t take_fpu(vaddr_t from)
{
	struct thread *t = current_thread();
	size_t size = fpu_user_size();
	void *image;
	err_t err;

	if (from == 0) {
		fpu_init_state(t->fpu);
		thread_fpu_changed();
		return 0;
	}
	image = kmalloc(size);
	if (image == NULL)
		return -ENOMEM;
	err = copy_from_user(image, UPTR_CONST(void, from), size);
	if (err == 0) {
		thread_fpu_sync();
		err = fpu_from_user_image(t->fpu, image, size);
		thread_fpu_changed();
	}
	kfree(image);
	return err;
}

int64_t linux_rt_sigreturn(struct regs *r)
{
	vaddr_t frame = r->rsp - sizeof(uint64_t);
	struct linux_ucontext uc;
	struct sig_stack ss, old;
	err_t err;

	err = get_user(
		&uc,
		UPTR_CONST(struct linux_ucontext,
			   frame + offsetof(struct linux_rt_sigframe, uc)));
	if (err)
		goto bad;
	signal_set_mask(uc.uc_sigmask & ~(SIGBIT(SIGKILL) | SIGBIT(SIGSTOP)));
	take_context(r, &uc.uc_mcontext);
	err = take_fpu(uc.uc_mcontext.fpstate);
	if (err)
		goto bad;
	/* What does not fit is left as it was, as on Linux. */
	ss = (struct sig_stack){ uc.uc_stack.ss_sp, uc.uc_stack.ss_size,
				 uc.uc_stack.ss_flags };
	err = signal_altstack(&ss, r->rsp, LINUX_MINSIGSTKSZ, &old);
	return (int64_t)r->rax;
bad:
	signal_force(SIGSEGV, SI_KERNEL, 0, 0);
	return 0;
}

void signal_frame_init(void)
{
	signal_frame_ops.push = push_frame;
}
