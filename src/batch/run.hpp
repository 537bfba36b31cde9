// What callers ask for.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "batch/steps.hpp"

namespace datasurface::batch {

enum class Outcome { done, keep_working, held, failed };

std::string_view word(Outcome outcome);

// The functions of these names; the design of each is told where SQL declares it.
int start(const std::string &stream, const std::optional<std::string> &run_id);
std::int64_t ingest(const std::string &stream, int batch, std::optional<std::int64_t> rows);
std::vector<Merged> merge_staging(const std::string &stream, int batch);
struct Ran {
    Outcome outcome;
    int batch;
};

// budget: seconds after which no further step is begun. Without a run id the whole batch is one call, whatever the budget.
Ran run(const std::string &stream, const std::optional<std::string> &run_id, std::optional<double> budget);
int require(const std::string &stream, const std::optional<std::string> &run_id);
// Throws the recorded error, or SF017, unless that batch is committed.
void require_batch(const std::string &stream, int batch);
std::string reset(const std::string &stream, int batch, const std::string &if_committed);
void fail(const std::string &stream, int batch, const std::string &reason);
std::optional<int> batch_at(const std::string &stream, const std::string &time);

} // namespace datasurface::batch
