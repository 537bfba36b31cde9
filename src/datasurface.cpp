// The library: its magic block and what happens when a backend loads it.
#include "guard/hooks.hpp"
#include "pg/boundary.hpp"
#include "pg/settings_raising.hpp"
#include "pg/stop_point.hpp" // so that make compiles this again for the test build
#include "pg/stop_point_raising.hpp"

extern "C" {
#include "fmgr.h"

PG_MODULE_MAGIC;

PGDLLEXPORT void _PG_init(void);

void _PG_init(void)
{
    datasurface::pg::define_stop_points();
    datasurface::pg::settings::define();
    datasurface::guard::install();
}
}
