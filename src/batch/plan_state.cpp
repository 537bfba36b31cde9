#include "batch/plan_state.hpp"

#include <array>
#include <cstddef>

namespace datasurface::batch {

namespace {

constexpr std::array<std::string_view, 6> words = {"started", "ingested", "held", "failed", "committed", "discarded"};

} // namespace

std::string_view word(State state)
{
    return words[static_cast<std::size_t>(state)];
}

std::optional<State> state_of(std::string_view word)
{
    for (std::size_t i = 0; i < words.size(); ++i)
        if (words[i] == word)
            return static_cast<State>(i);
    return std::nullopt;
}

} // namespace datasurface::batch
