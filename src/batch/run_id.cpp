#include "batch/run_id.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"
#include "batch/plan_placeholder.hpp"

namespace datasurface::batch {

namespace {

constexpr std::size_t longest_run_id = 255; // bytes of UTF-8; an index holds it

constexpr char always_the_same[] = "All calls with the same run_id mean the same batch, and ";

[[noreturn]] void refuse(const std::string &what, const std::string &detail, const std::string &hint)
{
    throw Error(sqlstate::invalid_parameter_value, "the run_id " + what, detail, hint);
}

void refuse_placeholder(const std::string &run_id)
{
    std::string const it = "It is " + shown(run_id) + ". " + always_the_same;
    switch (find_placeholder(run_id)) {
    case Placeholder::none:
        return;
    case Placeholder::no_value:
        refuse("is " + shown(run_id) + ", which stands for no value",
               std::string(always_the_same) + "this one would be the same in each run.",
               "Set the variable, give each run an id of its own, or leave run_id out.");
    case Placeholder::shell:
        refuse("has a variable that was not expanded", it + "this text would be the same in each run.",
               "In a shell use double quotes, so that the shell expands the variable. A scheduler that runs no shell "
               "expands none.");
    case Placeholder::unrendered:
        refuse(
            "is a template that was not rendered", it + "a template would always be the same.",
            "Pass it where it is rendered: in Airflow in the parameters of an operator, in a program as a bound value.");
    }
}

} // namespace

void check_run_id(const std::optional<std::string> &run_id)
{
    if (!run_id)
        return;
    if (is_blank(*run_id))
        refuse("must not be blank", std::string(always_the_same) + "an empty variable would always be the same.",
               "Give each run an id of its own, or leave run_id out.");
    if (run_id->size() > longest_run_id)
        refuse("is too long",
               "It has " + std::to_string(run_id->size()) + " bytes in UTF-8; " + std::to_string(longest_run_id) +
                   " are allowed.",
               "Shorten it, for instance to a hash of itself.");
    refuse_placeholder(*run_id);
}

} // namespace datasurface::batch
