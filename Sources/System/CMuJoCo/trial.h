// A model from outside, tried in a process of its own before the program loads it: the engine ends whatever process it
// is in where memory runs out, and a short text can ask for more of memory or time than there is.
#include <fcntl.h>
#include <math.h>
#include <mujoco/mjxmacro.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

// What a model may ask for.
typedef struct {
  long bytes;         // of model and simulation
  long address_space; // while it is compiled, beyond what the program has
  int seconds;        // of a processor, compiling and a first step
  int iterations;     // of a solver
} forage_trial_limits;

// What is reported: a letter, then text. 'R': the engine refuses it; 'L': beyond a limit; 'K': it may be loaded, the
// text is the seconds that a step takes.
static inline void forage_trial_say(int out, char verdict, const char *text) {
  char line[1200];
  int count = snprintf(line, sizeof line, "%c%s", verdict, text);
  if (count >= (int)sizeof line) count = sizeof line - 1;
  while (write(out, line, count) < 0 && errno == EINTR) {}
}

static inline double forage_trial_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + 1e-9 * now.tv_nsec;
}

// The name of the first array of a model with an element that is no finite number; NULL where all are. What the engine
// works out of meshes has such elements in sound models, too.
static inline const char *forage_not_finite(const mjModel *m) {
#define forage_check_mjtNum(name, count) \
  for (size_t i = 0; m->name && strncmp(#name, "mesh_", 5) && i < (size_t)(count); i++) \
    if (!isfinite(m->name[i])) return #name;
#define forage_check_float forage_check_mjtNum
#define forage_check_int(name, count)
#define forage_check_char(name, count)
#define forage_check_mjtByte(name, count)
#define forage_check_uintptr_t(name, count)
  MJMODEL_POINTERS_PREAMBLE(m)
#undef MJ_M
#define MJ_M(n) m->n
#define X(type, name, rows, columns) forage_check_##type(name, (size_t)m->rows * (columns))
  MJMODEL_POINTERS
#undef X
#undef MJ_M
#define MJ_M(n) n
  const double numbers[] = {
      m->opt.impratio, m->opt.tolerance, m->opt.ls_tolerance, m->opt.noslip_tolerance, m->opt.ccd_tolerance,
      m->opt.density, m->opt.viscosity, m->opt.o_margin, m->opt.gravity[0], m->opt.gravity[1], m->opt.gravity[2],
      m->opt.wind[0], m->opt.wind[1], m->opt.wind[2], m->opt.magnetic[0], m->opt.magnetic[1], m->opt.magnetic[2],
      m->stat.extent, m->stat.meanmass, m->stat.center[0], m->stat.center[1], m->stat.center[2]};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) if (!isfinite(numbers[i])) return "option";
  return NULL;
}

// The first thing that the engine warns of while it reads a model, such as a nan that it takes for nothing said.
static inline char *forage_trial_warning(void) {
  static char text[200];
  return text;
}
static void forage_trial_note(const char *message) {
  if (!*forage_trial_warning()) snprintf(forage_trial_warning(), 200, "%s", message);
}

static inline void forage_trial_work(const char *path, forage_trial_limits limits, int out) {
  char text[1100] = "";
  mju_user_warning = forage_trial_note;
  mjModel *m = mj_loadXML(path, NULL, text, 1000);
  if (!m) return forage_trial_say(out, 'R', text);
  if (strstr(forage_trial_warning(), "NaN") || strstr(text, "NaN"))
    return forage_trial_say(out, 'L', "a number in it is nan");
  const struct {
    const char *name;
    int value;
  } counts[] = {{"iterations", m->opt.iterations},         {"ls_iterations", m->opt.ls_iterations},
                {"noslip_iterations", m->opt.noslip_iterations}, {"ccd_iterations", m->opt.ccd_iterations},
                {"sdf_iterations", m->opt.sdf_iterations}, {"sdf_initpoints", m->opt.sdf_initpoints}};
  for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
    if (counts[i].value >= 0 && counts[i].value <= limits.iterations) continue;
    snprintf(text, sizeof text, "its option %s is %d, and may be 0 to %d", counts[i].name, counts[i].value,
             limits.iterations);
    return forage_trial_say(out, 'L', text);
  }
  if (!(m->opt.timestep >= 1e-6 && m->opt.timestep <= 1)) {
    snprintf(text, sizeof text, "its option timestep is %g, and may be 1e-6 to 1 seconds", m->opt.timestep);
    return forage_trial_say(out, 'L', text);
  }
  const char *bad = forage_not_finite(m);
  if (bad) {
    snprintf(text, sizeof text, "a number of its %s is not finite", bad);
    return forage_trial_say(out, 'L', text);
  }
  if ((double)m->narena + (double)m->nbuffer > (double)limits.bytes) {
    snprintf(text, sizeof text, "it asks for %.0f MiB, and may have %ld",
             ((double)m->narena + (double)m->nbuffer) / (1 << 20), limits.bytes >> 20);
    return forage_trial_say(out, 'L', text);
  }
  mjData *d = mj_makeData(m);
  if (!d) return forage_trial_say(out, 'L', "there is no memory for its simulation");
  mj_step(m, d);
  const int steps = 3;
  double start = forage_trial_clock();
  for (int i = 0; i < steps; i++) mj_step(m, d);
  snprintf(text, sizeof text, "%.9f", (forage_trial_clock() - start) / steps);
  forage_trial_say(out, 'K', text);
}

// Begins a trial. Returns the process, whose report is read from `*report` until it ends; -1 where there can be none.
static inline int forage_trial_begin(const char *path, forage_trial_limits limits, int *report) {
  int ends[2];
  if (pipe(ends)) return -1;
  for (int end = 0; end < 2; end++) fcntl(ends[end], F_SETFD, FD_CLOEXEC);
  int parent = getpid(), process = fork();
  if (process) {
    close(ends[1]);
    if (process < 0) close(ends[0]);
    *report = ends[0];
    return process;
  }
  // Ends with the program, whatever ends that, and by the signals that the program itself only takes note of.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(1);
  for (int number = 1; number < 32; number++) signal(number, SIG_DFL);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  int silence = open("/dev/null", O_RDWR);
  for (int stream = 0; stream < 3 && silence >= 0; stream++) dup2(silence, stream);
  long pages = 0;
  FILE *statistics = fopen("/proc/self/statm", "r");
  if (statistics) {
    if (fscanf(statistics, "%ld", &pages) != 1) pages = 0;
    fclose(statistics);
  }
  struct rlimit room = {.rlim_cur = pages * sysconf(_SC_PAGESIZE) + limits.address_space};
  room.rlim_max = room.rlim_cur;
  struct rlimit time = {.rlim_cur = limits.seconds, .rlim_max = limits.seconds + 1}, core = {0, 0};
  // Where it cannot be bounded it is not tried.
  if (!pages || setrlimit(RLIMIT_AS, &room) || setrlimit(RLIMIT_CPU, &time) || setrlimit(RLIMIT_CORE, &core)) _exit(1);
  forage_trial_work(path, limits, ends[1]);
  _exit(0);
}
