// The states of a batch. Pure: the catalog stores these words, and plan.hpp says which follows which.
#pragma once

#include <optional>
#include <string_view>

namespace datasurface::batch {

enum class State { started, ingested, held, failed, committed, discarded };

std::string_view word(State state);
std::optional<State> state_of(std::string_view word);

inline bool is_open(State state)
{
    return state != State::committed && state != State::discarded;
}

} // namespace datasurface::batch
