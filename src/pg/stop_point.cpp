#include "pg/stop_point.hpp"

#ifdef DATASURFACE_STOP_POINTS

#include <csignal>
#include <cstring>
#include <unistd.h>

#include "pg/boundary.hpp"
#include "pg/stop_point_raising.hpp"

namespace datasurface::pg {

void stop_point(const char *name)
{
    if (stop_settings.at == nullptr || strcmp(stop_settings.at, name) != 0)
        return;
    if (stop_settings.action == stop_waits)
        return call(wait_for_stop_lock);
    if (stop_settings.action == stop_raises)
        call([] { ereport(ERROR, (errcode(ERRCODE_OUT_OF_MEMORY), errmsg("out of memory"))); });
    kill(stop_settings.action == SIGQUIT ? PostmasterPid : MyProcPid, stop_settings.action);
    // the signal arrives while we wait here; nothing after this point may run
    for (;;) {
        usleep(1000);
        call([] { CHECK_FOR_INTERRUPTS(); });
    }
}

} // namespace datasurface::pg

#endif
