#include "change/step.hpp"

namespace datasurface::change {

namespace {

// In the order of the enums.
constexpr std::string_view actions[] = {"record", "create", "alter", "replace", "comment", "drop", "grant", "revoke"};
constexpr std::string_view classes[] = {"safe", "rewrite", "lossy", "refused"};
constexpr std::string_view locks[] = {"", "SHARE UPDATE EXCLUSIVE", "SHARE", "ACCESS EXCLUSIVE"};

} // namespace

std::string_view word(Action action)
{
    return actions[static_cast<std::size_t>(action)];
}

std::string_view word(Class of_step)
{
    return classes[static_cast<std::size_t>(of_step)];
}

std::string_view word(Lock lock)
{
    return locks[static_cast<std::size_t>(lock)];
}

} // namespace datasurface::change
