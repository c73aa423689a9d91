// The engine's version stands here and nowhere else: scripts/mujoco reads it from this file.
#define FORAGE_MUJOCO_VERSION 330
#define FORAGE_MUJOCO_VERSION_TEXT "3.3.0"

#if !__has_include(<mujoco/mujoco.h>)
#error "MuJoCo 3.3.0 is not installed. Fix: scripts/mujoco, or build with --traits Viewer,NetHack"
#endif
#include <mujoco/mujoco.h>
#include "gl.h"

// Structures differ between versions: one version's headers with another's library crash at the first field.
#if mjVERSION_HEADER != FORAGE_MUJOCO_VERSION
#error "these headers are not those of MuJoCo 3.3.0. Fix: scripts/mujoco, or build with --traits Viewer,NetHack"
#endif

// Instability is told by counters; without this the engine also writes it to a file in the working folder.
static void forage_mujoco_ignore(const char *message) { (void)message; }
static inline void forage_mujoco_be_quiet(void) { mju_user_warning = forage_mujoco_ignore; }
#include <errno.h>
#include "trial.h"
