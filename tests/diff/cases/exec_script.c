/* SPDX-License-Identifier: MIT */
/* Scripts with #!: the interpreter, its one argument, and the script's path. */
#include "diff.h"

static void put_script(const char *path, const char *text)
{
	put_file(path, text);
	must(chmod(path, 0755));
}

static void run(const char *path)
{
	say("-- %s\n", path);
	wait_say("status", child_do({
			 execl(path, "zero", "one", "two words", NULL);
			 say("exec: %s\n", err_name(errno));
			 _exit(90);
		 }));
}

int main(int argc, char **argv)
{
	static char text[600];
	char *slash = strrchr(argv[0], '/');

	if (argc > 1) {
		say("argv0 %s\n", strstr(argv[0], "self") ? "self" : "other");
		for (int i = 1; i < argc; i++)
			say("arg %d [%s]\n", i, argv[i]);
		return 12;
	}
	(void)slash;
	must(symlink(argv[0], "self"));
	put_script("plain", "#!self\n");
	run("plain");
	run("./plain");
	put_script("one-arg", "#!self -a\n");
	run("one-arg");
	put_script("one-long-arg", "#!  self   -a b  c \t \nrest\n");
	run("one-long-arg");
	put_script("no-newline", "#!self last");
	run("no-newline");
	put_script("nested", "#!./one-arg inner\n");
	run("nested");
	put_script("carriage", "#!self\r\n");
	run("carriage");
	put_script("nothing", "#!\n");
	run("nothing");
	put_script("blank", "#!    \n");
	run("blank");
	put_script("missing", "#!/no/such/interpreter\n");
	run("missing");
	put_script("directory", "#!/\n");
	run("directory");
	put_script("loop", "#!./loop\n");
	run("loop");
	put_file("not-executable", "#!self\n");
	run("not-executable");
	put_script("bad-interpreter", "#!./text\n");
	put_script("text", "echo hi\n");
	run("bad-interpreter");
	/* Longer than the 256 bytes that are looked at. */
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text, "#!self ", 7);
	put_script("long-arg", text);
	wait_say("long argument", child_do({
			 int fd = open("long-out", O_WRONLY | O_CREAT, 0644);

			 dup2(fd, 1);
			 execl("long-arg", "zero", NULL);
			 _exit(91);
		 }));
	say_file("long-out");
	memset(text, '/', 300);
	memcpy(text, "#!", 2);
	put_script("long-name", text);
	run("long-name");
	return 0;
}
