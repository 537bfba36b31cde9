#include "pg/settings.hpp"

#include <climits>

#include "pg/setting.hpp"

extern "C" {
#include "utils/varlena.h"
}

namespace datasurface::pg::settings {

namespace {

Setting<int> ddl_lock_timeout_setting{5000};
Setting<int> keep_run_ids_setting{90 * 24 * 60 * 60};
Setting<int> keep_unchanged_batches_setting{24 * 60 * 60};
Setting<int> max_model_size_setting{most_max_model_size};
Setting<int> merge_engine_setting{static_cast<int>(MergeEngine::automatic)};
Setting<int> merge_work_mem_setting{256 * 1024};
Setting<int> merge_workers_setting{1};
Setting<char *> trusted_owners_setting{nullptr};
Setting<int> truncate_threshold_setting{1024};

constexpr config_enum_entry merge_engines[] = {
    {"auto", static_cast<int>(MergeEngine::automatic), false},
    {"native", static_cast<int>(MergeEngine::native), false},
    {"sql", static_cast<int>(MergeEngine::sql), false},
    {nullptr, 0, false},
};

bool check_names(char **value, void **, GucSource)
{
    List *names = NIL;
    char *const copy = pstrdup(*value);
    bool const valid = SplitIdentifierString(copy, ',', &names);
    list_free(names);
    pfree(copy);
    if (!valid)
        GUC_check_errdetail("It must be a list of role names, separated by commas.");
    return valid;
}

void define_merge()
{
    define_choice(
        merge_engine_setting,
        {"datasurface.merge_engine", "Engine that merges staged rows into merge tables.",
         "auto takes native, and sql for tables that native cannot serve. With sql, pulls fill staging tables by INSERT."},
        merge_engines, PGC_USERSET);
    define_integer(merge_work_mem_setting,
                   {"datasurface.merge_work_mem",
                    "Memory for the native engine's comparison of a dataset, in each process.",
                    "Beyond it the comparison goes on in temporary files."},
                   {1024, MAX_KILOBYTES, GUC_UNIT_KB}, PGC_USERSET);
    define_integer(merge_workers_setting,
                   {"datasurface.merge_workers",
                    "Parallel workers that the native engine may use for the comparison of a large dataset.",
                    "0 merges in the caller's process alone. max_parallel_workers limits them all."},
                   {0, 64, 0}, PGC_USERSET);
}

// What is kept is for all who work with a stream, so one session cannot shorten it.
void define_keep()
{
    define_integer(keep_run_ids_setting,
                   {"datasurface.keep_run_ids", "Time for which run ids are kept.",
                    "A run id that is used again after that counts as new. -1 keeps them for ever."},
                   {-1, INT_MAX, GUC_UNIT_S}, PGC_SUSET);
    define_integer(keep_unchanged_batches_setting,
                   {"datasurface.keep_unchanged_batches", "Time for which batches that changed nothing are kept.",
                    "The newest batch of a stream, and batches that changed something, always are. -1 keeps "
                    "them all for ever."},
                   {-1, INT_MAX, GUC_UNIT_S}, PGC_SUSET);
}

} // namespace

void define()
{
    define_integer(ddl_lock_timeout_setting,
                   {"datasurface.ddl_lock_timeout",
                    "Longest time for which a call of ds_reconcile_schema tries locks that are not free.",
                    "0 tries each once."},
                   {0, INT_MAX, GUC_UNIT_MS}, PGC_USERSET);
    define_integer(max_model_size_setting,
                   {"datasurface.max_model_size", "Largest model document that is read.",
                    "Reading takes at most ten times the document in memory."},
                   {1, most_max_model_size, GUC_UNIT_KB}, PGC_SUSET);
    define_merge();
    define_keep();
    define_integer(truncate_threshold_setting,
                   {"datasurface.truncate_threshold",
                    "Size of a staging table above which it is emptied by TRUNCATE and not by DELETE.",
                    "TRUNCATE is only used while nobody else has the table open."},
                   {0, INT_MAX, GUC_UNIT_KB}, PGC_USERSET);
    define_list(trusted_owners_setting,
                {"datasurface.trusted_owners",
                 "Roles whose code may run in the session of a caller who has more rights.",
                 "The owners of stores with functions, triggers or domains of their own, whose batches others run."},
                check_names, PGC_SUSET);
    MarkGUCPrefixReserved("datasurface");
}

int ddl_lock_timeout()
{
    return *ddl_lock_timeout_setting.value;
}

int keep_run_ids()
{
    return *keep_run_ids_setting.value;
}

int keep_unchanged_batches()
{
    return *keep_unchanged_batches_setting.value;
}

int max_model_size()
{
    return *max_model_size_setting.value;
}

MergeEngine merge_engine()
{
    return static_cast<MergeEngine>(*merge_engine_setting.value);
}

std::size_t merge_work_mem()
{
    return static_cast<std::size_t>(*merge_work_mem_setting.value) * 1024;
}

int merge_workers()
{
    return *merge_workers_setting.value;
}

const char *trusted_owners()
{
    return *trusted_owners_setting.value;
}

int truncate_threshold()
{
    return *truncate_threshold_setting.value;
}

} // namespace datasurface::pg::settings
