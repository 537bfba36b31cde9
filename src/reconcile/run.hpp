// Changes the database to match the model. Each dataset and each view is changed completely or not at all. One that fails
// does not stop the others.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "change/tables.hpp"

namespace datasurface::reconcile {

struct Timing {
    std::int64_t started = 0;               // microseconds since 1970
    std::optional<std::int64_t> taken = {}; // microseconds; nothing: it failed
};

struct Result {
    std::string object;
    std::string action; // what was done, or waiting, or failed
    std::string statement;
    std::string error; // SQLSTATE and message
    std::string detail;
    std::string hint;
    std::string cost = {};             // the word of its class
    bool in_next_transaction = false;  // it waits for what is done to be committed, and for nothing else
    std::optional<Timing> timing = {}; // of what was executed
};

inline constexpr std::string_view failed = "failed";
inline constexpr std::string_view waiting = "waiting";

// Reconciles what the caller may reconcile. store: only this store and the views of its datasets; throws 42501 when the caller
// may not reconcile it. plan: the fingerprint that show answered; throws SF004 when the plan is another one now, and no step is taken that
// it does not have.
std::vector<Result> run(const std::string &caller, const std::optional<std::string> &store,
                        const change::Allowed &allowed, const std::optional<std::string> &plan);

} // namespace datasurface::reconcile
