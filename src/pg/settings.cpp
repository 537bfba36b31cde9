#include "pg/settings.hpp"

#include <climits>

#include "pg/boundary.hpp"

extern "C" {
#include "utils/guc.h"
}

namespace datasurface::pg::settings {

namespace {

int ddl_lock_timeout_value = 5000;
int max_model_size_value = 256 * 1024;
int truncate_threshold_value = 1024;

} // namespace

void define()
{
    DefineCustomIntVariable("datasurface.ddl_lock_timeout",
                            "Longest wait for a lock by each DDL statement of ds_reconcile_schema.",
                            "0 waits without end.", &ddl_lock_timeout_value, 5000, 0, INT_MAX, PGC_USERSET, GUC_UNIT_MS,
                            nullptr, nullptr, nullptr);
    DefineCustomIntVariable("datasurface.max_model_size", "Largest model document that is read.",
                            "A document takes about ten times its size in memory while it is read.",
                            &max_model_size_value, 256 * 1024, 1, 256 * 1024, PGC_SUSET, GUC_UNIT_KB, nullptr, nullptr,
                            nullptr);
    DefineCustomIntVariable("datasurface.truncate_threshold",
                            "Size of a staging table above which it is emptied by TRUNCATE and not by DELETE.",
                            "TRUNCATE is only used while nobody else has the table open.", &truncate_threshold_value,
                            1024, 0, INT_MAX, PGC_USERSET, GUC_UNIT_KB, nullptr, nullptr, nullptr);
    MarkGUCPrefixReserved("datasurface");
}

int ddl_lock_timeout()
{
    return ddl_lock_timeout_value;
}

int max_model_size()
{
    return max_model_size_value;
}

int truncate_threshold()
{
    return truncate_threshold_value;
}

} // namespace datasurface::pg::settings
