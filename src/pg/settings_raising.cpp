#include "pg/settings_raising.hpp"

#include <climits>

extern "C" {
#include "utils/varlena.h"
}

namespace datasurface::pg::settings {

Values values;

namespace {

constexpr config_enum_entry merge_engines[] = {
    {"auto", static_cast<int>(MergeEngine::automatic), false},
    {"native", static_cast<int>(MergeEngine::native), false},
    {"sql", static_cast<int>(MergeEngine::sql), false},
    {nullptr, 0, false},
};

constexpr config_enum_entry pulls[] = {
    {"auto", static_cast<int>(Pull::automatic), false},
    {"staged", static_cast<int>(Pull::staged), false},
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
        values.merge_engine,
        {"datasurface.merge_engine", "Engine that merges staged rows into merge tables.",
         "auto takes native, and sql for tables that native cannot serve. With sql, pulls fill staging tables by INSERT."},
        merge_engines, PGC_USERSET);
    define_integer(values.merge_work_mem,
                   {"datasurface.merge_work_mem",
                    "Memory for the native engine's comparison of a dataset, in each process.",
                    "Beyond it the comparison goes on in temporary files."},
                   {1024, MAX_KILOBYTES, GUC_UNIT_KB}, PGC_USERSET);
    define_integer(values.merge_workers,
                   {"datasurface.merge_workers",
                    "Parallel workers that the native engine may use for the comparison of a large dataset.",
                    "0 merges in the caller's process alone. max_parallel_workers limits them all."},
                   {0, 64, 0}, PGC_USERSET);
    define_choice(
        values.pull,
        {"datasurface.pull", "Way of the rows of a pull.",
         "auto compares them as they arrive, where that can be. staged writes all of them to the staging table first."},
        pulls, PGC_USERSET);
}

// PGC_SUSET, because others need what is kept: an ordinary session must not shorten it.
void define_keep()
{
    define_integer(values.keep_operations,
                   {"datasurface.keep_operations", "Time for which operations of reconcile are kept.",
                    "The view datasurface.operations shows them. -1 keeps them for ever."},
                   {-1, INT_MAX, GUC_UNIT_S}, PGC_SUSET);
    define_integer(values.keep_run_ids,
                   {"datasurface.keep_run_ids", "Time for which run ids are kept.",
                    "A run id that is used again after that counts as new. -1 keeps them for ever."},
                   {-1, INT_MAX, GUC_UNIT_S}, PGC_SUSET);
    define_integer(values.keep_unchanged_batches,
                   {"datasurface.keep_unchanged_batches",
                    "Time for which batches that changed nothing or were discarded are kept.",
                    "The newest batch of a stream, and batches that changed something, always are. -1 keeps "
                    "them all for ever."},
                   {-1, INT_MAX, GUC_UNIT_S}, PGC_SUSET);
}

bool check_path(char **value, void **, GucSource)
{
    bool const valid = **value == '\0' || is_absolute_path(*value);
    if (!valid)
        GUC_check_errdetail("It must be an absolute path, or empty.");
    return valid;
}

} // namespace

void define()
{
    define_integer(values.ddl_lock_timeout,
                   {"datasurface.ddl_lock_timeout",
                    "Longest time for which a call of ds_reconcile_schema tries locks that are not free.",
                    "0 tries each once."},
                   {0, INT_MAX, GUC_UNIT_MS}, PGC_USERSET);
    define_integer(
        values.large_table_size,
        {"datasurface.large_table_size",
         "Size of a table from which on readers do not wait while reconcile reads it for a new NOT NULL or key.",
         "The change needs several transactions then."},
        {0, INT_MAX, GUC_UNIT_KB}, PGC_USERSET);
    define_integer(values.max_model_size,
                   {"datasurface.max_model_size", "Largest model document that is read.",
                    "Reading takes at most ten times the document in memory."},
                   {1, most_max_model_size, GUC_UNIT_KB}, PGC_SUSET);
    define_merge();
    define_keep();
    define_integer(values.truncate_threshold,
                   {"datasurface.truncate_threshold",
                    "Size of a staging table above which it is emptied by TRUNCATE and not by DELETE.",
                    "TRUNCATE is only used while nobody else has the table open."},
                   {0, INT_MAX, GUC_UNIT_KB}, PGC_USERSET);
    define_text(values.secrets_directory,
                {"datasurface.secrets_directory",
                 "Directory of this server that holds the files of credentials: passwords for sources.",
                 "A credential of kind files is a directory below it. Empty: there are none."},
                check_path, PGC_SUSET, GUC_SUPERUSER_ONLY);
    define_text(values.trusted_owners,
                {"datasurface.trusted_owners",
                 "Roles whose code may run in the session of a caller who has more rights.",
                 "The owners of stores with functions, triggers or domains of their own, whose batches others run."},
                check_names, PGC_SUSET, GUC_LIST_INPUT);
    MarkGUCPrefixReserved("datasurface");
}

} // namespace datasurface::pg::settings
