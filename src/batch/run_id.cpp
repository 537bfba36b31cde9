#include "batch/run_id.hpp"

#include "base/error.hpp"
#include "base/sqlstate.hpp"
#include "base/text.hpp"

namespace datasurface::batch {

namespace {

constexpr std::size_t longest_run_id = 255; // bytes of UTF-8; an index holds it

// Of Jinja, shells and Python.
bool is_template(const std::string &run_id)
{
    for (const char *const mark : {"{{", "{%", "${", "%("})
        if (run_id.find(mark) != std::string::npos)
            return true;
    return false;
}

} // namespace

void check_run_id(const std::optional<std::string> &run_id)
{
    if (!run_id)
        return;
    if (is_blank(*run_id))
        throw Error(
            sqlstate::invalid_parameter_value, "the run_id must not be blank",
            "All calls with the same run_id mean the same batch, and an empty variable would always be the same.",
            "Give each run an id of its own, or leave run_id out.");
    if (is_template(*run_id))
        throw Error(
            sqlstate::invalid_parameter_value, "the run_id is a template that was not rendered",
            "It is " + shown(*run_id) +
                ". All calls with the same run_id mean the same batch, and a template would always be the same.",
            "Pass it where the scheduler renders templates; in Airflow, in the parameters of an operator.");
    if (run_id->size() > longest_run_id)
        throw Error(sqlstate::invalid_parameter_value, "the run_id is too long",
                    "It has " + std::to_string(run_id->size()) + " bytes in UTF-8; " + std::to_string(longest_run_id) +
                        " are allowed.",
                    "Shorten it, for instance to a hash of itself.");
}

} // namespace datasurface::batch
