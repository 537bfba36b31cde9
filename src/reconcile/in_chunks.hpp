// The work of run in transactions of its own, for a model of any size: each commits some datasets or sinks, so locks are held for a
// short time, and what is done stays done.
#pragma once

#include <optional>
#include <string>

#include "change/tables.hpp"

namespace datasurface::reconcile {

// store: as for run. chunk: datasets or sinks of a transaction. Throws, when everything else is done and committed, if something
// failed.
void in_chunks(const std::optional<std::string> &store, int chunk, const change::Allowed &allowed, bool is_atomic);

} // namespace datasurface::reconcile
