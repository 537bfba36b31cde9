// Private to definition: checks of the roles that a document names, for all of its parts.
#pragma once

#include <string>

#include "model/report.hpp"
#include "rights/facts.hpp"

namespace datasurface::definition {

struct RightsReport {
    model::Report &problems;
    const std::string &caller; // who loads

    void add(model::Severity severity, const std::string &pointer, const char *code,
             const rights::Refusal &refusal) const
    {
        problems.add({severity, pointer, code, refusal.message, refusal.hint});
    }
};

// before: the present owner; empty: it is new.
void check_owner(const RightsReport &report, const std::string &owner, const std::string &before,
                 const std::string &pointer);

// what: "an operator". An empty name could not be read; the reader has reported it.
void check_role(const RightsReport &report, const std::string &role, const std::string &what,
                const std::string &pointer);

} // namespace datasurface::definition
