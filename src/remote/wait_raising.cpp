#include "remote/wait_raising.hpp"

extern "C" {
#include "postgres.h"

#include "miscadmin.h"
#include "storage/fd.h"
#include "storage/latch.h"
#include "utils/wait_event.h"
}

namespace datasurface::remote {

bool wait_for(int socket, For what, long milliseconds)
{
    int events = WL_LATCH_SET | WL_EXIT_ON_PM_DEATH;
    if (what != For::writing)
        events |= WL_SOCKET_READABLE;
    if (what != For::reading)
        events |= WL_SOCKET_WRITEABLE;
    if (milliseconds >= 0)
        events |= WL_TIMEOUT;
    CHECK_FOR_INTERRUPTS();
    int const happened = WaitLatchOrSocket(MyLatch, events, socket, milliseconds, PG_WAIT_EXTENSION);
    if ((happened & WL_LATCH_SET) != 0) {
        ResetLatch(MyLatch);
        CHECK_FOR_INTERRUPTS();
    }
    return (happened & WL_TIMEOUT) == 0;
}

void reserve_file()
{
    if (!AcquireExternalFD())
        ereport(ERROR, (errcode_for_file_access(), errmsg("could not connect to a source: %m"),
                        errhint("Raise max_files_per_process, or the limit of open files of the operating system.")));
}

} // namespace datasurface::remote
