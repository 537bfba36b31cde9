#include "pg/stop_point_raising.hpp"

// As stop_point.cpp: make compiles this again for the test build.
#include "pg/stop_point.hpp"

#ifdef DATASURFACE_STOP_POINTS

#include <csignal>

extern "C" {
#include "postgres.h"

#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
}

namespace datasurface::pg {

StopSettings stop_settings;

namespace {

constexpr int64 wait_lock = 4453;

constexpr config_enum_entry actions[] = {
    {"terminate", SIGTERM, false}, // as pg_terminate_backend does
    {"kill", SIGKILL, false},      // the backend is gone, the server restarts after a crash
    {"stop", SIGQUIT, false},      // the server is stopped at once
    {"error", stop_raises, false}, // as for want of memory
    {"wait", stop_waits, false},   // until nobody holds the advisory lock above
    {nullptr, 0, false},
};

} // namespace

void define_stop_points()
{
    DefineCustomStringVariable("datasurface.stop_at", "Stop point at which to stop (test build).", nullptr,
                               &stop_settings.at, "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("datasurface.stop_action", "How to stop at the stop point (test build).", nullptr,
                             &stop_settings.action, SIGTERM, actions, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

void wait_for_stop_lock()
{
    DirectFunctionCall1(pg_advisory_lock_shared_int8, Int64GetDatum(wait_lock));
    DirectFunctionCall1(pg_advisory_unlock_shared_int8, Int64GetDatum(wait_lock));
}

} // namespace datasurface::pg

#endif
