#include "pg/stop_point.hpp"

#ifdef DATASURFACE_STOP_POINTS

#include <csignal>
#include <cstring>
#include <unistd.h>

#include "pg/boundary.hpp"

extern "C" {
#include "fmgr.h"
#include "utils/builtins.h"
#include "utils/guc.h"
}

namespace datasurface::pg {

namespace {

// Beside signals.
constexpr int wait = 0;
constexpr int error = -1;

// While somebody holds this advisory lock, who waits at a stop point waits.
constexpr int64 wait_lock = 4453;

char *stop_at = nullptr;
int stop_action = 0;

constexpr config_enum_entry actions[] = {
    {"terminate", SIGTERM, false}, // as pg_terminate_backend does
    {"kill", SIGKILL, false},      // the backend is gone, the server restarts after a crash
    {"stop", SIGQUIT, false},      // the server is stopped at once
    {"error", error, false},       // as for want of memory
    {"wait", wait, false},         // until nobody holds the advisory lock above
    {nullptr, 0, false},
};

void wait_for_lock()
{
    DirectFunctionCall1(pg_advisory_lock_shared_int8, Int64GetDatum(wait_lock));
    DirectFunctionCall1(pg_advisory_unlock_shared_int8, Int64GetDatum(wait_lock));
}

} // namespace

void define_stop_points()
{
    DefineCustomStringVariable("datasurface.stop_at", "Stop point at which to stop (test build).", nullptr, &stop_at,
                               "", PGC_USERSET, 0, nullptr, nullptr, nullptr);
    DefineCustomEnumVariable("datasurface.stop_action", "How to stop at the stop point (test build).", nullptr,
                             &stop_action, SIGTERM, actions, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

void stop_point(const char *name)
{
    if (stop_at == nullptr || strcmp(stop_at, name) != 0)
        return;
    if (stop_action == wait)
        return call(wait_for_lock);
    if (stop_action == error)
        call([] { ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"))); });
    kill(stop_action == SIGQUIT ? PostmasterPid : MyProcPid, stop_action);
    // the signal arrives while we wait here; nothing after this point may run
    for (;;) {
        usleep(1000);
        call([] { CHECK_FOR_INTERRUPTS(); });
    }
}

} // namespace datasurface::pg

#endif
