#include "pg/settings.hpp"

#include "pg/settings_raising.hpp"

namespace datasurface::pg::settings {

int ddl_lock_timeout()
{
    return *values.ddl_lock_timeout.value;
}

int keep_operations()
{
    return *values.keep_operations.value;
}

int keep_run_ids()
{
    return *values.keep_run_ids.value;
}

int keep_unchanged_batches()
{
    return *values.keep_unchanged_batches.value;
}

std::int64_t large_table_size()
{
    return std::int64_t{*values.large_table_size.value} * 1024;
}

int max_model_size()
{
    return *values.max_model_size.value;
}

MergeEngine merge_engine()
{
    return static_cast<MergeEngine>(*values.merge_engine.value);
}

std::size_t merge_work_mem()
{
    return static_cast<std::size_t>(*values.merge_work_mem.value) * 1024;
}

int merge_workers()
{
    return *values.merge_workers.value;
}

Pull pull()
{
    return static_cast<Pull>(*values.pull.value);
}

const char *secrets_directory()
{
    return *values.secrets_directory.value;
}

const char *trusted_owners()
{
    return *values.trusted_owners.value;
}

int truncate_threshold()
{
    return *values.truncate_threshold.value;
}

} // namespace datasurface::pg::settings
