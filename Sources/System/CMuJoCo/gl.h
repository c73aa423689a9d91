// An OpenGL context without a window, by EGL: what MuJoCo's renderer draws in. The library is looked for when it is
// asked for, so that nothing is linked; all state is in the caller's structure.
#include <dlfcn.h>
#include <stddef.h>

typedef struct {
  void *library, *display, *context;
  unsigned (*make_current)(void *display, void *draw, void *read, void *context);
} forage_gl;

// Opens a context. Returns NULL, or why there is none.
static inline const char *forage_gl_open(forage_gl *gl) {
  // Global, since the engine looks for eglGetProcAddress among what is loaded.
  gl->library = dlopen("libEGL.so.1", RTLD_NOW | RTLD_GLOBAL);
  if (!gl->library) return "libEGL.so.1 is not installed";
  void *(*platform_display)(unsigned, void *, const void *) =
      (void *(*)(unsigned, void *, const void *))dlsym(gl->library, "eglGetPlatformDisplay");
  void *(*get_display)(void *) = (void *(*)(void *))dlsym(gl->library, "eglGetDisplay");
  unsigned (*initialize)(void *, int *, int *) =
      (unsigned (*)(void *, int *, int *))dlsym(gl->library, "eglInitialize");
  unsigned (*bind)(unsigned) = (unsigned (*)(unsigned))dlsym(gl->library, "eglBindAPI");
  unsigned (*choose)(void *, const int *, void **, int, int *) =
      (unsigned (*)(void *, const int *, void **, int, int *))dlsym(gl->library, "eglChooseConfig");
  void *(*create)(void *, void *, void *, const int *) =
      (void *(*)(void *, void *, void *, const int *))dlsym(gl->library, "eglCreateContext");
  gl->make_current = (unsigned (*)(void *, void *, void *, void *))dlsym(gl->library, "eglMakeCurrent");
  if (!get_display || !initialize || !bind || !choose || !create || !gl->make_current)
    return "libEGL.so.1 lacks a function";
  // Mesa's platform without any display first, then whatever the system's own is.
  const unsigned surfaceless = 0x31DD, opengl = 0x30A2;
  int major, minor;
  gl->display = platform_display ? platform_display(surfaceless, NULL, NULL) : NULL;
  if (!gl->display || !initialize(gl->display, &major, &minor)) {
    gl->display = get_display(NULL);
    if (!gl->display || !initialize(gl->display, &major, &minor)) return "EGL finds no driver that draws";
  }
  // Renderable type: OpenGL; surface type: a buffer.
  const int wanted[] = {0x3040, 8, 0x3033, 1, 0x3038};
  void *config = NULL;
  int count = 0;
  if (!bind(opengl) || !choose(gl->display, wanted, &config, 1, &count) || count < 1)
    return "EGL's driver has no OpenGL";
  gl->context = create(gl->display, config, NULL, NULL);
  return gl->context ? NULL : "EGL's driver makes no OpenGL context";
}

// Makes the context that of the calling thread. Returns whether it could.
static inline int forage_gl_use(forage_gl *gl) {
  return gl->make_current(gl->display, NULL, NULL, gl->context) != 0;
}
