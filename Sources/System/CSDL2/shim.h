// By its folder, where Debian and /usr/local have it: what pkg-config says of SDL holds a flag that SwiftPM refuses
// with a warning at every build.
#define SDL_MAIN_HANDLED
#include <SDL2/SDL.h>
#include <SDL2/SDL_ttf.h>
#include <SDL2/SDL_image.h>
