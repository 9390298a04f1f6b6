/* SPDX-License-Identifier: MIT */
/*
 * exec: a new program for a process.
 *
 * Everything that can fail happens on the side: the file is found, its
 * segments and stack are built in an address space of their own.  Then the
 * other threads end, and the parts are exchanged; nothing after that fails.
 */
#include <arch/cpu.h>
#include <debug/trace.h>
#include <lib/assert.h>
#include <lib/err.h>
#include <lib/string.h>
#include <mm/aspace.h>
#include <mm/slab.h>
#include <mm/ucopy.h>
#include <mm/uio.h>
#include <ns/ns.h>
#include <obj/desc.h>
#include <obj/handles.h>

#include "exec_impl.h"
#include "proc_impl.h"

#define HEAD_BYTES  256 /* what decides the format, as on Linux */
#define SCRIPT_DEEP 5

/* Opens a program for execution: a regular file that may be executed. */
static err_t open_program(const struct path *start, const char *path,
			  unsigned walk_flags, struct desc **out)
{
	struct proc *p = current_proc();
	struct walk w = { p->fs, current_cred(), start };
	struct path found;
	err_t err;

	err = ns_walk(&w, path, walk_flags, &found);
	if (err)
		return err;
	if (node_is(found.node, MODE_LNK))
		err = -ELOOP;
	else if (!node_is(found.node, MODE_REG) ||
		 (found.mnt->flags & MNT_NOEXEC) != 0)
		err = -EACCES;
	if (!err)
		err = node_permission(found.node, w.cred, 1);
	if (!err)
		err = ns_open_exec(&w, &found, out);
	path_put(&found);
	return err;
}

/*
 * "#! interpreter [argument]": the line is cut at the first newline or at
 * the end of the first bytes; the argument is one word, spaces and all.
 */
static err_t script_line(char *head, size_t len, char **interp, char **arg)
{
	char *p = head + 2, *end = memchr(head, '\n', len);

	if (len == HEAD_BYTES)
		len--; /* Linux keeps the last byte for a terminator */
	if (end == head + len)
		end = NULL;
	if (end == NULL) {
		end = head + len;
		/* A name that may be cut off must not be run. */
		while (p < end && (*p == ' ' || *p == '\t'))
			p++;
		while (p < end && *p != ' ' && *p != '\t' && *p != '\0')
			p++;
		if (p == end && len == HEAD_BYTES - 1)
			return -ENOEXEC;
		p = head + 2;
	}
	while (end > p && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	*end = '\0';
	while (*p == ' ' || *p == '\t')
		p++;
	if (*p == '\0')
		return -ENOEXEC;
	*interp = p;
	*arg = NULL;
	while (*p != '\0' && *p != ' ' && *p != '\t')
		p++;
	if (*p == '\0')
		return 0;
	*p++ = '\0';
	while (*p == ' ' || *p == '\t')
		p++;
	if (*p != '\0')
		*arg = p;
	return 0;
}

/*
 * Follows scripts to a binary.  @head holds its first bytes on success,
 * *name the path that was last opened (in @interp_buf or @path).
 */
static err_t find_binary(const struct path *start, const char *path,
			 unsigned walk_flags, struct exec_strings *args,
			 struct desc **exe, char *head, size_t *head_len,
			 char *interp_buf)
{
	const char *script = path;
	char *interp, *arg;
	struct uio uio;
	int64_t n;
	unsigned depth;
	err_t err;

	err = open_program(start, path, walk_flags, exe);
	for (depth = 0; !err; depth++) {
		memset(head, 0, HEAD_BYTES + 1);
		uio_init_kernel(&uio, head, HEAD_BYTES);
		n = desc_read_at(*exe, &uio, 0);
		if (n < 0)
			err = (err_t)n;
		if (err)
			break;
		*head_len = (size_t)n;
		if (n < 2 || head[0] != '#' || head[1] != '!')
			return 0;
		if (depth == SCRIPT_DEEP) {
			err = -ELOOP;
			break;
		}
		err = script_line(head, (size_t)n, &interp, &arg);
		if (err)
			break;
		if (depth == 0)
			exec_strings_drop_first(args);
		else
			exec_strings_drop_prefix(args);
		err = exec_strings_prepend(args, script);
		if (!err && arg != NULL)
			err = exec_strings_prepend(args, arg);
		if (!err)
			err = exec_strings_prepend(args, interp);
		if (err)
			break;
		str_copy(interp_buf, HEAD_BYTES, interp);
		script = interp_buf;
		desc_put(*exe);
		*exe = NULL;
		err = open_program(NULL, interp_buf, 0, exe);
	}
	return err;
}

/* Set-uid and set-gid bits of the file; what the new program runs as. */
static err_t new_creds(struct exec_image *im, struct cred **out)
{
	const struct cred *old = current_cred();
	struct node *n = im->exe->node;
	struct cred *c = cred_dup(old);

	if (c == NULL)
		return -ENOMEM;
	if ((im->exe->mnt->flags & MNT_NOSUID) == 0 &&
	    !thread_attr(current_thread())->no_new_privs) {
		if ((n->attr.mode & MODE_SUID) != 0)
			c->euid = n->attr.uid;
		if ((n->attr.mode & (MODE_SGID | 0010u)) == (MODE_SGID | 0010u))
			c->egid = n->attr.gid;
	}
	c->suid = c->fsuid = c->euid;
	c->sgid = c->fsgid = c->egid;
	im->uid = c->uid;
	im->euid = c->euid;
	im->gid = c->gid;
	im->egid = c->egid;
	im->secure = c->euid != c->uid || c->egid != c->gid;
	*out = c;
	return 0;
}

static void base_name(const char *path, char out[16])
{
	const char *slash = strrchr(path, '/');

	(void)str_copy(out, 16, slash != NULL ? slash + 1 : path);
}

/* Ends every other thread; the caller takes over the leader's id. */
static err_t become_only_thread(struct proc *p)
{
	struct thread *self = current_thread();
	err_t err = 0;

	spin_lock(&p->lock);
	if (p->group_exit || p->exec_thread != NULL) {
		spin_unlock(&p->lock);
		return -EAGAIN;
	}
	p->exec_thread = self;
	proc_kill_threads_locked(p, self);
	while (p->nthreads > 1 && !err)
		err = waitq_sleep_killable(&p->thread_wq, &p->lock, WAIT_HELD);
	p->exec_thread = NULL;
	if (!err && p->leader != self) {
		int32_t old = self->tid;

		p->leader = self;
		self->tid = p->pid;
		spin_unlock(&p->lock);
		pid_hide(old);
		pid_release(old);
		pid_publish(p->pid, p, self);
		return 0;
	}
	spin_unlock(&p->lock);
	return err;
}

/* Private copies of what exec changes but others may share. */
static err_t unshare_parts(struct proc *p)
{
	struct sig *old = p->sig, *sig;
	err_t err;

	err = proc_unshare_handles();
	if (err)
		return err;
	if (ref_read(&old->ref) > 1) {
		err = sig_copy(old, &sig);
		if (err)
			return err;
		spin_lock(&p->sig_lock);
		p->sig = sig;
		spin_unlock(&p->sig_lock);
		sig_put(old);
	}
	return 0;
}

/* The exchange.  Consumes @im's references and @c; cannot fail. */
static void commit(struct proc *p, struct exec_image *im, struct cred *c)
{
	struct thread *t = current_thread();
	struct uthread *u = uthread_of(t);
	struct aspace *old_as = p->aspace;
	struct desc *old_exe = p->exe;
	struct regs *r = current_regs();

	proc_robust_exit();
	spin_lock(&p->lock);
	p->aspace = im->aspace;
	p->exe = im->exe;
	p->arg_start = im->arg_start;
	p->arg_end = im->arg_end;
	p->env_start = im->env_start;
	p->env_end = im->env_end;
	p->code_start = im->code_start;
	p->code_end = im->code_end;
	p->data_start = im->data_start;
	p->data_end = im->data_end;
	p->stack_start = im->sp;
	p->brk_start = im->brk;
	memcpy(p->auxv, im->auxv, sizeof(p->auxv));
	p->nauxv = im->nauxv;
	p->dumpable = !im->secure;
	spin_unlock(&p->lock);
	t->aspace = im->aspace;
	aspace_activate(im->aspace);
	aspace_put(old_as);
	if (old_exe != NULL)
		desc_put(old_exe);

	if (proc_hooks.exec != NULL)
		proc_hooks.exec(p);
	u->attr.keep_caps = false;
	proc_set_cred(p, c);
	thread_set_name(t, im->name);
	sig_reset_for_exec(p->sig);
	u->altstack = (struct sig_stack){ .flags = 2 };
	u->clear_child_tid = 0;
	handles_close_on_exec(p->handles);

	t->bases = (struct segbases){ 0, 0 };
	segbases_load(&t->bases);
	fpu_init_state(t->fpu);
	thread_fpu_changed();
	regs_init_user(r, im->entry, im->sp);
	trace(TR_EXEC, (uint64_t)p->pid, 0, 0);
	proc_exec_done(p);
}

static void image_fini(struct exec_image *im)
{
	if (im->aspace != NULL)
		aspace_put(im->aspace);
	if (im->exe != NULL)
		desc_put(im->exe);
	kfree(im->elf);
}

static void limits_to_aspace(struct proc *p, struct aspace *as)
{
	struct aspace_limits l = { proc_limit(p, LIMIT_AS),
				   proc_limit(p, LIMIT_DATA),
				   proc_limit(p, LIMIT_STACK) };

	aspace_set_limits(as, &l);
}

struct exec_buffers {
	char head[HEAD_BYTES + 1];
	char interp[HEAD_BYTES];
	struct exec_image im;
};

static err_t build(const struct path *start, const char *path,
		   struct exec_strings *args, unsigned walk_flags,
		   struct exec_buffers *b, struct cred **c)
{
	struct exec_image *im = &b->im;
	size_t head_len;
	err_t err;

	im->elf = kzalloc(sizeof(*im->elf));
	if (im->elf == NULL)
		return -ENOMEM;
	/* An empty argv becomes {""}, as on Linux since 5.18. */
	if (exec_strings_argc(args) == 0) {
		err = exec_strings_add(args, false, "", 0);
		if (err)
			return err;
	}
	err = find_binary(start, path, walk_flags, args, &im->exe, b->head,
			  &head_len, b->interp);
	if (!err)
		err = aspace_create(&im->aspace);
	if (err)
		return err;
	limits_to_aspace(current_proc(), im->aspace);
	im->execfn = path;
	base_name(path, im->name);
	err = new_creds(im, c);
	if (!err)
		err = exec_load(im, b->head, head_len);
	if (!err)
		err = exec_build_stack(im, args);
	return err;
}

err_t proc_exec(const struct path *start, const char *path,
		struct exec_strings *args, unsigned walk_flags)
{
	struct proc *p = current_proc();
	struct exec_buffers *b = kzalloc(sizeof(*b));
	struct cred *c = NULL;
	bool alone = false;
	err_t err;

	if (b == NULL)
		return -ENOMEM;
	err = build(start, path, args, walk_flags, b, &c);
	if (!err) {
		alone = proc_thread_count(p) == 1;
		err = become_only_thread(p);
	}
	if (!err) {
		err = unshare_parts(p);
		if (err && !alone)
			err = -EINVAL; /* the others are gone: no way back */
	}
	if (err) {
		if (c != NULL)
			cred_put(c);
		image_fini(&b->im);
		kfree(b);
		/*
		 * Segments that cannot be: Linux is past its last return.
		 * The caller frees what it has, and then it ends.
		 */
		if (err == -EINVAL)
			proc_kill(p, 11); /* SIGSEGV */
		return err;
	}
	commit(p, &b->im, c);
	kfree(b->im.elf);
	kfree(b);
	return 0;
}

/* --- the first process --- */

struct first_program {
	const char *path;
	const char *const *argv;
	const char *const *envp;
	err_t err;
};

static err_t add_all(struct exec_strings *s, bool env, const char *const *list)
{
	err_t err = 0;

	for (; *list != NULL && !err; list++)
		err = exec_strings_add(s, env, *list, strlen(*list));
	return err;
}

/* Runs as pid 1's first thread, in the kernel, and turns into its program. */
static void first_thread(void *arg)
{
	struct first_program *f = arg;
	struct exec_strings *args;
	err_t err;

	err = exec_strings_create(&args);
	if (err)
		panic("first process: no memory");
	err = add_all(args, false, f->argv);
	if (!err)
		err = add_all(args, true, f->envp);
	if (!err)
		err = proc_exec(NULL, f->path, args, 0);
	exec_strings_destroy(args);
	if (err) {
		f->err = err;
		proc_exit((err == -ENOENT ? 127 : 126) << 8);
	}
	kfree(f);
	irq_disable();
	user_enter(current_regs());
}

err_t proc_start_init(struct proc *p, const char *path, const char *const *argv,
		      const char *const *envp)
{
	struct first_program *f = kzalloc(sizeof(*f));
	struct thread *t;
	err_t err;

	if (f == NULL)
		return -ENOMEM;
	*f = (struct first_program){ path, argv, envp, 0 };
	err = uthread_create(p, "init", &t);
	if (err) {
		kfree(f);
		return err;
	}
	uthread_of(t)->cred = cred_get(p->cred);
	t->tid = p->pid;
	t->aspace = p->aspace;
	err = thread_set_kernel_start(t, first_thread, f);
	if (err) {
		thread_destroy_new(t);
		kfree(f);
		return err;
	}
	spin_lock(&proc_tree_lock);
	spin_lock(&p->lock);
	list_add_tail(&p->threads, &t->proc_link);
	p->nthreads = 1;
	p->leader = t;
	p->exit_signal = 17;
	proc_set_state_locked(p, PROC_LIVE);
	spin_unlock(&p->lock);
	spin_unlock(&proc_tree_lock);
	handles_user_add(p->handles);
	proc_get(p);
	pid_publish(p->pid, p, t);
	proc_count_add();
	thread_start(t);
	thread_put(t); /* it keeps itself now */
	return 0;
}
