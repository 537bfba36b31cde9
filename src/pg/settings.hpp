// The settings datasurface.*, read as plain values.
#pragma once

#include <cstddef>
#include <cstdint>

namespace datasurface::pg::settings {

enum class MergeEngine { automatic, native, sql };
enum class Pull { automatic, staged };

int ddl_lock_timeout();                                // milliseconds; 0 tries once
int keep_operations();                                 // seconds; -1 for ever
int keep_run_ids();                                    // seconds; -1 for ever
int keep_unchanged_batches();                          // seconds; -1 for ever
std::int64_t large_table_size();                       // bytes
int max_model_size();                                  // kB
inline constexpr int most_max_model_size = 256 * 1024; // kB
MergeEngine merge_engine();
std::size_t merge_work_mem(); // bytes
int merge_workers();          // beside the process that merges
Pull pull();
const char *secrets_directory(); // an absolute path, or empty
const char *trusted_owners();    // list of role names, as SQL writes them
int truncate_threshold();        // kB

} // namespace datasurface::pg::settings
