#include "pg/settings.hpp"

#include <climits>

#include "pg/boundary.hpp"

extern "C" {
#include "utils/guc.h"
#include "utils/varlena.h"
}

namespace datasurface::pg::settings {

namespace {

int ddl_lock_timeout_value = 5000;
int keep_run_ids_value = 90 * 24 * 60 * 60;
int keep_unchanged_batches_value = 24 * 60 * 60;
int max_model_size_value = most_max_model_size;
int merge_engine_value = static_cast<int>(MergeEngine::automatic);
int merge_work_mem_value = 256 * 1024;
int merge_workers_value = 1;
char *trusted_owners_value = nullptr;
int truncate_threshold_value = 1024;

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
    DefineCustomEnumVariable(
        "datasurface.merge_engine", "Engine that merges staged rows into merge tables.",
        "auto takes native, and sql for tables that native cannot serve. With sql, pulls fill staging tables by INSERT.",
        &merge_engine_value, static_cast<int>(MergeEngine::automatic), merge_engines, PGC_USERSET, 0, nullptr, nullptr,
        nullptr);
    DefineCustomIntVariable("datasurface.merge_work_mem",
                            "Memory for the native engine's comparison of a dataset, in each process.",
                            "Beyond it the comparison goes on in temporary files.", &merge_work_mem_value, 256 * 1024,
                            1024, MAX_KILOBYTES, PGC_USERSET, GUC_UNIT_KB, nullptr, nullptr, nullptr);
    DefineCustomIntVariable("datasurface.merge_workers",
                            "Parallel workers that the native engine may use for the comparison of a large dataset.",
                            "0 merges in the caller's process alone. max_parallel_workers limits them all.",
                            &merge_workers_value, 1, 0, 64, PGC_USERSET, 0, nullptr, nullptr, nullptr);
}

// What is kept is for all who work with a stream, so one session cannot shorten it.
void define_keep()
{
    DefineCustomIntVariable("datasurface.keep_run_ids", "Time for which run ids are kept.",
                            "A run id that is used again after that counts as new. -1 keeps them for ever.",
                            &keep_run_ids_value, 90 * 24 * 60 * 60, -1, INT_MAX, PGC_SUSET, GUC_UNIT_S, nullptr,
                            nullptr, nullptr);
    DefineCustomIntVariable("datasurface.keep_unchanged_batches",
                            "Time for which batches that changed nothing are kept.",
                            "The newest batch of a stream, and batches that changed something, always are. -1 keeps "
                            "them all for ever.",
                            &keep_unchanged_batches_value, 24 * 60 * 60, -1, INT_MAX, PGC_SUSET, GUC_UNIT_S, nullptr,
                            nullptr, nullptr);
}

} // namespace

void define()
{
    DefineCustomIntVariable("datasurface.ddl_lock_timeout",
                            "Longest time for which a call of ds_reconcile_schema tries locks that are not free.",
                            "0 tries each once.", &ddl_lock_timeout_value, 5000, 0, INT_MAX, PGC_USERSET, GUC_UNIT_MS,
                            nullptr, nullptr, nullptr);
    DefineCustomIntVariable("datasurface.max_model_size", "Largest model document that is read.",
                            "Reading takes at most ten times the document in memory.", &max_model_size_value,
                            most_max_model_size, 1, most_max_model_size, PGC_SUSET, GUC_UNIT_KB, nullptr, nullptr,
                            nullptr);
    define_merge();
    define_keep();
    DefineCustomIntVariable("datasurface.truncate_threshold",
                            "Size of a staging table above which it is emptied by TRUNCATE and not by DELETE.",
                            "TRUNCATE is only used while nobody else has the table open.", &truncate_threshold_value,
                            1024, 0, INT_MAX, PGC_USERSET, GUC_UNIT_KB, nullptr, nullptr, nullptr);
    DefineCustomStringVariable(
        "datasurface.trusted_owners", "Roles whose code may run in the session of a caller who has more rights.",
        "The owners of stores with functions, triggers or domains of their own, whose batches others run.",
        &trusted_owners_value, "", PGC_SUSET, GUC_LIST_INPUT, check_names, nullptr, nullptr);
    MarkGUCPrefixReserved("datasurface");
}

int ddl_lock_timeout()
{
    return ddl_lock_timeout_value;
}

int keep_run_ids()
{
    return keep_run_ids_value;
}

int keep_unchanged_batches()
{
    return keep_unchanged_batches_value;
}

int max_model_size()
{
    return max_model_size_value;
}

MergeEngine merge_engine()
{
    return static_cast<MergeEngine>(merge_engine_value);
}

std::size_t merge_work_mem()
{
    return static_cast<std::size_t>(merge_work_mem_value) * 1024;
}

int merge_workers()
{
    return merge_workers_value;
}

const char *trusted_owners()
{
    return trusted_owners_value;
}

int truncate_threshold()
{
    return truncate_threshold_value;
}

} // namespace datasurface::pg::settings
