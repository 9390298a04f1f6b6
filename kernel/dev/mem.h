/* SPDX-License-Identifier: MIT */
/* Memory devices. */
#pragma once

/* Boot: registers null, zero, full, random, urandom, kmsg. */
void mem_devices_init(void);
