// Private to stop_point.cpp: the settings of the test build, and its waiting.
#pragma once

namespace datasurface::pg {

struct StopSettings {
    char *at = nullptr;
    int action = 0; // a signal, or one of these:
};
extern StopSettings stop_settings;
inline constexpr int stop_waits = 0;
inline constexpr int stop_raises = -1;

#ifdef DATASURFACE_STOP_POINTS
void define_stop_points();
#else
inline void define_stop_points() {}
#endif

// While somebody holds the advisory lock 4453.
void wait_for_stop_lock();

} // namespace datasurface::pg
