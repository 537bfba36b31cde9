// Private to the pg room: the variables of the settings datasurface.*, and their definition.
#pragma once

#include "pg/setting_raising.hpp"
#include "pg/settings.hpp"

namespace datasurface::pg::settings {

struct Values {
    Setting<int> ddl_lock_timeout{5000};
    Setting<int> keep_operations{90 * 24 * 60 * 60};
    Setting<int> keep_run_ids{90 * 24 * 60 * 60};
    Setting<int> keep_unchanged_batches{24 * 60 * 60};
    Setting<int> large_table_size{64 * 1024};
    Setting<int> max_model_size{most_max_model_size};
    Setting<int> merge_engine{static_cast<int>(MergeEngine::automatic)};
    Setting<int> merge_work_mem{256 * 1024};
    Setting<int> merge_workers{1};
    Setting<int> pull{static_cast<int>(Pull::automatic)};
    Setting<char *> secrets_directory{nullptr};
    Setting<char *> trusted_owners{nullptr};
    Setting<int> truncate_threshold{1024};
};
extern Values values;

void define();

} // namespace datasurface::pg::settings
