// What brakes, checks and references found in a batch, and what people decided of it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "catalog/batch.hpp"
#include "model/rules.hpp"

namespace datasurface::catalog {

// release: no rule is broken, but a release found other changes than those that were held. source: its snapshot is older than the last.
enum class RuleKind { brake, check, reference, release, source };
std::string_view word(RuleKind kind);

struct Finding {
    int dataset_id = 0;
    RuleKind kind = RuleKind::brake;
    std::string rule;
    model::Action action = model::Action::hold; // off: of a brake that is nearly reached
    std::int64_t count = 0;
    std::optional<std::int64_t> total; // of a brake
    std::string threshold;             // of a brake: what the model allows, in words
    std::string keys;                  // of a check or reference
    std::string message;               // what people read, without the keys
};

std::vector<Finding> findings_of(const Batch &batch);
// Replaces those of the batch.
void save_findings(const Batch &batch, const std::vector<Finding> &findings);

// Why the batch is held, as the view batches says it.
std::string held_because(const std::string &stream, int batch);

enum class Decision { release, discard, replace };

// outcome: published, held or discarded.
void save_decision(const Batch &batch, Decision decision, const std::string &outcome, const std::string &decided_by,
                   const std::string &reason);

struct Decided {
    std::string decision;
    std::string outcome;
    std::string decided_by;
    std::string decided_at;
    std::string reason;
};
std::optional<Decided> newest_decision(int stream_id, int batch_id);

// Rows of the dataset that the newest committed snapshots staged, on average; no value before there is one.
std::optional<double> usual_rows(int stream_id, int dataset_id);

} // namespace datasurface::catalog
